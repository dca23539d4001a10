"""Places of a manifest that jq expressions name, removed. In a process of its own: an expression may run for ever."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from holkas_compat.argocd.applicationset.codes import GENERATOR
from holkas_compat.argocd.applicationset.errors import GenerationError

SECONDS = 10.0
"""For all expressions on one application."""


class CannotSay(Exception):
    """An expression does not fit the manifest, so that nobody knows what it names."""


def without(values: Sequence[dict[str, Any]], expressions: Sequence[str]) -> list[dict[str, Any]]:
    """The manifests without what the expressions name.

    Raises CannotSay for an expression that fails on one of them, GenerationError for one that is none, takes too long,
    or cannot be looked at because the library jq is missing.
    """
    from holkas_compat.argocd.rendering.failure import RenderFailure
    from holkas_compat.argocd.rendering.workers import Workers

    workers = Workers(1, SECONDS)
    try:
        return [_without(workers, value, expressions) for value in values]
    except RenderFailure as failure:
        raise GenerationError(
            "jqPathExpressions take too long or need too much memory", code=GENERATOR
        ) from failure
    finally:
        workers.close()


def _without(workers: Any, value: dict[str, Any], expressions: Sequence[str]) -> dict[str, Any]:
    answer = workers.ask({"op": "jq-without", "value": value, "expressions": list(expressions)})
    if "absent" in answer:
        raise GenerationError("jqPathExpressions need the library jq", code=GENERATOR, hint="pip install jq")
    if fault := answer.get("bad") or answer.get("error"):
        raise GenerationError(f"jqPathExpressions: {fault}", code=GENERATOR)
    if not isinstance(answer.get("value"), dict):
        raise CannotSay(answer.get("failed", "del"))
    found: dict[str, Any] = answer["value"]
    return found
