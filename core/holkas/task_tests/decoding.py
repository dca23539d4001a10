"""From the checked YAML of a task test to its nouns."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from holkas.model.duration import parse_duration
from holkas.model.value import Value
from holkas.task_tests.definition import (
    Case,
    Content,
    Expected,
    ExpectedCalls,
    ExpectedStep,
    Match,
    Reply,
    Stub,
)

_NANOSECONDS = 1e9


def decode_case(node: Mapping[str, Any], directory: Path) -> Case:
    """One test with what the file says for all of them. directory: where the file lies."""
    timeout = node.get("timeout")
    return Case(
        name=node["name"],
        task=node.get("task", ""),
        params={name: _value(value) for name, value in node.get("params", {}).items()},
        workspaces={name: _content(each, directory) for name, each in node.get("workspaces", {}).items()},
        stubs=tuple(_stub(name, each or {}) for name, each in node.get("stubs", {}).items()),
        config_maps=_texts(node.get("configMaps", {})),
        secrets=_texts(node.get("secrets", {})),
        timeout=600.0 if timeout is None else parse_duration(timeout) / _NANOSECONDS,
        expected=_expected(node.get("expect", {})),
        skip=node.get("skip", ""),
    )


def decode_match(node: Any) -> Match:
    """A text alone stands for the whole."""
    if not isinstance(node, dict):
        return Match(equals=_value(node))
    return Match(
        equals=_value(node["equals"]) if "equals" in node else None,
        contains=_several(node.get("contains", ())),
        excludes=_several(node.get("excludes", ())),
        matches=node.get("matches", ""),
        exists=node.get("exists", True),
    )


def _several(node: Any) -> tuple[str, ...]:
    return (node,) if isinstance(node, str) else tuple(node)


def _text(node: Any) -> str:
    return node if isinstance(node, str) else json.dumps(node)


def _value(node: Any) -> Value:
    if isinstance(node, dict):
        return {key: _text(item) for key, item in node.items()}
    return [_text(item) for item in node] if isinstance(node, list) else _text(node)


def _texts(node: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    return {name: {key: _text(item) for key, item in each.items()} for name, each in node.items()}


def _content(node: Mapping[str, Any], directory: Path) -> Content:
    copied = node.get("directory")
    return Content(
        directory=None if copied is None else directory / copied, files=dict(node.get("files", {}))
    )


def _stub(name: str, node: Mapping[str, Any]) -> Stub:
    replies = tuple(_reply(each) for each in node.get("replies", ()))
    return Stub(name=name, replies=replies, script=node.get("script", ""), usual=_reply(node))


def _reply(node: Mapping[str, Any]) -> Reply:
    return Reply(
        arguments=node.get("args", "*"),
        stdout=node.get("stdout", ""),
        stderr=node.get("stderr", ""),
        exit_code=node.get("exitCode", 0),
    )


def _expected(node: Mapping[str, Any]) -> Expected:
    return Expected(
        status=node.get("status", "Succeeded"),
        reason=node.get("reason", ""),
        message=decode_match(node.get("message", {})),
        results={name: decode_match(each) for name, each in node.get("results", {}).items()},
        steps={name: _step(each) for name, each in node.get("steps", {}).items()},
        log=decode_match(node.get("log", {})),
        files={
            name: {path: decode_match(each) for path, each in files.items()}
            for name, files in node.get("workspaces", {}).items()
        },
        stubs={name: _calls(each) for name, each in node.get("stubs", {}).items()},
    )


def _step(node: Mapping[str, Any]) -> ExpectedStep:
    return ExpectedStep(
        exit_code=node.get("exitCode"),
        skipped=node.get("skipped"),
        reason=node.get("reason", ""),
        results={name: decode_match(each) for name, each in node.get("results", {}).items()},
        log=decode_match(node.get("log", {})),
    )


def _calls(node: Mapping[str, Any]) -> ExpectedCalls:
    wanted = node.get("calls")
    return ExpectedCalls(
        calls=None
        if wanted is None
        else tuple(
            decode_match(call) if isinstance(call, dict) else tuple(_text(word) for word in call)
            for call in wanted
        ),
        times=node.get("times"),
    )
