"""From a file of task tests to its :class:`TestFile`; everything that is wrong with it at once, with its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from holkas.model.finding import Finding, Place
from holkas.model.path import PathPart
from holkas.task_tests.codes import SHAPE, TOGETHER, UNKNOWN
from holkas.task_tests.decoding import decode_case, decode_match
from holkas.task_tests.definition import Case, TestFile
from holkas.yaml import Source, YamlError, load_documents, locate

SHARED = ("task", "params", "workspaces", "stubs", "configMaps", "secrets", "timeout")
"""Keys that a file may say once for all of its tests."""

_TYPES = {"string": "a text", "integer": "a whole number", "boolean": "true or false", "object": "a mapping",
          "array": "a list", "number": "a number", "null": "nothing"}  # fmt: skip


def read_tests(source: Source, directory: Path) -> tuple[TestFile | None, list[Finding]]:
    """The tests of a file, or what is wrong with it. directory: where the file lies; its paths begin there."""
    try:
        documents = load_documents(source)
    except YamlError as error:
        return None, [error.finding]
    if len(documents) != 1:
        place = Place(source=source.name)
        return None, [_finding(SHAPE, "a file of task tests is one YAML document", place)]
    value: Any = documents[0].value
    findings = _check(value, source.name) or [*_together(value, source.name)]
    if findings:
        return None, findings
    manifests = tuple(directory / name for name in value["manifests"])
    cases = [_case(value, index, directory, source) for index in range(len(value["tests"]))]
    return TestFile(name=source.name, manifests=manifests, cases=tuple(cases)), []


def _case(value: Mapping[str, Any], index: int, directory: Path, source: Source) -> Case:
    own = value["tests"][index]
    merged = {**own}
    for key in SHARED:
        if key in value and isinstance(value[key], dict):
            merged[key] = {**value[key], **own.get(key, {})}
        elif key in value:
            merged.setdefault(key, value[key])
    place = Place(source=source.name, path=("tests", index, "name"))
    return replace(decode_case(merged, directory), line=locate(source, place).line)


def _check(value: Any, source: str) -> list[Finding]:
    import jsonschema

    from holkas.task_tests.schema import SCHEMA

    validator = jsonschema.Draft202012Validator(SCHEMA)
    errors = sorted(
        validator.iter_errors(value), key=lambda error: [str(part) for part in error.absolute_path]
    )
    return [finding for error in errors for finding in _told(error, source)]


def _told(error: Any, source: str) -> Iterator[Finding]:
    path: tuple[PathPart, ...] = tuple(error.absolute_path)
    where = _spoken(path)
    if error.validator == "anyOf" and error.context:
        deeper = [
            one for one in error.context if len(one.absolute_path) > len(path) or one.validator != "type"
        ]
        meant = [one for one in deeper if isinstance(error.instance, dict)]
        if meant:
            for one in meant:
                yield from _told(one, source)
            return
        forms = " or ".join(
            dict.fromkeys(_article(one.validator_value) for one in error.context if one.validator == "type")
        )
        yield _finding(
            SHAPE, f"{where} wants {forms}, not {error.instance!r}", Place(source=source, path=path)
        )
    elif error.validator == "additionalProperties":
        known = list(error.schema.get("properties", {}))
        for key in error.instance:
            if key not in known:
                close = get_close_matches(str(key), known, 1)
                hint = f"did you mean {close[0]}?" if close else f"it has {', '.join(known)}"
                place = Place(source=source, path=(*path, key), on_key=True)
                yield _finding(UNKNOWN, f"{where} has no {key}", place, hint)
    elif error.validator == "required":
        missing = [key for key in error.validator_value if key not in error.instance]
        yield _finding(SHAPE, f"{where} wants {', '.join(missing)}", Place(source=source, path=path))
    elif error.validator == "type":
        message = f"{where} wants {_article(error.validator_value)}, not {error.instance!r}"
        yield _finding(SHAPE, message, Place(source=source, path=path))
    elif error.validator == "enum":
        options = ", ".join(str(option) for option in error.validator_value)
        yield _finding(
            SHAPE, f"{where} is one of {options}, not {error.instance!r}", Place(source=source, path=path)
        )
    else:
        hint = error.schema.get("description", "")
        message = f"{where} is not written as it should be: {error.instance!r}"
        yield _finding(SHAPE, message, Place(source=source, path=path), hint)


def _together(value: Mapping[str, Any], source: str) -> Iterator[Finding]:
    names = Counter(test["name"] for test in value["tests"])
    for index, test in enumerate(value["tests"]):
        path: tuple[PathPart, ...] = ("tests", index)
        if names[test["name"]] > 1:
            names[test["name"]] = 0  # told once
            message = f"two tests have the name {test['name']!r}"
            yield _finding(TOGETHER, message, Place(source=source, path=(*path, "name")))
        expect = test.get("expect", {})
        known = {*value.get("stubs", {}), *test.get("stubs", {})}
        for name in expect.get("stubs", {}):
            if name not in known:
                place = Place(source=source, path=(*path, "expect", "stubs", name), on_key=True)
                yield _finding(TOGETHER, f"there is no stub {name}", place, f"put {name} under stubs")
        yield from _patterns(expect, (*path, "expect"), source)
    yield from _paths(value, (), source)
    for index, test in enumerate(value["tests"]):
        yield from _paths(test, ("tests", index), source)


def _paths(node: Mapping[str, Any], path: tuple[PathPart, ...], source: str) -> Iterator[Finding]:
    """Names of stubs and files that would lie elsewhere."""
    for name in node.get("stubs", {}):
        if "/" in name or name in ("", ".", "..") or "\0" in name:
            place = Place(source=source, path=(*path, "stubs", name), on_key=True)
            yield _finding(TOGETHER, f"a stub is called by its name alone, not {name!r}", place)
    expected = node.get("expect", {}).get("workspaces", {})
    for keys, names in ((("workspaces",), node.get("workspaces", {})), (("expect", "workspaces"), expected)):
        for name in names:
            if "/" in name or name in ("", ".", "..") or "\0" in name:
                place = Place(source=source, path=(*path, *keys, name), on_key=True)
                yield _finding(TOGETHER, f"{name!r} is no name of a workspace", place)
    files = [("workspaces", name, "files", each) for name, each in node.get("workspaces", {}).items()]
    found = [((*path, *keys[:3]), file) for keys in files for file in keys[3].get("files", {})]
    found += [
        ((*path, "expect", "workspaces", name), file) for name, each in expected.items() for file in each
    ]
    for at, file in found:
        if file.startswith("/") or ".." in file.split("/") or not file or "\0" in file:
            message = f"the path {file!r} leaves its workspace"
            yield _finding(TOGETHER, message, Place(source=source, path=(*at, file), on_key=True))


def _patterns(node: Any, path: tuple[PathPart, ...], source: str) -> Iterator[Finding]:
    """Regular expressions that cannot be read."""
    import re

    if isinstance(node, dict):
        match = decode_match(node) if isinstance(node.get("matches"), str) else None
        try:
            re.compile(match.matches if match is not None else "")
        except (re.error, OverflowError, RecursionError) as error:
            place = Place(source=source, path=(*path, "matches"))
            yield _finding(SHAPE, f"this is no regular expression: {error}", place)
        for key, item in node.items():
            yield from _patterns(item, (*path, key), source)
    elif isinstance(node, list):
        for index, item in enumerate(node):
            yield from _patterns(item, (*path, index), source)


def _spoken(path: tuple[PathPart, ...]) -> str:
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text or "the file"


def _article(kind: Any) -> str:
    return " or ".join(_TYPES[one] for one in ([kind] if isinstance(kind, str) else kind))


def _finding(code: str, message: str, place: Place, hint: str = "") -> Finding:
    return Finding(code=code, message=message, place=place, hint=hint)
