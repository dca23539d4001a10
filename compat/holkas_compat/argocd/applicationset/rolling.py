"""RollingSync: in which order the applications of a set are synced.

Source: Argo CD's documentation, "Progressive Syncs".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def steps(spec: Mapping[str, Any], applications: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, ...], ...]:
    """The names by step, each in the first step that selects it; empty where the set has no such strategy.

    An application that no step selects is never synced by the set.
    """
    strategy = spec.get("strategy")
    if not isinstance(strategy, Mapping) or strategy.get("type") != "RollingSync":
        return ()
    rolling = strategy.get("rollingSync")
    listed = rolling.get("steps") if isinstance(rolling, Mapping) else None
    wanted = [step for step in listed if isinstance(step, Mapping)] if isinstance(listed, list) else []
    made: list[list[str]] = [[] for _ in wanted]
    for application in applications:
        metadata = application.get("metadata") or {}
        for step, names in zip(wanted, made, strict=True):
            if _selects(step, metadata.get("labels") or {}):
                names.append(str(metadata.get("name", "")))
                break
    return tuple(map(tuple, made))


def _selects(step: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    expressions = step.get("matchExpressions")
    return all(_fits(one, labels) for one in expressions or () if isinstance(one, Mapping))


def _fits(expression: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    operator, value = expression.get("operator"), labels.get(str(expression.get("key", "")))
    values = [str(one) for one in expression.get("values") or ()]
    if operator == "In":
        return value in values
    return operator == "NotIn" and (value is None or value not in values)
