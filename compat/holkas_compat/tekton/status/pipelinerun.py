"""A PipelineRun's status."""

from __future__ import annotations

from typing import Any

from holkas.model.record import PipelineRunRecord, TaskRunRecord

from holkas_compat.tekton.status.condition import conditions, timestamp
from holkas_compat.tekton.status.customrun import custom_run_status
from holkas_compat.tekton.status.provenance import provenance
from holkas_compat.tekton.status.spec import with_defaults
from holkas_compat.tekton.status.taskrun import task_run_status
from holkas_compat.tekton.writer.fields import filled, plain
from holkas_compat.tekton.writer.params import write_whens
from holkas_compat.tekton.writer.pipeline import write_pipeline_spec


def pipeline_run_status(record: PipelineRunRecord) -> dict[str, Any]:
    """``status`` of a PipelineRun, those of its children under ``taskRuns``, ``runs`` and ``pipelineRuns``."""
    spec = record.spec
    own = [child for child in record.children if isinstance(child, TaskRunRecord)]
    task_runs = [child for child in own if not child.custom_kind]
    pipeline_runs = [child for child in record.children if isinstance(child, PipelineRunRecord)]
    return {"conditions": conditions(record.condition, record.started, record.finished)} | filled(
        startTime=timestamp(record.started),
        completionTime=timestamp(record.finished),
        results=[{"name": result.name, "value": plain(result.value)} for result in record.results],
        pipelineSpec=None if spec is None else with_defaults("PipelineSpec", write_pipeline_spec(spec)),
        provenance=provenance(record.ref_source),
        skippedTasks=[
            {"name": task.name, "reason": task.reason} | filled(whenExpressions=write_whens(task.when))
            for task in record.skipped
        ],
        childReferences=[_reference(child) for child in record.children],
        finallyStartTime=timestamp(record.finally_started),
        taskRuns={
            child.name: {"pipelineTaskName": child.pipeline_task, "status": task_run_status(child)}
            | filled(whenExpressions=write_whens(child.when))
            for child in task_runs
        },
        runs={
            child.name: {"pipelineTaskName": child.pipeline_task, "status": custom_run_status(child)}
            | filled(whenExpressions=write_whens(child.when))
            for child in own
            if child.custom_kind
        },
        pipelineRuns={
            child.name: {"pipelineTaskName": child.pipeline_task, "status": pipeline_run_status(child)}
            for child in pipeline_runs
        },
    )


def _reference(child: TaskRunRecord | PipelineRunRecord) -> dict[str, Any]:
    out = {"apiVersion": "tekton.dev/v1", "kind": "PipelineRun", "name": child.name}
    if isinstance(child, TaskRunRecord):
        out |= {"kind": "TaskRun"}
        if child.custom_kind:
            out |= {"apiVersion": "tekton.dev/v1beta1", "kind": "CustomRun"}
    if isinstance(child, TaskRunRecord):
        out |= filled(displayName=child.display_name)
    out["pipelineTaskName"] = child.pipeline_task
    if isinstance(child, TaskRunRecord):
        out |= filled(whenExpressions=write_whens(child.when))
    return out
