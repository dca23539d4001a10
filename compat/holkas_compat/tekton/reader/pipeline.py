"""Pipelines and their tasks."""

from __future__ import annotations

from dataclasses import replace

from holkas.model.pipeline import CustomTaskSpec, Matrix, MatrixInclude, Pipeline, PipelineSpec, PipelineTask
from holkas.model.task import TaskSpec

from holkas_compat.tekton.reader.fields import Raw, duration, items, mapping, text, texts
from holkas_compat.tekton.reader.metadata import read_metadata
from holkas_compat.tekton.reader.params import read_param_spec, read_params, read_result_spec
from holkas_compat.tekton.reader.references import read_reference
from holkas_compat.tekton.reader.task import read_task_spec
from holkas_compat.tekton.reader.when import read_whens
from holkas_compat.tekton.reader.workspaces import read_declarations, read_task_workspaces


def read_pipeline(doc: Raw) -> Pipeline:
    """A Pipeline document."""
    return Pipeline(**read_metadata(doc), spec=read_pipeline_spec(mapping(doc, "spec")))


def read_pipeline_spec(raw: Raw) -> PipelineSpec:
    """A pipeline's spec, its own or embedded."""
    return PipelineSpec(
        tasks=items(raw, "tasks", read_pipeline_task),
        finally_=items(raw, "finally", read_pipeline_task),
        params=items(raw, "params", read_param_spec),
        results=items(raw, "results", read_result_spec),
        workspaces=read_declarations(raw),
        display_name=text(raw, "displayName"),
        description=text(raw, "description"),
    )


def read_pipeline_task(raw: Raw) -> PipelineTask:
    """One node of the graph."""
    task_spec, custom_spec = _embedded(raw.get("taskSpec"))
    pipeline_spec = raw.get("pipelineSpec")
    return PipelineTask(
        name=text(raw, "name"),
        ref=read_reference(raw, "taskRef"),
        task_spec=task_spec,
        task_metadata=mapping(mapping(raw, "taskSpec"), "metadata"),
        pipeline_ref=read_reference(raw, "pipelineRef"),
        pipeline_spec=None if pipeline_spec is None else read_pipeline_spec(pipeline_spec),
        custom_spec=custom_spec,
        params=read_params(raw),
        matrix=_matrix(raw.get("matrix")),
        workspaces=read_task_workspaces(raw),
        when=read_whens(raw),
        run_after=texts(raw, "runAfter"),
        retries=raw.get("retries") or 0,
        timeout=duration(raw, "timeout"),
        on_error=text(raw, "onError"),
        display_name=text(raw, "displayName"),
        description=text(raw, "description"),
    )


def _embedded(raw: Raw | None) -> tuple[TaskSpec | None, CustomTaskSpec | None]:
    """An embedded task; one with an apiVersion and no steps is of a custom kind."""
    if raw is None:
        return None, None
    if (raw.get("apiVersion") or raw.get("kind")) and not raw.get("steps"):
        return None, replace(read_custom_spec(raw), metadata={})
    return read_task_spec(raw), None


def read_custom_spec(raw: Raw) -> CustomTaskSpec:
    """An embedded custom task, a pipeline task's or a CustomRun's."""
    return CustomTaskSpec(
        api_version=text(raw, "apiVersion"),
        kind=text(raw, "kind"),
        spec=mapping(raw, "spec"),
        metadata=mapping(raw, "metadata"),
    )


def _matrix(raw: Raw | None) -> Matrix | None:
    return None if raw is None else Matrix(params=read_params(raw), include=items(raw, "include", _include))


def _include(raw: Raw) -> MatrixInclude:
    return MatrixInclude(name=text(raw, "name"), params=read_params(raw))
