"""Monitoring: takes events, answers questions about them, knows how an environment is."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from holkas.model.event import Event, EventQuery
from holkas.model.health import Health
from holkas.model.measurement import Alert, LogLine, Sample
from holkas.roles.role import Role


class Monitoring(Role):
    """Takes events and tells about environments: the built-in event log, Elasticsearch, Prometheus, Splunk.

    Life cycle: the core keeps events in an outbox until ``send`` has returned, so that they come at least
    once, in the
    order in which they happened as long as nothing fails. Threads: all methods.

    Capabilities: ``dashboards``, ``alerts``, ``metrics``, ``logs``.
    """

    known_capabilities: ClassVar[frozenset[str]] = frozenset({"dashboards", "alerts", "metrics", "logs"})

    @abstractmethod
    def send(self, events: Sequence[Event]) -> None:
        """Take events in; they are kept when it returns. An event whose id is known already is not counted
        again.

        Raises Retryable when none or only some were taken (all will be sent again), ToolError when the tool
        will never take them.
        """

    @abstractmethod
    def query(self, query: EventQuery) -> Iterator[Event]:
        """Events that match, oldest first, each once. What ``send`` took is found within a second or two.

        Raises Retryable, AccessDenied.
        """

    @abstractmethod
    def health(self, environment: str) -> Health:
        """How an environment is now; Unknown, with the reason, where nothing is known of it. Raises
        Retryable."""

    def dashboard(self, environment: str) -> str:
        """URL of a page about an environment. Raises NotFound. Capability ``dashboards``."""
        raise self.unsupported("dashboards")

    def alerts(self, environment: str) -> tuple[Alert, ...]:
        """Alerts that fire now, the oldest first. Capability ``alerts``."""
        raise self.unsupported("alerts")

    def metrics(
        self, name: str, *, since: float, until: float, labels: Mapping[str, str] | None = None
    ) -> tuple[Sample, ...]:
        """Samples of a metric, oldest first; ``since`` inclusive, ``until`` exclusive, seconds since the
        epoch.

        name: in the tool's own words. Raises NotFound where no such metric exists. Capability ``metrics``.
        """
        raise self.unsupported("metrics")

    def logs(self, environment: str, *, since: float, until: float, text: str = "") -> Iterator[LogLine]:
        """Lines of an environment's logs that contain ``text``, oldest first. Capability ``logs``."""
        raise self.unsupported("logs")
