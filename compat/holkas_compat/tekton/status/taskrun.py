"""A TaskRun's status."""

from __future__ import annotations

from typing import Any

from holkas.model.record import TaskRunRecord

from holkas_compat.tekton.status.condition import conditions, timestamp
from holkas_compat.tekton.status.provenance import provenance
from holkas_compat.tekton.status.spec import with_defaults
from holkas_compat.tekton.status.steps import sidecar_states, step_states
from holkas_compat.tekton.writer.fields import filled, plain
from holkas_compat.tekton.writer.params import write_results
from holkas_compat.tekton.writer.task import write_task_spec


def task_run_status(record: TaskRunRecord) -> dict[str, Any]:
    """``status`` of a TaskRun. Without a pod ``podName`` is empty; earlier attempts are ``retriesStatus``."""
    spec = record.applied_spec or record.spec
    out: dict[str, Any] = {
        "conditions": conditions(record.condition, record.started, record.finished),
        "podName": "",
    }
    return out | filled(
        startTime=timestamp(record.started),
        completionTime=timestamp(record.finished),
        steps=step_states(record.steps, spec),
        retriesStatus=[task_run_status(attempt) for attempt in record.attempts],
        results=write_results(record.results),
        artifacts=filled(inputs=plain(record.inputs), outputs=plain(record.outputs)),
        provenance=provenance(record.ref_source),
        sidecars=sidecar_states(record.sidecars, spec),
        taskSpec=None if spec is None else with_defaults("TaskSpec", write_task_spec(spec)),
    )
