"""Build servers: run a pipeline and tell what becomes of it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from holkas.model.param import ParamSpec
from holkas.model.queued_run import QueuedRun
from holkas.model.record import RunRecord
from holkas.model.run_event import RunEvent
from holkas.model.run_request import CancelMode, RunRequest
from holkas.roles.role import Role

if TYPE_CHECKING:
    from holkas.model.fidelity import FidelityTable


class BuildServer(Role):
    """Runs pipelines: the built-in runner on this machine, Jenkins, Tekton on a cluster.

    A run is given whole (``run.spec``), or names a job that the server knows (``run.ref.name``).

    Life cycle: ``start`` returns at once with the run's id; ``follow``, ``record`` and ``cancel`` may then
    be called from any thread, also from another process where the tool keeps its runs. After ``close`` no
    run goes on locally.

    Capabilities: ``artifacts`` (keeps files of runs), ``queue``, ``retry``, ``parameters`` (can list a job's
    params), ``resume`` (goes on with a run whose process died, and takes outcomes over: ``RunRequest.follows``),
    ``fidelity`` (says beforehand what becomes of each field),
    ``follow-together`` (gives events that are known together at once).
    """

    known_capabilities: ClassVar[frozenset[str]] = frozenset(
        {"artifacts", "queue", "retry", "parameters", "resume", "fidelity", "follow-together"}
    )

    @abstractmethod
    def start(self, request: RunRequest) -> str:
        """Begin a run and return its id. Raises ToolError when the run cannot even be recorded."""

    @abstractmethod
    def follow(self, run_id: str) -> Iterator[RunEvent]:
        """Events from the run's first one on, blocking between them, until RUN_FINISHED. Raises NotFound."""

    def follow_together(self, run_id: str) -> Iterator[Sequence[RunEvent]]:
        """As :meth:`follow`; what has happened since the last look comes together, for who shows it with one write.

        Raises NotFound. Capability ``follow-together``.
        """
        raise self.unsupported("follow-together")

    @abstractmethod
    def record(self, run_id: str) -> RunRecord:
        """What is known of the run now, its results once it has ended. Raises NotFound."""

    @abstractmethod
    def cancel(self, run_id: str, mode: CancelMode = CancelMode.CANCELLED) -> None:
        """Ask the run to end; harmless when it already has. Raises NotFound."""

    def artifacts(self, run_id: str) -> tuple[str, ...]:
        """Relative paths of the files that the run left. Raises NotFound. Capability ``artifacts``."""
        raise self.unsupported("artifacts")

    def fetch(self, run_id: str, artifact: str, directory: Path) -> Path:
        """Write one of these files into a directory and return its path. Capability ``artifacts``."""
        raise self.unsupported("artifacts")

    def queued(self) -> tuple[QueuedRun, ...]:
        """Runs that wait, the next one first. Capability ``queue``."""
        raise self.unsupported("queue")

    def retry(self, run_id: str) -> str:
        """Run the same request again and return the new run's id. Raises NotFound. Capability ``retry``."""
        raise self.unsupported("retry")

    def fidelity(self, request: RunRequest) -> tuple[str, FidelityTable]:
        """How it would carry out a run (a note), and what becomes of each field of a manifest. Starts nothing.

        Capability ``fidelity``.
        """
        raise self.unsupported("fidelity")

    def resume(self, run_id: str, request: RunRequest) -> None:
        """Go on with a run whose process died, under its id; what has ended is not run again while it holds.

        Raises NotFound, and ToolError for a run that goes on or has ended. Capability ``resume``.
        """
        raise self.unsupported("resume")

    def parameters(self, job: str) -> tuple[ParamSpec, ...]:
        """The params that a named job takes. Raises NotFound. Capability ``parameters``."""
        raise self.unsupported("parameters")
