"""Tasks and step actions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas.model.pipeline import Pipeline
from holkas.model.run import Run
from holkas.model.step import StepAction
from holkas.model.task import Task, TaskSpec

from holkas_compat.tekton.writer.fields import filled, plain
from holkas_compat.tekton.writer.params import write_param_specs, write_result_specs
from holkas_compat.tekton.writer.steps import write_sidecar, write_step, write_step_template
from holkas_compat.tekton.writer.workspaces import write_declarations


def write_task(task: Task) -> dict[str, Any]:
    """A Task document."""
    return document("Task", write_metadata(task), write_task_spec(task.spec))


def write_task_spec(spec: TaskSpec) -> dict[str, Any]:
    """A task's spec."""
    out = filled(
        params=write_param_specs(spec.params),
        displayName=spec.display_name,
        description=spec.description,
        steps=[write_step(step) for step in spec.steps],
        volumes=[
            {"name": volume.name}
            | ({volume.kind: plain(volume.source)} if volume.kind else {})
            | plain(volume.extra)
            for volume in spec.volumes
        ],
    )
    template = write_step_template(spec.step_template)
    if template is not None:
        out["stepTemplate"] = template
    return out | filled(
        sidecars=[write_sidecar(sidecar) for sidecar in spec.sidecars],
        workspaces=write_declarations(spec.workspaces),
        results=write_result_specs(spec.results),
    )


def write_step_action(action: StepAction) -> dict[str, Any]:
    """A StepAction document; the kind has no v1 yet."""
    spec = (
        filled(description=action.description)
        | write_step(action.step, named=False)
        | filled(params=write_param_specs(action.params))
    )
    return document("StepAction", write_metadata(action), spec, version="v1beta1")


def document(
    kind: str, metadata: Mapping[str, Any], spec: Mapping[str, Any], *, version: str = "v1"
) -> dict[str, Any]:
    """A manifest of Tekton's."""
    return {"apiVersion": f"tekton.dev/{version}", "kind": kind, "metadata": metadata, "spec": spec}


def write_metadata(item: Task | Pipeline | StepAction | Run, namespace: str = "") -> dict[str, Any]:
    """The metadata of a document; the namespace is written unless it is ``default``."""
    further: dict[str, Any] = plain(item.metadata)
    return (
        filled(name=item.name, namespace="" if namespace == "default" else namespace)
        | filled(labels=plain(item.labels), annotations=plain(item.annotations))
        | further
    )
