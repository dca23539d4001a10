"""From the steps of an attempt to what the task run gives back."""

from __future__ import annotations

from collections.abc import Sequence

from holkas.model.param import Param, Result
from holkas.model.record import Condition, StepRecord
from holkas.model.run import TaskRun
from holkas.model.task import TaskSpec
from holkas.pipeline.param_values import task_param_replacements
from holkas.pipeline.reasons import TaskRunReason
from holkas.pipeline.references import references_in
from holkas.pipeline.step_template import apply_step_template
from holkas.pipeline.substitute_pipeline_task import substitute_reference
from holkas.pipeline.task_status import (
    cancelled_condition,
    check_results,
    steps_condition,
    timed_out_condition,
    too_large_condition,
)
from holkas.records import replace

from holkas_builtin.runner.errors import SetupError
from holkas_builtin.runner.run_context import RunContext


def prepared_spec(spec: TaskSpec, params: Sequence[Param], context: RunContext) -> TaskSpec:
    """The spec with step actions put in the place of their references and the step template merged.

    Raises SetupError with Tekton's reason when a step action is missing or does not fit.
    """
    if any(step.ref is not None for step in spec.steps):
        from holkas.pipeline.step_action import StepActionError, resolve_step_action

        replacements = task_param_replacements(spec.params, params)
        steps = []
        for index, step in enumerate(spec.steps):
            if step.ref is None:
                steps.append(step)
                continue
            ref = substitute_reference(step.ref, replacements)
            action = context.catalog.step_actions.get(ref.key)
            if action is None:
                why = context.catalog.unresolved.get(("StepAction", ref.key))
                why = why or f'the file has no StepAction "{step.ref.name}"'
                message = f"steps[{index}].ref: {why}"
                raise SetupError(TaskRunReason.RESOLUTION_FAILED, message)
            resolved = resolve_step_action(step, action, replacements)
            if isinstance(resolved, StepActionError):
                raise SetupError(TaskRunReason.RESOLUTION_FAILED, f"steps[{index}].ref: {resolved.message}")
            steps.append(resolved)
        spec = replace(spec, steps=tuple(steps))
    return apply_step_template(spec)


def results_of_steps(spec: TaskSpec, steps: Sequence[StepRecord]) -> tuple[Result, ...]:
    """Results of the task that are taken from results of its steps (``value: $(steps.s.results.r)``)."""
    by_step = {step.name: {result.name: result.value for result in step.results} for step in steps}
    found = []
    for declared in spec.results:
        if not isinstance(declared.value, str):
            continue
        reference = next(references_in(declared.value), None)
        if reference is None or reference.scope != "steps" or len(reference.names) < 3:
            continue
        value = by_step.get(reference.names[0], {}).get(reference.names[2])
        if value is not None:
            found.append(Result(name=declared.name, value=value))
    return tuple(found)


def in_order(spec: TaskSpec, results: Sequence[Result]) -> tuple[Result, ...]:
    """Results in the order in which the task declares them."""
    by_name = {result.name: result for result in results}
    return tuple(by_name[declared.name] for declared in spec.results if declared.name in by_name)


def task_condition(
    run: TaskRun,
    spec: TaskSpec,
    steps: Sequence[StepRecord],
    results: Sequence[Result],
    problems: Sequence[str],
    *,
    ignored: bool,
    timeout: float | None,
    message: str,
) -> tuple[Condition, tuple[Result, ...]]:
    """How the attempt ended, and the results that count.

    problems: what was wrong with the files of results. ignored: the pipeline task has ``onError: continue``.
    message: why the run was cancelled, if it was.
    """
    fitting, wrong = check_results(spec, results)
    endings = {step.reason for step in steps}
    if TaskRunReason.CANCELLED in endings:
        return cancelled_condition(run.name, message), fitting
    if TaskRunReason.TIMED_OUT in endings:
        return timed_out_condition(run.name, timeout or 0.0), fitting
    condition = steps_condition(steps, ignored=ignored)
    if condition.status == "True" and problems:
        return too_large_condition("; ".join(problems)), fitting
    if condition.status == "True" and wrong is not None:
        return wrong, fitting
    return condition, fitting
