"""From what the steps of a task did to the condition of its task run (Tekton's pkg/pod/status.go)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from holkas.model.param import Result
from holkas.model.record import Condition, StepRecord
from holkas.model.task import TaskSpec
from holkas.model.value import ValueType, type_of
from holkas.pipeline.reasons import TaskRunReason, TerminationReason
from holkas.pipeline.timeouts import go_duration

OOM_KILLED = "OOMKilled"


def container_name(step: StepRecord, index: int) -> str:
    """The name of a step's container, by which messages call it."""
    return f"step-{step.name}" if step.name else f"step-unnamed-{index}"


def steps_condition(steps: Sequence[StepRecord], *, ignored: bool = False) -> Condition:
    """The condition once all steps have ended, been skipped or been given up: decided by the first that failed.

    ignored: the pipeline task has ``onError: continue``. A step with ``onError: continue`` has not failed; its time-out
    and a missing executable are failures all the same, so their ``termination`` is not ``Continued``.
    """
    for index, step in enumerate(steps):
        if not step_failed(step):
            continue
        oom = step.reason == OOM_KILLED
        reason = TaskRunReason.STEP_OOM if oom else TaskRunReason.STEP_FAILED
        return Condition(
            status="False",
            reason=TaskRunReason.FAILURE_IGNORED if ignored else reason,
            message=_failure_message(step, container_name(step, index)),
        )
    return Condition(
        status="True", reason=TaskRunReason.SUCCEEDED, message="All Steps have completed executing"
    )


def step_failed(step: StepRecord) -> bool:
    """Whether a step's end makes its task fail. One that was skipped or is ignored does not."""
    if step.termination in (TerminationReason.SKIPPED, TerminationReason.CONTINUED):
        return False
    if step.termination in (TerminationReason.TIMEOUT_EXCEEDED, TerminationReason.CANCELLED):
        return True
    return step.reason == OOM_KILLED or step.exit_code not in (None, 0)


def _failure_message(step: StepRecord, container: str) -> str:
    if step.termination == TerminationReason.TIMEOUT_EXCEEDED:
        return f'"{container}" exited because the step exceeded the specified timeout limit'
    if step.exit_code:
        return f'"{container}" exited with code {step.exit_code}'
    return step.reason or f'"{container}" was cancelled'


def sidecar_condition(sidecar: StepRecord, *, ignored: bool = False) -> Condition:
    """The condition of a task run that failed because of a sidecar."""
    oom = sidecar.reason == OOM_KILLED
    reason = TaskRunReason.SIDECAR_OOM if oom else TaskRunReason.SIDECAR_FAILED
    why = f"exited with code {sidecar.exit_code}" if sidecar.exit_code else sidecar.reason
    return Condition(
        status="False",
        reason=TaskRunReason.FAILURE_IGNORED if ignored else reason,
        message=f'"sidecar-{sidecar.name}" {why}',
    )


def timed_out_condition(taskrun: str, timeout: float) -> Condition:
    """The condition of an attempt that took longer than ``timeout`` seconds."""
    message = f'TaskRun "{taskrun}" failed to finish within "{go_duration(timeout)}"'
    return Condition(status="False", reason=TaskRunReason.TIMED_OUT, message=message)


def cancelled_condition(taskrun: str, why: str = "") -> Condition:
    """The condition of a task run that was told to end. ``why``: Tekton's ``statusMessage``."""
    message = f'TaskRun "{taskrun}" was cancelled. {why}'.rstrip()
    return Condition(status="False", reason=TaskRunReason.CANCELLED, message=message)


def too_large_condition(message: str) -> Condition:
    """The condition of a task run whose results do not fit where they are kept."""
    return Condition(status="False", reason=TaskRunReason.RESULT_LARGER_THAN_ALLOWED_LIMIT, message=message)


def check_results(spec: TaskSpec, results: Sequence[Result]) -> tuple[tuple[Result, ...], Condition | None]:
    """The results that have the types they are declared with, and the condition if others do not.

    A declared result that is missing is no error, nor is one that is not declared. An object must have all the keys of
    its ``properties``; one that lacks some is kept, but fails the task run (validateTaskRunResults).
    """
    declared = {result.name: result for result in spec.results}
    fitting: list[Result] = []
    wrong: list[str] = []
    lacking: dict[str, list[str]] = {}
    for result in results:
        found = type_of(result.value)
        wanted = declared[result.name].type if result.name in declared else found
        if found is not wanted:
            wrong.append(
                f' "{result.name}": task result is expected to be "{wanted}" type '
                f'but was initialized to a different type "{found}"'
            )
            continue
        fitting.append(result)
        if found is ValueType.OBJECT and result.name in declared and isinstance(result.value, Mapping):
            missing = [key for key in declared[result.name].properties if key not in result.value]
            if missing:
                lacking[result.name] = missing
    if wrong:
        message = (
            "Provided results don't match declared results; may be invalid JSON or missing result declaration: "
            + ",".join(sorted(wrong))
        )
    elif lacking:
        keys = " ".join(f"{name}:[{' '.join(sorted(lacking[name]))}]" for name in sorted(lacking))
        message = f"missing keys for these results which are required in TaskResult's properties map[{keys}]"
    else:
        return tuple(fitting), None
    return tuple(fitting), Condition(status="False", reason=TaskRunReason.VALIDATION_FAILED, message=message)
