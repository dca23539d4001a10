"""The process that evaluates expressions: a line of JSON in, a line of JSON out, until the input ends.

Request: ``variables``, ``secrets`` (``name/key`` → base64) and ``expressions``. Answer: ``values``, one for each
expression in JSON's types, or ``error``, one sentence, with ``index`` of the expression at fault.
"""

from __future__ import annotations

import base64
import json
import logging
import sys
from typing import Any

MEMORY = 1 << 30
"""Bytes of address space."""

_ERRORS = (
    ValueError,
    RuntimeError,
    TypeError,
    ArithmeticError,
    LookupError,
    AttributeError,
    RecursionError,
    MemoryError,
)


class Unfit(ValueError):
    """A result that has no form in JSON."""


def main() -> None:
    """Answer until standard input ends."""
    _limit()
    logging.disable()  # the library logs what functions raise
    import cel  # noqa: F401  # before the first request, whose time is measured

    print(flush=True)  # ready
    for line in sys.stdin.buffer:
        print(json.dumps(answer(json.loads(line, parse_int=float))), flush=True)


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Evaluate the expressions of a request; an error ends it."""
    import cel
    from cel.stdlib import add_stdlib_to_context

    from holkas_compat.tekton.triggers.cel.functions import functions
    from holkas_compat.tekton.triggers.cel.static import fault

    secrets = {name: base64.b64decode(value) for name, value in request["secrets"].items()}
    context = cel.Context(variables=request["variables"])
    add_stdlib_to_context(context, ["strings", "encoders"])
    for name, function in functions(secrets).items():
        context.add_function(name, function)
    values = []
    for index, expression in enumerate(request["expressions"]):
        if found := fault(expression):
            return {"error": found, "index": index}
        try:
            values.append(plain(cel.evaluate(expression, context)))
        except _ERRORS as error:
            return {"error": sentence(error), "index": index}
    return {"values": values}


def plain(value: Any) -> Any:
    """A result as JSON has it: bytes in base64, whole numbers as floats, nothing for times and null.

    Source: pkg/interceptors/cel/cel.go (Process).
    """
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int | float):
        if value != value or value in (float("inf"), float("-inf")):
            raise Unfit("the result is no number that JSON has")
        return float(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise Unfit("the result is a mapping whose keys are no texts")
        return {key: _inner(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_inner(item) for item in value]
    raise Unfit("the result is null" if value is None else "the result is of a type that JSON has not")


def _inner(value: Any) -> Any:
    return None if value is None else plain(value)


def sentence(error: BaseException) -> str:
    """What went wrong, without the library's advice."""
    if isinstance(error, KeyError):
        return f"no such key: {error.args[0]}" if error.args else "no such key"
    lines = str(error).strip().splitlines()
    text = lines[0] if lines else type(error).__name__
    for marker in ("Python function call failed: ValueError: ", "Python function call failed: "):
        if marker in text:
            return text.partition(marker)[2].removesuffix(". Check function arguments and their types.")
    if text.startswith("Unsupported operation"):
        return f"no such overload ({text.partition('. ')[0]})"
    return text.partition(". ")[0]


def _limit() -> None:
    import resource

    try:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ValueError, OSError):  # a system that has no such limit, or already a lower one
        return


if __name__ == "__main__":
    main()
