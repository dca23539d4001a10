"""From holkas.yaml to a :class:`ProjectDefinition`; everything that is wrong with it at once, with its place."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from holkas.config.delivery_decoding import decode
from holkas.config.errors import ConfigError
from holkas.config.sections import SECTIONS
from holkas.delivery.definition import ProjectDefinition
from holkas.model.finding import Finding, Place
from holkas.model.path import PathPart


def load_definition(path: Path | None, project: Path) -> ProjectDefinition:
    """The project's definition. path: its holkas.yaml, None where there is none. project: its directory.

    Raises ConfigError with every finding.
    """
    from holkas.yaml import Source, YamlError, load_documents

    name = path.name if path is not None and path.parent == Path.cwd() else str(path)
    if path is None:
        place = Place(source=str(project / "holkas.yaml"))
        raise ConfigError(
            [_finding("C006", "there is no holkas.yaml: nothing says what is to be delivered", place)]
        )
    source = Source(name, path.read_bytes())
    try:
        documents = load_documents(source)
    except YamlError as error:
        raise ConfigError([error.finding]) from error
    value = documents[0].value if documents else None
    sections = (
        {key: item for key, item in value.items() if key in SECTIONS} if isinstance(value, dict) else {}
    )
    findings = check_sections(sections, name)
    if not findings:
        definition = decode(sections, project, path.parent, name, findings)
        if not findings:
            return definition
    raise ConfigError(findings)


def check_sections(sections: Mapping[str, Any], source: str) -> list[Finding]:
    """What does not fit the schema."""
    import jsonschema

    from holkas.config.delivery_schema import SCHEMA

    schema = {"type": "object", "properties": SCHEMA, "additionalProperties": False}
    validator = jsonschema.Draft202012Validator(schema)
    errors = sorted(
        validator.iter_errors(sections), key=lambda error: [str(part) for part in error.absolute_path]
    )
    return [finding for error in errors for finding in _findings(error, source)]


def _findings(error: Any, source: str) -> list[Finding]:
    path: tuple[PathPart, ...] = tuple(error.absolute_path)
    where = _spoken(path)
    if error.validator == "anyOf" and error.context:
        return _best(error, source)
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = list(error.schema.get("properties", {}))
        return [
            _finding("C001", f"{where} has no setting {key}", Place(source=source, path=(*path, key), on_key=True),
                     _close(key, known))
            for key in error.instance if key not in known
        ]  # fmt: skip
    place = Place(source=source, path=path)
    if error.validator == "required":
        missing = [key for key in error.validator_value if key not in error.instance]
        return [_finding("C004", f"{where} wants {key}", place) for key in missing]
    if error.validator == "enum":
        options = [str(option) for option in error.validator_value]
        message = f"{where} is one of {', '.join(options)}, not {error.instance!r}"
        return [_finding("C003", message, place, _close(str(error.instance), options))]
    if error.validator == "type":
        return [
            _finding(
                "C002", f"{where} wants {_article(error.validator_value)}, not {error.instance!r}", place
            )
        ]
    if error.validator == "not":
        return [_finding("C003", f"{where} may not be {error.instance!r}", place)]
    meaning = error.schema.get("description", "")
    return [_finding("C003", f"{where} is not written as it should be: {error.instance!r}", place, meaning)]


def _best(error: Any, source: str) -> list[Finding]:
    """Of several forms the one that was meant: a mapping stands for the mapping."""
    mapping = isinstance(error.instance, dict)
    meant = [
        one for one in error.context if (one.validator != "type") or one.absolute_path != error.absolute_path
    ]
    fits = [one for one in meant if mapping == (one.schema_path[0] != 0)] or meant or [error.context[0]]
    return [finding for one in fits for finding in _findings(one, source)]


def _spoken(path: tuple[PathPart, ...]) -> str:
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text or "holkas.yaml"


def _article(kind: Any) -> str:
    words = {"string": "a text", "integer": "a whole number", "boolean": "true or false", "object": "a mapping",
             "array": "a list", "number": "a number"}  # fmt: skip
    return " or ".join(words[one] for one in ([kind] if isinstance(kind, str) else kind))


def _close(word: str, known: list[str]) -> str:
    close = get_close_matches(word, known, 1)
    return f"did you mean {close[0]}?" if close else ""


def _finding(code: str, message: str, place: Place, hint: str = "") -> Finding:
    return Finding(code=code, message=message, place=place, hint=hint)
