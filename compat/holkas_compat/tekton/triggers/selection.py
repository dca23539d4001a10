"""Which Triggers a listener or a group selects.

Source: pkg/sink/sink.go (selectTriggers); Kubernetes, "Labels and Selectors".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from holkas_compat.manifest.shape import record, records, text, texts
from holkas_compat.tekton.triggers.model import Selector, Trigger


def select(selector: Selector, triggers: Iterable[Trigger], namespace: str) -> Iterator[Trigger]:
    """The Triggers that a selector chooses; none without any condition. ``namespace``: the listener's own."""
    if not selector.namespaces and selector.labels is None:
        return
    wanted = selector.namespaces or (namespace,)
    for trigger in triggers:
        if wanted != ("*",) and trigger.namespace not in wanted:
            continue
        if selector.labels is None or matches(selector.labels, trigger.labels):
            yield trigger


def matches(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    """Whether labels meet a Kubernetes label selector; an unknown operator matches nothing."""
    if any(labels.get(key) != value for key, value in record(selector.get("matchLabels")).items()):
        return False
    return all(_holds(entry, labels) for entry in records(selector.get("matchExpressions")))


def _holds(entry: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    value, values = labels.get(text(entry.get("key"))), texts(entry.get("values"))
    match entry.get("operator"):
        case "In":
            return value in values
        case "NotIn":
            return value not in values
        case "Exists":
            return value is not None
        case "DoesNotExist":
            return value is None
    return False
