"""The JSON Schema of a file of task tests."""

from __future__ import annotations

from typing import Any

_TEXT = {"type": "string"}
_SCALAR = {"type": ["string", "number", "boolean"]}
_TEXTS = {"type": "array", "items": _SCALAR}
_DURATION = {
    "type": "string",
    "pattern": r"^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$",
    "description": "a time as 90s or 1m30s",
}


def _object(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**schema, "required": list(required)} if required else schema


def _map(values: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": values}


_PARTS = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}
_VALUE = {"anyOf": [_SCALAR, _TEXTS, _map(_SCALAR)]}
_MATCH_KEYS: dict[str, Any] = {
    "equals": {**_VALUE, "description": "The whole of it; for a result of type object a mapping."},
    "contains": {**_PARTS, "description": "A part of the text, or several."},
    "excludes": {**_PARTS, "description": "What must not be in the text."},
    "matches": {**_TEXT, "description": "A regular expression (Python's) that is found in the text."},
}
_MATCH = {"anyOf": [_SCALAR, _TEXTS, _object(**_MATCH_KEYS)]}
_TEXT_MATCH = {"anyOf": [_TEXT, _object(**_MATCH_KEYS)]}
_FILE_MATCH = {"anyOf": [_TEXT, _object(**_MATCH_KEYS, exists={"type": "boolean"})]}
_CODE = {"type": "integer", "minimum": 0, "maximum": 255}
_ANSWER: dict[str, Any] = {
    "stdout": {**_TEXT, "description": "What it prints."},
    "stderr": {**_TEXT, "description": "What it prints to standard error."},
    "exitCode": {**_CODE, "description": "How it ends; 0 where nothing is said."},
}

_STUB = _object(
    **_ANSWER,
    script={**_TEXT, "description": "A shell script in place of the texts."},
    replies={
        "type": "array",
        "items": _object(
            ("args",), args={**_TEXT, "description": "Arguments joined by blanks, with * and ?."}, **_ANSWER
        ),
        "description": "Answers to certain arguments; the first that fits is given.",
    },
)
_CALL = {"anyOf": [_TEXTS, _object(**_MATCH_KEYS)]}
_STEP = _object(
    exitCode=_CODE,
    skipped={"type": "boolean", "description": "Whether the step did not run."},
    reason=_TEXT,
    results=_map(_MATCH),
    log=_TEXT_MATCH,
)
_EXPECT = _object(
    status={"enum": ["Succeeded", "Failed"], "description": "Succeeded where nothing is said."},
    reason={**_TEXT, "description": "As Tekton spells it: TaskRunTimeout, TaskRunValidationFailed …"},
    message=_TEXT_MATCH,
    results=_map(_MATCH),
    steps=_map(_STEP),
    log={**_TEXT_MATCH, "description": "Of all steps together."},
    workspaces=_map(_map(_FILE_MATCH)),
    stubs=_map(_object(calls={"type": "array", "items": _CALL}, times={"type": "integer", "minimum": 0})),
)
_CASE_KEYS: dict[str, Any] = {
    "task": {**_TEXT, "description": "Name of the task; the file's, or the only one of the manifests."},
    "params": _map(_VALUE),
    "workspaces": _map(_object(files=_map(_TEXT), directory={**_TEXT, "description": "Is copied."})),
    "stubs": _map({"anyOf": [_STUB, {"type": "null"}]}),
    "configMaps": _map(_map(_SCALAR)),
    "secrets": _map(_map(_SCALAR)),
    "timeout": _DURATION,
}

SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Unit tests of Tekton tasks, run by `holkas test`",
    **_object(
        ("manifests", "tests"),
        manifests={
            "type": "array",
            "items": _TEXT,
            "minItems": 1,
            "description": "Files or directories with the tasks, beside this file.",
        },
        **_CASE_KEYS,
        tests={
            "type": "array",
            "minItems": 1,
            "items": _object(
                ("name",),
                name={"type": "string", "minLength": 1},
                **_CASE_KEYS,
                expect=_EXPECT,
                skip={**_TEXT, "description": "Why the test is not run."},
            ),
        },
    ),
}
"""What stands beside ``tests`` holds for all of them; maps are merged, a test's own entries winning."""
