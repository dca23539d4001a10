"""Places of a manifest that jq expressions name, removed. In a process of its own: an expression may run for ever."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from holkas_compat.argocd.applicationset.codes import GENERATOR
from holkas_compat.argocd.applicationset.errors import GenerationError

SECONDS = 10.0
"""For all expressions of one application, the start of the process included."""

_PROGRAM = """
import json, resource, sys
import jq
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
value, expressions = json.load(sys.stdin)
for expression in expressions:
    try:
        program = jq.compile("del(" + expression + ")")
    except ValueError as error:
        print(json.dumps({"error": f"{expression}: {error}".splitlines()[0]}))
        break
    try:
        value = program.input_value(value).first()
    except (ValueError, StopIteration):
        print(json.dumps({"failed": expression}))
        break
else:
    print(json.dumps({"value": value}))
"""


class CannotSay(Exception):
    """An expression does not fit the manifest, so that nobody knows what it names."""


def without(value: dict[str, Any], expressions: Sequence[str]) -> dict[str, Any]:
    """The manifest without what the expressions name.

    Raises CannotSay for an expression that fails on this manifest, GenerationError for one that is none, takes too
    long, or cannot be looked at because the library jq is missing.
    """
    try:
        ended = subprocess.run(
            [sys.executable, "-I", "-c", _PROGRAM],
            input=json.dumps([value, list(expressions)]),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise GenerationError("jqPathExpressions take too long", code=GENERATOR) from error
    if "No module named 'jq'" in ended.stderr:
        raise GenerationError("jqPathExpressions need the library jq", code=GENERATOR, hint="pip install jq")
    try:
        answer = json.loads(ended.stdout)
    except ValueError as error:
        raise GenerationError(
            "jqPathExpressions need more memory than they may have", code=GENERATOR
        ) from error
    if "error" in answer:
        raise GenerationError(f"jqPathExpressions: {answer['error']}", code=GENERATOR)
    if "failed" in answer or not isinstance(answer["value"], dict):
        raise CannotSay(answer.get("failed", "del"))
    found: dict[str, Any] = answer["value"]
    return found
