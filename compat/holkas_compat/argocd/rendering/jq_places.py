"""Places that jq expressions of ``ignoreDifferences`` name, worked out in a worker: an expression may run for ever."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas.gitops.diff import IgnoreRuleError

from .failure import RenderFailure
from .workers import Workers

SECONDS = 10.0
"""For one expression and one manifest; Argo CD gives it one by default, of a warm process."""


class JqWorker:
    """Callable as :data:`holkas.gitops.diff.JqPlaces`. Safe for threads; :meth:`close` ends the process."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._workers = Workers(1, seconds)

    def __call__(self, expression: str, manifest: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Raises IgnoreRuleError for what is no expression, takes too long or needs a library that is not there."""
        said = f"the jq path expression {expression!r}"
        try:
            answer = self._workers.ask({"op": "jq", "expression": expression, "manifest": manifest})
        except RenderFailure:
            raise IgnoreRuleError(f"{said} takes too long or needs too much memory") from None
        if "absent" in answer:
            raise IgnoreRuleError(f"{said} needs the library jq")
        if "bad" in answer:
            raise IgnoreRuleError(f"{said} is none that jq understands")
        if "error" in answer:
            raise IgnoreRuleError(f"{said} cannot be worked out: {answer['error']}")
        return [tuple(place) for place in answer["places"]]

    def close(self) -> None:
        """End the process."""
        self._workers.close()
