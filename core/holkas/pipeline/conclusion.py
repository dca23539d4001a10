"""How a pipeline run ends: condition, message and results."""

from __future__ import annotations

from holkas.model.param import Result
from holkas.model.record import Condition
from holkas.model.run_request import CancelMode
from holkas.pipeline.decision import Conclusion
from holkas.pipeline.pipeline_results import PipelineResultsError, pipeline_results
from holkas.pipeline.reasons import PipelineRunReason, SkipReason
from holkas.pipeline.run_state import RunState
from holkas.pipeline.task_state import Phase, TaskState
from holkas.pipeline.timeouts import EffectiveTimeouts, go_duration
from holkas.records import dataclass

_TIMED_OUT_SKIPS = (SkipReason.PIPELINE_TIMED_OUT, SkipReason.TASKS_TIMED_OUT, SkipReason.FINALLY_TIMED_OUT)


@dataclass(slots=True)
class Counts:
    """Tasks by what became of them, finally tasks included."""

    succeeded: int = 0
    failed: int = 0
    ignored: int = 0
    cancelled: int = 0
    skipped: int = 0
    skipped_in_time_out: int = 0
    invalid: int = 0

    def add(self, state: TaskState, skip_reason: SkipReason | None) -> None:
        """Count one task that is done. A task ended by a time-out of the pipeline run counts as failed."""
        if state.phase is Phase.SKIPPED:
            self.skipped += 1
            self.skipped_in_time_out += skip_reason in _TIMED_OUT_SKIPS
        elif state.phase is Phase.INVALID:
            self.invalid += 1
        elif state.succeeded:
            self.succeeded += 1
        elif any(run.cancelled and run.timed_out for run in state.runs):
            self.failed += 1
        elif any(run.cancelled for run in state.runs):
            self.cancelled += 1
        elif state.failure_ignored:
            self.ignored += 1
        else:
            self.failed += 1

    def message(self) -> str:
        """Tekton's sentence, as its ``status.conditions`` shows it."""
        completed = self.succeeded + self.failed + self.cancelled + self.ignored
        ignored = f" (Ignored: {self.ignored})" if self.ignored else ""
        return (
            f"Tasks Completed: {completed} (Failed: {self.failed + self.ignored}{ignored}, "
            f"Cancelled {self.cancelled}), Skipped: {self.skipped}"
        )


def conclude(run: RunState, timeouts: EffectiveTimeouts) -> Conclusion:
    """The end of a run that has no task left (Tekton's GetPipelineConditionStatus)."""
    skipped = run.skipped_tasks()
    condition = _condition(run, timeouts)
    results: tuple[Result, ...] = ()
    if run.mode is not CancelMode.CANCELLED:
        try:
            results = pipeline_results(run)
        except PipelineResultsError as error:
            results = error.available
            condition = Condition(
                status="False",
                reason=PipelineRunReason.COULDNT_GET_PIPELINE_RESULT,
                message="Failed to get PipelineResult from TaskRun Results for PipelineRun "
                f"{run.facts.run_name}: {error}",
            )
    return Conclusion(condition=condition, results=results, skipped=skipped)


def _condition(run: RunState, timeouts: EffectiveTimeouts) -> Condition:
    name = run.facts.run_name
    if run.mode is CancelMode.CANCELLED:
        return _cancelled(name)
    if run.timed_out:
        limit = go_duration(timeouts.pipeline or 0)
        message = f'PipelineRun "{name}" failed to finish within "{limit}"'
        return Condition(status="False", reason=PipelineRunReason.TIMED_OUT, message=message)
    if run.tasks_timed_out:
        limit = go_duration(timeouts.tasks or 0)
        message = f'PipelineRun "{name}" failed due to tasks failed to finish within "{limit}"'
        return Condition(status="False", reason=PipelineRunReason.TIMED_OUT, message=message)
    return _counted(run)


def _counted(run: RunState) -> Condition:
    counts = Counts()
    for state in run.all_tasks():
        overall = None if state.is_finally else run.overall_skip_reason
        counts.add(state, overall or state.skip_reason)
    message = counts.message()
    if counts.invalid:
        problems = sorted((state.name, state.problem) for state in run.tasks if state.phase is Phase.INVALID)
        message += f", Failed Validation: {counts.invalid} ({'; '.join(problem for _, problem in problems)})"
        return Condition(status="False", reason=PipelineRunReason.VALIDATION_FAILED, message=message)
    if counts.failed or counts.skipped_in_time_out:
        return Condition(status="False", reason=PipelineRunReason.FAILED, message=message)
    if run.mode is not None:
        return _cancelled(run.facts.run_name)
    if counts.cancelled:
        return Condition(status="False", reason=PipelineRunReason.CANCELLED, message=message)
    reason = PipelineRunReason.COMPLETED if counts.skipped else PipelineRunReason.SUCCEEDED
    return Condition(status="True", reason=reason, message=message)


def _cancelled(name: str) -> Condition:
    return Condition(
        status="False", reason=PipelineRunReason.CANCELLED, message=f'PipelineRun "{name}" was cancelled'
    )


def pending_condition(name: str) -> Condition:
    """The condition of a run that waits for somebody to take ``PipelineRunPending`` away."""
    return Condition(
        status="Unknown", reason=PipelineRunReason.PENDING, message=f'PipelineRun "{name}" is pending'
    )


def running_reason(run: RunState, begun: bool) -> PipelineRunReason:
    """The reason of a run that has not ended."""
    if not begun:
        return PipelineRunReason.STARTED
    if run.mode is CancelMode.RUN_FINALLY:
        return PipelineRunReason.CANCELLED_RUNNING_FINALLY
    if run.mode is CancelMode.STOP:
        return PipelineRunReason.STOPPED_RUNNING_FINALLY
    if run.tasks_timed_out:
        return PipelineRunReason.TIMED_OUT_RUNNING_FINALLY
    # With finally tasks the run counts as running until they are done, whatever failed.
    return PipelineRunReason.STOPPING if run.stopping and not run.last else PipelineRunReason.RUNNING
