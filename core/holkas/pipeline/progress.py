"""What may start, what is skipped and how a pipeline run ends, worked out event by event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from holkas.model.param import Result
from holkas.model.pipeline import PipelineSpec
from holkas.model.record import Condition
from holkas.model.run_request import CancelMode
from holkas.pipeline.conclusion import conclude, running_reason
from holkas.pipeline.decision import Conclusion, Decision
from holkas.pipeline.reasons import PipelineRunReason
from holkas.pipeline.run_state import RunFacts, RunState, new_run_state
from holkas.pipeline.scheduling import Scheduler
from holkas.pipeline.timeouts import effective_timeouts

__all__ = ["Progress", "RunFacts"]

CANCELLED_MESSAGE = "TaskRun cancelled as the PipelineRun it belongs to has been cancelled."
TIMED_OUT_MESSAGE = "TaskRun cancelled as the PipelineRun it belongs to has timed out."


class Progress:
    """State machine of one pipeline run. Call ``begin`` once, then one method for each event, in their order.

    Every method returns what is to be done now. Work over a whole run is proportional to the graph's edges.
    Times are seconds since the epoch, given by the caller. A run that
    :func:`holkas.pipeline.admission.refuse` refuses is not to be begun. Making one raises GraphError for a graph
    that cannot be run and ParamResolutionError for defaults that cannot be worked out.
    """

    def __init__(self, spec: PipelineSpec, facts: RunFacts) -> None:
        self._run: RunState = new_run_state(spec, facts)
        self._scheduler = Scheduler(self._run)
        self._timeouts = effective_timeouts(facts.timeouts)
        self._started: float | None = None
        self._finally_started: float | None = None
        self._conclusion: Conclusion | None = None

    @property
    def spec(self) -> PipelineSpec:
        """The pipeline with params, contexts and workspaces replaced, as Tekton's ``status.pipelineSpec``."""
        return self._run.spec

    @property
    def reason(self) -> PipelineRunReason:
        """The reason that the run's condition has while it is ``Unknown``."""
        return running_reason(self._run, self._started is not None)

    @property
    def conclusion(self) -> Conclusion | None:
        """How the run ended, or None."""
        return self._conclusion

    def begin(self, now: float) -> Decision:
        """Start the run."""
        self._started = now
        if self._run.mode is None and self._scheduler.conditions_hold_up():
            self._scheduler.advance([state for state in self._run.tasks if not state.waiting])
        elif self._run.mode is not None:
            self._scheduler.skip_rest()
        return self._decide(now)

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
        """A child run ended for good (its last attempt). Raises ValueError for one that does not run."""
        if taskrun not in self._scheduler.by_child:
            raise ValueError(f"{taskrun} is not a running child of {self._run.facts.run_name}")
        state, child = self._scheduler.by_child.pop(taskrun)
        child.condition = condition
        child.results = {result.name: result.value for result in results}
        child.inputs, child.outputs = inputs, outputs
        self._run.open_runs -= 1
        state.open_runs -= 1
        if not state.open_runs:
            self._scheduler.end(state)
        return self._decide(now)

    def cancel(self, mode: CancelMode, now: float) -> Decision:
        """Somebody wants the run to end; a stronger wish may follow a weaker one.

        Before ``begin`` the wish is noted: ``begin`` then starts what is still to be started.
        """
        run = self._run
        if self._conclusion is not None or run.mode is CancelMode.CANCELLED:
            return Decision()
        run.mode = mode
        if self._started is None:
            return Decision()
        if mode is CancelMode.CANCELLED:
            self._scheduler.cancel_runs(run.all_tasks(), CANCELLED_MESSAGE)
        else:
            self._scheduler.skip_rest()
            if mode is CancelMode.RUN_FINALLY:
                self._scheduler.cancel_runs(run.tasks, CANCELLED_MESSAGE)
        return self._decide(now)

    def time_passed(self, now: float) -> Decision:
        """``next_deadline`` has come; called too early it changes nothing."""
        run = self._run
        if self._conclusion is not None or self._started is None:
            return Decision()
        if _due(self._started, self._timeouts.pipeline, now) and not run.timed_out:
            run.timed_out = True
            self._scheduler.cancel_runs(run.all_tasks(), TIMED_OUT_MESSAGE, timed_out=True)
        elif _due(self._started, self._timeouts.tasks, now) and run.open_tasks and not run.tasks_timed_out:
            run.tasks_timed_out = True
            self._scheduler.cancel_runs(run.tasks, TIMED_OUT_MESSAGE, timed_out=True)
        elif _due(self._finally_started, self._timeouts.finally_, now) and not run.finally_timed_out:
            run.finally_timed_out = True
            self._scheduler.cancel_runs(run.last, TIMED_OUT_MESSAGE, timed_out=True)
        return self._decide(now)

    @property
    def next_deadline(self) -> float | None:
        """When ``time_passed`` is to be called, None for never."""
        run = self._run
        if self._conclusion is not None or self._started is None or run.timed_out:
            return None
        deadlines = []
        if self._timeouts.pipeline is not None:
            deadlines.append(self._started + self._timeouts.pipeline)
        if self._timeouts.tasks is not None and run.open_tasks and not run.tasks_timed_out:
            deadlines.append(self._started + self._timeouts.tasks)
        if (
            self._timeouts.finally_ is not None
            and self._finally_started is not None
            and not run.finally_timed_out
        ):
            deadlines.append(self._finally_started + self._timeouts.finally_)
        return min(deadlines, default=None)

    def _decide(self, now: float) -> Decision:
        run, scheduler = self._run, self._scheduler
        finally_started = False
        if scheduler.failure is None and not run.ending and not run.open_tasks and self._started is not None:
            if self._finally_started is None and run.last:
                self._finally_started = now
                finally_started = True
                scheduler.start_finally()
            if not run.open_last:
                self._conclude()
        if (scheduler.failure is not None or run.ending) and not run.open_runs:
            self._conclude()
        decision = Decision(
            launch=tuple(scheduler.launch),
            skipped=tuple(scheduler.skipped),
            cancel=tuple(scheduler.cancel),
            finally_started=finally_started,
            conclusion=self._conclusion,
        )
        for told in (scheduler.launch, scheduler.skipped, scheduler.cancel):
            told.clear()
        return decision

    def _conclude(self) -> None:
        if self._conclusion is not None:
            return
        failure = self._scheduler.failure
        if failure is None:
            self._conclusion = conclude(self._run, self._timeouts)
        else:
            self._conclusion = Conclusion(condition=failure, skipped=self._run.skipped_tasks())


def _due(start: float | None, limit: float | None, now: float) -> bool:
    return start is not None and limit is not None and now >= start + limit
