"""Pipelines and their tasks."""

from __future__ import annotations

from typing import Any

from holkas.model.pipeline import CustomTaskSpec, Matrix, Pipeline, PipelineSpec, PipelineTask

from holkas_compat.tekton.reader.durations import format_duration
from holkas_compat.tekton.writer.fields import filled, plain
from holkas_compat.tekton.writer.params import (
    write_param_specs,
    write_params,
    write_reference,
    write_result_specs,
    write_whens,
)
from holkas_compat.tekton.writer.task import document, write_metadata, write_task_spec
from holkas_compat.tekton.writer.workspaces import write_declarations, write_task_workspaces


def write_pipeline(pipeline: Pipeline) -> dict[str, Any]:
    """A Pipeline document."""
    return document("Pipeline", write_metadata(pipeline), write_pipeline_spec(pipeline.spec))


def write_pipeline_spec(spec: PipelineSpec) -> dict[str, Any]:
    """A pipeline's spec."""
    return filled(
        displayName=spec.display_name,
        description=spec.description,
        tasks=[write_pipeline_task(task) for task in spec.tasks],
        params=write_param_specs(spec.params),
        workspaces=write_declarations(spec.workspaces),
        results=write_result_specs(spec.results),
        finally_=[write_pipeline_task(task) for task in spec.finally_],
    )


def write_pipeline_task(task: PipelineTask) -> dict[str, Any]:
    """One node of the graph. References and embedded specs are written even where they are empty."""
    out = filled(name=task.name, displayName=task.display_name, description=task.description)
    if task.ref is not None:
        out["taskRef"] = write_reference(task.ref)
    embedded = _embedded(task)
    if embedded is not None:
        out["taskSpec"] = embedded
    out |= filled(
        when=write_whens(task.when),
        retries=task.retries,
        runAfter=list(task.run_after),
        params=write_params(task.params),
    )
    if task.matrix is not None:
        out["matrix"] = _matrix(task.matrix)
    out |= filled(
        workspaces=write_task_workspaces(task.workspaces),
        timeout="" if task.timeout is None else format_duration(task.timeout),
    )
    if task.pipeline_ref is not None:
        out["pipelineRef"] = write_reference(task.pipeline_ref)
    if task.pipeline_spec is not None:
        out["pipelineSpec"] = write_pipeline_spec(task.pipeline_spec)
    return out | filled(onError=task.on_error)


def _embedded(task: PipelineTask) -> dict[str, Any] | None:
    metadata = filled(metadata=plain(task.task_metadata))
    if task.custom_spec is not None:
        return write_custom_spec(task.custom_spec) | metadata
    return None if task.task_spec is None else metadata | write_task_spec(task.task_spec)


def write_custom_spec(custom: CustomTaskSpec) -> dict[str, Any]:
    """An embedded custom task."""
    return filled(
        apiVersion=custom.api_version,
        kind=custom.kind,
        metadata=plain(custom.metadata),
        spec=plain(custom.spec),
    )


def _matrix(matrix: Matrix) -> dict[str, Any]:
    return filled(
        params=write_params(matrix.params),
        include=[filled(name=item.name, params=write_params(item.params)) for item in matrix.include],
    )
