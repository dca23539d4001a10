"""What the store knows of a run."""

from __future__ import annotations

from holkas.records import dataclass

RUNNING = "Running"
INTERRUPTED = "Interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """A row of the table of runs. Times are seconds since the epoch.

    status: ``True``, ``False`` or ``Unknown`` as in Tekton's condition.
    state: what a person calls it: Running, Interrupted (its process died), or Tekton's reason.
    """

    id: str
    name: str
    kind: str
    source: str
    project: str
    executor: str
    command: tuple[str, ...]
    created: float
    finished: float | None
    status: str
    reason: str
    message: str
    alive: bool

    @property
    def state(self) -> str:
        """One word for a list."""
        if self.status != "Unknown" or self.finished is not None:
            return self.reason
        return RUNNING if self.alive else INTERRUPTED
