"""Judges what one layer says, setting by setting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from holkas.config.config import Entry, Origin
from holkas.config.sections import SECTIONS
from holkas.config.settings import BY_KEY, PLUGINS, Setting
from holkas.model.finding import Finding, Place
from holkas.model.path import PathPart

_TYPES: Mapping[str, type] = {"string": str, "integer": int, "boolean": bool}
_WORDS = {
    "true": True,
    "yes": True,
    "on": True,
    "1": True,
    "false": False,
    "no": False,
    "off": False,
    "0": False,
}


def check_file(path: Path, layer: str, findings: list[Finding]) -> dict[str, Entry]:
    """The values of a file; what is wrong with it is added to ``findings``."""
    from holkas.yaml import Source, YamlError, load_documents, locate

    try:
        source = Source.read(path)
        documents = load_documents(source)
    except YamlError as error:
        findings.append(error.finding)
        return {}
    if not documents or (len(documents) == 1 and documents[0].value is None):
        return {}
    value = documents[0].value
    if len(documents) > 1 or not isinstance(value, dict):
        place = Place(source=source.name, document=documents[-1].index)
        findings.append(_finding("C002", "holkas.yaml holds one mapping of settings", place))
        return {}
    entries: dict[str, Entry] = {}
    for keys, leaf in _leaves({key: item for key, item in value.items() if key not in SECTIONS}, ()):
        key = ".".join(str(part) for part in keys)
        place = Place(source=source.name, path=keys)
        fault = _dotted(keys, place) or _fault(key, leaf, place)
        if fault is not None:
            findings.append(fault)
            continue
        if key not in BY_KEY and len(keys) < 4:
            continue  # a group that holds nothing
        entries[key] = Entry(leaf, Origin(layer, str(path), locate(source, place).line))
    return entries


def check_text(
    key: str, text: str, origin: Origin, entries: dict[str, Entry], findings: list[Finding]
) -> None:
    """A value that comes as text, from a variable or a flag; converted to the setting's type."""
    place = Place(source=origin.name or origin.layer)
    setting = BY_KEY.get(key)
    value: Any = text
    if setting is not None and setting.type == "integer":
        with suppress(ValueError):  # it stays a text, which the check of types then refuses
            value = int(text)
    elif setting is not None and setting.type == "boolean":
        value = _WORDS.get(text.lower(), text)
    fault = _fault(key, value, place)
    if fault is not None:
        findings.append(fault)
    else:
        entries[key] = Entry(value, origin)


def _leaves(
    node: Mapping[Any, Any], path: tuple[PathPart, ...]
) -> Iterator[tuple[tuple[PathPart, ...], Any]]:
    """Settings with their paths; a plugin's own values are leaves whatever their shape."""
    for key, value in node.items():
        own = (*path, str(key))
        in_plugins = own[0] == PLUGINS and len(own) >= 4
        if isinstance(value, dict) and value and not in_plugins:
            yield from _leaves(value, own)
        else:
            yield own, value


def _dotted(keys: tuple[PathPart, ...], place: Place) -> Finding | None:
    """``run.jobs: 3`` in one key: understood nowhere else (the JSON Schema, other tools), so not here either."""
    if keys[0] == PLUGINS or not any("." in str(key) for key in keys):
        return None
    nested = ": { ".join(".".join(map(str, keys)).split("."))
    message = f"there is no setting with a dot in its key, {keys[-1]!r}"
    return _finding("C001", message, replace(place, on_key=True), f"write {nested}: … }}")


def _fault(key: str, value: Any, place: Place) -> Finding | None:
    setting = BY_KEY.get(key)
    if setting is None:
        return _unknown(key, value, place)
    wanted = _TYPES[setting.type]
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        return _finding("C002", f"{key} wants {_article(setting)}, not {value!r}", place)
    if setting.choices and value not in setting.choices:
        from difflib import get_close_matches

        close = get_close_matches(str(value), setting.choices, 1)
        hint = f"did you mean {close[0]}?" if close else ""
        return _finding("C003", f"{key} is one of {', '.join(setting.choices)}, not {value!r}", place, hint)
    if setting.minimum is not None and isinstance(value, int) and value < setting.minimum:
        return _finding("C003", f"{key} is at least {setting.minimum}, not {value}", place)
    return None


def _unknown(key: str, value: Any, place: Place) -> Finding | None:
    parts = key.split(".")
    if parts[0] == PLUGINS:
        if len(parts) >= 4 or value in (None, {}):
            return None
        return _finding("C002", f"{key} wants a mapping: plugins.<hook>.<provider>.<setting>", place)
    if any(known.startswith(f"{key}.") for known in BY_KEY):
        return (
            None if value in (None, {}) else _finding("C002", f"{key} wants a mapping, not {value!r}", place)
        )
    from difflib import get_close_matches

    close = get_close_matches(key, [*BY_KEY, PLUGINS, *SECTIONS], 1)
    hint = f"did you mean {close[0]}?" if close else "holkas schema prints all settings"
    return _finding("C001", f"there is no setting {key}", replace(place, on_key=True), hint)


def _article(setting: Setting) -> str:
    return {"string": "a text", "integer": "a whole number", "boolean": "true or false"}[setting.type]


def _finding(code: str, message: str, place: Place, hint: str = "") -> Finding:
    return Finding(code=code, message=message, place=place, hint=hint)
