"""Build servers: run a pipeline and tell what becomes of it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from typing import ClassVar

from holkas.model.record import RunRecord
from holkas.model.run_event import RunEvent
from holkas.model.run_request import CancelMode, RunRequest
from holkas.roles.role import Role


class BuildServer(Role):
    """Runs pipelines: the built-in runner on this machine, Jenkins, Tekton on a cluster.

    Life cycle: ``start`` returns at once with the run's id; ``follow``, ``record`` and ``cancel`` may then be called
    from any thread, also from another process where the tool keeps its runs. After ``close`` no run goes on locally.
    Capabilities: ``artifacts`` (keeps files of runs), ``queue``, ``retry``, ``parameters`` (can list a job's params).
    """

    known_capabilities: ClassVar[frozenset[str]] = frozenset({"artifacts", "queue", "retry", "parameters"})

    @abstractmethod
    def start(self, request: RunRequest) -> str:
        """Begin a run and return its id. Raises ToolError when the run cannot even be recorded."""

    @abstractmethod
    def follow(self, run_id: str) -> Iterator[RunEvent]:
        """Events from the run's first one on, blocking between them, until RUN_FINISHED. Raises NotFound."""

    @abstractmethod
    def record(self, run_id: str) -> RunRecord:
        """What is known of the run now. Raises NotFound."""

    @abstractmethod
    def cancel(self, run_id: str, mode: CancelMode = CancelMode.CANCELLED) -> None:
        """Ask the run to end; harmless when it already has. Raises NotFound."""
