"""Monitoring in memory, with every capability of the role."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from threading import Lock
from typing import ClassVar

from holkas.model.event import Event, EventQuery
from holkas.model.health import Health, HealthStatus
from holkas.model.measurement import Alert, LogLine, Sample
from holkas.roles.errors import NotFound, Retryable
from holkas.roles.monitoring import Monitoring


class FakeMonitoring(Monitoring):
    """Keeps what it is sent; the rest is set by the test.

    healths, alerts_of, samples, lines: what the questions are answered from, by environment (``samples`` by
    metric).
    down: while true, every method raises Retryable.
    """

    name: ClassVar[str] = "fake"
    capabilities: ClassVar[frozenset[str]] = frozenset({"dashboards", "alerts", "metrics", "logs"})

    def __init__(self) -> None:
        self.down = False
        self.healths: dict[str, Health] = {}
        self.alerts_of: dict[str, tuple[Alert, ...]] = {}
        self.samples: dict[str, tuple[Sample, ...]] = {}
        self.lines: dict[str, tuple[LogLine, ...]] = {}
        self._events: dict[str, Event] = {}
        self._lock = Lock()

    def send(self, events: Sequence[Event]) -> None:
        self._reach()
        with self._lock:
            for event in events:
                self._events.setdefault(event.id, event)

    def query(self, query: EventQuery) -> Iterator[Event]:
        self._reach()
        with self._lock:
            found = [event for event in self._events.values() if query.matches(event)]
        found.sort(key=lambda event: event.time)
        yield from found[-query.limit :] if query.limit else found

    def health(self, environment: str) -> Health:
        self._reach()
        unknown = Health(status=HealthStatus.UNKNOWN, message=f"nothing is known of {environment}")
        return self.healths.get(environment, unknown)

    def dashboard(self, environment: str) -> str:
        self._reach()
        return f"http://127.0.0.1/{environment}"

    def alerts(self, environment: str) -> tuple[Alert, ...]:
        self._reach()
        return tuple(sorted(self.alerts_of.get(environment, ()), key=lambda alert: alert.since))

    def metrics(
        self, name: str, *, since: float, until: float, labels: Mapping[str, str] | None = None
    ) -> tuple[Sample, ...]:
        self._reach()
        if name not in self.samples:
            raise NotFound(f"there is no metric {name!r}")
        return tuple(sample for sample in self.samples[name] if since <= sample.time < until)

    def logs(self, environment: str, *, since: float, until: float, text: str = "") -> Iterator[LogLine]:
        self._reach()
        for line in self.lines.get(environment, ()):
            if since <= line.time < until and text in line.text:
                yield line

    def _reach(self) -> None:
        if self.down:
            raise Retryable("the monitoring is down")
