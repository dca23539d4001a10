"""Specs after substitution, as Tekton's own reconcilers give them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from holkas.model.pipeline import PipelineSpec, PipelineTask
from holkas.model.task import TaskSpec
from holkas.pipeline.apply_pipeline import (
    PipelineContext,
    apply_context_to_pipeline,
    apply_params_to_pipeline,
    apply_to_pipeline,
    apply_workspaces_to_pipeline,
)
from holkas.pipeline.apply_task import (
    TaskContext,
    TaskWorkspaces,
    apply_result_paths,
    apply_to_task,
    context_values,
    substitute_task,
)
from holkas.pipeline.param_values import ParamResolutionError, admitted_params, task_param_replacements
from holkas.pipeline.step_template import apply_step_template
from holkas.pipeline.substitution import Replacements
from holkas.yaml import Source, load_documents
from holkas_compat.tekton.reader import (
    read_pipeline,
    read_pipeline_run,
    read_pipeline_spec,
    read_task,
    read_task_run,
    read_task_spec,
)
from holkas_compat.tekton.writer import write_pipeline_spec, write_task_spec

from tests.shared import rows

pytestmark = pytest.mark.conformance


def cases(*path: str) -> list[Any]:
    return [
        pytest.param(row, id=f"{index}-{row.get('op') or row['id']}") for index, row in enumerate(rows(*path))
    ]


def tidy(node: Any) -> Any:
    """Without what Tekton's defaults and Go's encoding add: ``kind: Task``, ``metadata: {}`` …"""
    if isinstance(node, list):
        return [tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    if isinstance(node.get("taskRef"), dict) and node["taskRef"].get("kind") == "Task":
        node = {**node, "taskRef": {key: value for key, value in node["taskRef"].items() if key != "kind"}}
    return {
        key: tidy(value)
        for key, value in node.items()
        if not (key == "computeResources" and value == {})
        and not (key == "metadata" and value == {})
        and not (key == "spec" and value is None)
    }


def pipeline_spec(raw: Any) -> PipelineSpec:
    return read_pipeline_spec(tidy(raw))


def task_spec(raw: Any) -> TaskSpec:
    return read_task_spec(tidy(raw))


@pytest.mark.parametrize("row", cases("tekton", "pr_apply.jsonl"))
def test_pipeline_specs_get_their_variables(row: dict[str, Any]) -> None:
    run = read_pipeline_run(row["pipelineRun"])
    meta = row["pipelineRun"].get("metadata") or {}
    spec = pipeline_spec(row["spec"])

    def applied() -> PipelineSpec:
        match row["op"]:
            case "ApplyParameters":
                return apply_params_to_pipeline(spec, run.params)
            case "ApplyContexts":
                context = PipelineContext(
                    run_name=run.name,
                    namespace=meta.get("namespace", ""),
                    uid=meta.get("uid", ""),
                    pipeline_name=row["pipelineName"],
                )
                return apply_context_to_pipeline(spec, context)
            case _:
                return apply_workspaces_to_pipeline(spec, [binding.name for binding in run.workspaces])

    if row["error"]:
        with pytest.raises(ParamResolutionError) as caught:
            applied()
        assert str(caught.value) == row["error"]
    else:
        assert written(applied()) == written(pipeline_spec(row["out"]))


@pytest.mark.parametrize("row", cases("tekton", "tr_apply.jsonl"))
def test_task_specs_get_their_variables(row: dict[str, Any]) -> None:
    spec = task_spec(row["spec"])
    run = read_task_run(row["taskRun"]) if "taskRun" in row else None
    match row["op"]:
        case "ApplyParameters":
            declared = task_spec({"params": row["defaults"] or []}).params
            out = substitute_task(spec, task_param_replacements(declared, run.params))
        case "ApplyContexts":
            meta = row["taskRun"].get("metadata") or {}
            context = TaskContext(
                run_name=run.name,
                namespace=meta.get("namespace", ""),
                uid=meta.get("uid", ""),
                task_name=row["taskName"],
                retries=len(row["taskRun"]["status"].get("retriesStatus", ())),
            )
            out = substitute_task(spec, Replacements(context_values(context)))
        case _:
            out = apply_result_paths(spec)
    assert written(out) == written(task_spec(row["out"]))


def generated(kind: str) -> list[Any]:
    return [
        pytest.param(row, id=row["id"])
        for row in rows("tekton", "generated", "apply.jsonl")
        if row["kind"] == kind
    ]


def written(spec: PipelineSpec | TaskSpec) -> Any:
    """As a manifest, without empty texts, which Go leaves out of what the model keeps as it stands there."""
    return filled(write_task_spec(spec) if isinstance(spec, TaskSpec) else write_pipeline_spec(spec))


def filled(node: Any) -> Any:
    if isinstance(node, list | tuple):
        return [filled(item) for item in node]
    if isinstance(node, dict):
        return {key: filled(value) for key, value in node.items() if value != ""}
    return node


def merged(spec: PipelineSpec) -> PipelineSpec:
    """With the step templates in the steps, as the validation before Tekton's reconciler leaves them."""

    def task(each: PipelineTask) -> PipelineTask:
        return replace(each, task_spec=apply_step_template(each.task_spec)) if each.task_spec else each

    return replace(spec, tasks=tuple(map(task, spec.tasks)), finally_=tuple(map(task, spec.finally_)))


def documents(text: str) -> dict[str, Any]:
    found = [document.value for document in load_documents(Source("case", text.encode()))]
    return {document["kind"]: document for document in found}


@pytest.mark.parametrize("row", generated("TaskRun"))
def test_generated_task_runs(row: dict[str, Any]) -> None:
    found = documents(row["yaml"])
    run = read_task_run(found["TaskRun"])
    task = read_task(found["Task"]) if run.spec is None else None
    spec = task.spec if task else run.spec
    out = apply_to_task(
        spec if task else apply_step_template(spec),
        params=run.params if task else admitted_params(spec.params, run.params),
        context=TaskContext(
            run_name=run.name,
            namespace=found["TaskRun"]["metadata"].get("namespace", ""),
            task_name=task.name if task else run.name,
        ),
        workspaces=TaskWorkspaces(
            bindings=run.workspaces,
            volumes={binding.name: f"ws-{binding.name}" for binding in run.workspaces},
        ),
    )
    assert written(out) == written(task_spec(row["applied"]))


@pytest.mark.parametrize("row", generated("PipelineRun"))
def test_generated_pipeline_runs(row: dict[str, Any]) -> None:
    found = documents(row["yaml"])
    run = read_pipeline_run(found["PipelineRun"])
    pipeline = read_pipeline(found["Pipeline"]) if run.spec is None else None

    spec = pipeline.spec if pipeline else run.spec

    def applied() -> PipelineSpec:
        return apply_to_pipeline(
            spec if pipeline else merged(spec),
            params=run.params if pipeline else admitted_params(spec.params, run.params),
            context=PipelineContext(
                run_name=run.name,
                namespace=found["PipelineRun"]["metadata"].get("namespace", ""),
                pipeline_name=pipeline.name if pipeline else run.name,
            ),
            workspaces=[binding.name for binding in run.workspaces],
        )

    if "applyError" in row:
        with pytest.raises(ParamResolutionError) as caught:
            applied()
        assert str(caught.value) == row["applyError"]
    else:
        assert written(applied()) == written(pipeline_spec(row["applied"]))
