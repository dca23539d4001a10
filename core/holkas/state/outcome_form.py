"""What is kept of an attempt of a task, so that a later process can go on as if it had seen it itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from holkas.model.param import Result
from holkas.model.record import Condition, StepRecord, TaskRunRecord


def outcome_form(record: TaskRunRecord) -> dict[str, Any]:
    """The part of a record that cannot be worked out again, as JSON.

    The condition and the results are in the event beside it; params, specs and names come from the manifest.
    """
    form: dict[str, Any] = {
        "started": record.started,
        "finished": record.finished,
        "executor": record.executor,
        "applied": record.applied_spec is not None,
        "steps": [_step_form(step) for step in record.steps],
    }
    if record.sidecars:
        form["sidecars"] = [_step_form(step) for step in record.sidecars]
    return form | artifacts_form(record)


def artifacts_form(record: TaskRunRecord | StepRecord) -> dict[str, Any]:
    """Its artifacts, where there are any."""
    found = {"inputs": list(record.inputs), "outputs": list(record.outputs)}
    return {key: value for key, value in found.items() if value}


def with_outcome(
    record: TaskRunRecord, form: Mapping[str, Any], condition: Condition, results: Mapping[str, Any]
) -> TaskRunRecord:
    """The record with what :func:`outcome_form` kept. Raises KeyError and TypeError for what is none."""
    return replace(
        record,
        condition=condition,
        started=form["started"],
        finished=form["finished"],
        executor=str(form["executor"]),
        steps=tuple(_step(step) for step in form["steps"]),
        sidecars=tuple(_step(step) for step in form.get("sidecars", ())),
        results=results_of(results),
        inputs=tuple(form.get("inputs", ())),
        outputs=tuple(form.get("outputs", ())),
    )


def results_of(results: Mapping[str, Any]) -> tuple[Result, ...]:
    """Results of an event's data, in their order."""
    return tuple(Result(name=name, value=value) for name, value in results.items())


def _step_form(step: StepRecord) -> dict[str, Any]:
    form: dict[str, Any] = {
        "name": step.name,
        "exit_code": step.exit_code,
        "reason": step.reason,
        "termination": step.termination,
        "started": step.started,
        "finished": step.finished,
        "log": step.log,
    }
    if step.image:
        form["image"] = step.image
    if step.results:
        form["results"] = {result.name: result.value for result in step.results}
    return form | artifacts_form(step)


def _step(form: Mapping[str, Any]) -> StepRecord:
    kept: Sequence[str] = ("name", "exit_code", "reason", "termination", "started", "finished", "log")
    return StepRecord(
        **{key: form[key] for key in kept},
        image=str(form.get("image", "")),
        results=results_of(form.get("results", {})),
        inputs=tuple(form.get("inputs", ())),
        outputs=tuple(form.get("outputs", ())),
    )
