"""What may start, what is skipped and how a pipeline run ends, worked out event by event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from holkas.model.param import Param, Result
from holkas.model.pipeline import PipelineSpec
from holkas.model.record import Condition
from holkas.model.run import Timeouts
from holkas.model.run_request import CancelMode
from holkas.model.task import TaskSpec
from holkas.pipeline.decision import Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What Progress has to know of the run besides the pipeline.

    params: the run's own params (defaults of the pipeline are added by Progress).
    workspaces: names of the pipeline's workspaces that the run binds.
    task_specs: the resolved spec of each pipeline task by the pipeline task's name, where it is known.
    pipeline_name: name of the pipeline; the run's own for an embedded one.
    """

    run_name: str
    namespace: str = "default"
    uid: str = ""
    pipeline_name: str = ""
    params: tuple[Param, ...] = ()
    workspaces: frozenset[str] = frozenset()
    task_specs: Mapping[str, TaskSpec] = field(default_factory=dict)
    timeouts: Timeouts = field(default_factory=Timeouts)
    pending: bool = False


class Progress:
    """State machine of one pipeline run. Call ``begin`` once, then one method for each event, in their order.

    Every method returns what is to be done now. Work over a whole run is proportional to the graph's edges.
    Times are seconds since the epoch, given by the caller.
    """

    def __init__(self, spec: PipelineSpec, facts: RunFacts) -> None:
        raise NotImplementedError

    def begin(self, now: float) -> Decision:
        """Start the run."""
        raise NotImplementedError

    def task_done(
        self,
        taskrun: str,
        condition: Condition,
        results: Sequence[Result] = (),
        *,
        outputs: Sequence[Mapping[str, Any]] = (),
        inputs: Sequence[Mapping[str, Any]] = (),
        now: float,
    ) -> Decision:
        """A child run ended for good (its last attempt)."""
        raise NotImplementedError

    def cancel(self, mode: CancelMode, now: float) -> Decision:
        """Somebody wants the run to end."""
        raise NotImplementedError

    def time_passed(self, now: float) -> Decision:
        """``next_deadline`` has come."""
        raise NotImplementedError

    @property
    def next_deadline(self) -> float | None:
        """When ``time_passed`` is to be called, None for never."""
        raise NotImplementedError
