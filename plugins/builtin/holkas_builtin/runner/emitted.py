"""What steps left behind: results and artifacts, read from files that they were free to make anything of."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from holkas.model.param import Result, ResultSpec
from holkas.model.value import Value

from holkas_builtin.runner.beneath import NotPlain, read_beneath

LARGEST_RESULT = 1 << 20
"""Bytes of one result. A cluster's default is 4096 for all results of a task together."""


_HALVES = "[\ud800-\udfff]"
"""Half a character, written as ``\\ud800``: no text of any encoding. Go's encoding/json puts U+FFFD in its place."""


def read_results(root: Path, below: str, specs: Iterable[ResultSpec]) -> tuple[tuple[Result, ...], list[str]]:
    """Results from ``root``/``below``/NAME, in the order of their declaration, and what was wrong with any.

    A missing file is no error. The text is not trimmed. An array or an object is parsed as JSON; a text that is none
    stays a string, so that the check of types refuses it.
    """
    results, problems = [], []
    for spec in specs:
        try:
            data = read_beneath(root, f"{below}/{spec.name}", LARGEST_RESULT)
        except FileNotFoundError:
            continue
        except NotPlain as error:
            problems.append(str(error))
            continue
        if len(data) > LARGEST_RESULT:
            problems.append(f"result {spec.name!r} is larger than {LARGEST_RESULT} bytes")
            continue
        results.append(Result(name=spec.name, value=parse_value(data.decode("utf-8", "replace"))))
    return tuple(results), problems


def parse_value(text: str) -> Value:
    """A JSON array or object of strings as such, everything else as the text (TEKTON.md, Decoding)."""
    if text.lstrip()[:1] in ("[", "{"):
        try:
            value = json.loads(text)
            if "\\u" in text:
                value = json.loads(re.sub(_HALVES, "\ufffd", json.dumps(value, ensure_ascii=False)))
        except ValueError:
            return text
        except RecursionError:
            return text
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return value
        if isinstance(value, dict) and all(isinstance(item, str) for item in value.values()):
            return value
    return text


def read_artifacts(
    root: Path, path: str
) -> tuple[tuple[Mapping[str, Any], ...], tuple[Mapping[str, Any], ...]]:
    """Inputs and outputs of a provenance file (Tekton docs, artifacts.md); empty when there is none that can be read."""
    try:
        data = read_beneath(root, path, LARGEST_RESULT)
        value = json.loads(data)
    except (FileNotFoundError, NotPlain, ValueError, RecursionError):
        return (), ()
    if not isinstance(value, dict):
        return (), ()
    return _entries(value.get("inputs")), _entries(value.get("outputs"))


def _entries(value: Any) -> tuple[Mapping[str, Any], ...]:
    return tuple(entry for entry in value if isinstance(entry, dict)) if isinstance(value, list) else ()
