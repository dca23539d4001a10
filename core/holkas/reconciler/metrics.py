"""What the loop counts, as Prometheus reads it (Prometheus, "Exposition formats", text format 0.0.4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from threading import Lock
from typing import Any

from holkas.gitops.status import SyncStatus
from holkas.model.health import HealthStatus
from holkas.reconciler.reconciler import Pass


class Metrics:
    """Safe for threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: Counter[str] = Counter()
        self._syncs: Counter[tuple[str, str]] = Counter()
        self._seconds = 0.0
        self._last: Pass = Pass()
        self._leader = False
        self._statuses: dict[str, tuple[SyncStatus, HealthStatus]] = {}

    def told(self, name: str, kind: str, data: Mapping[str, Any]) -> None:
        """Count an event of an application."""
        with self._lock:
            if kind == "finished":
                self._syncs[name, str(data["phase"])] += 1
            elif kind in ("warning", "retry"):
                self._counts[f"{kind}s"] += 1

    def passed(
        self, done: Pass, seconds: float, statuses: Mapping[str, tuple[SyncStatus, HealthStatus]]
    ) -> None:
        """Count a pass."""
        with self._lock:
            self._counts["passes"] += 1
            self._counts["renders"] += done.rendered
            self._counts["errors"] += done.errors
            self._counts["looks"] += done.looked
            self._seconds += seconds
            self._last = done
            self._statuses = dict(statuses)

    def leads(self, leader: bool) -> None:
        """Whether this process leads."""
        with self._lock:
            self._leader = leader

    def text(self) -> str:
        """All of it."""
        with self._lock:
            return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        yield from _metric(
            "holkas_app_leader", "gauge", "Whether this process leads.", {"": int(self._leader)}
        )
        yield from _metric(
            "holkas_app_passes_total",
            "counter",
            "Passes over the applications.",
            {"": self._counts["passes"]},
        )
        yield from _metric(
            "holkas_app_pass_seconds_total",
            "counter",
            "Time that passes took.",
            {"": round(self._seconds, 6)},
        )
        yield from _metric(
            "holkas_app_renders_total", "counter", "Passes that found something new in the sources.",
            {"": self._counts["renders"]},
        )  # fmt: skip
        yield from _metric(
            "holkas_app_looks_total", "counter", "Looks at single applications.", {"": self._counts["looks"]}
        )
        yield from _metric(
            "holkas_app_errors_total", "counter", "Targets and applications that could not be looked at.",
            {"": self._counts["errors"]},
        )  # fmt: skip
        syncs = {
            _labels(name=name, phase=phase): count for (name, phase), count in sorted(self._syncs.items())
        }
        yield from _metric("holkas_app_sync_total", "counter", "Syncs that ended.", syncs)
        infos = {
            _labels(name=name, sync_status=str(sync), health_status=str(health)): 1
            for name, (sync, health) in sorted(self._statuses.items())
        }
        yield from _metric("holkas_app_info", "gauge", "How each application stands.", infos)


def _metric(name: str, kind: str, text: str, values: Mapping[str, float]) -> Iterator[str]:
    yield f"# HELP {name} {text}"
    yield f"# TYPE {name} {kind}"
    for labels, value in values.items():
        yield f"{name}{labels} {value}"


def _labels(**labels: str) -> str:
    parts = []
    for name, value in labels.items():
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        parts.append(f'{name}="{escaped}"')
    return "{" + ",".join(parts) + "}"
