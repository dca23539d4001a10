"""What a pipeline run hands to one of its tasks: workspaces and settings."""

from __future__ import annotations

from collections.abc import Sequence

from holkas.model.pipeline import PipelineTask
from holkas.model.run import PipelineRun, TaskRunSettings
from holkas.model.workspace import WorkspaceBinding
from holkas.records import replace

from holkas_builtin.runner.claims import claim_name
from holkas_builtin.runner.propagation import used_workspaces


def task_bindings(
    task: PipelineTask, bindings: Sequence[WorkspaceBinding], *, owner: str
) -> tuple[WorkspaceBinding, ...]:
    """The run's bindings under the names that the task uses; a claim template becomes the run's one claim.

    Embedded specs also get those of the run's workspaces that they declare or use without being handed them
    (propagated workspaces: Tekton docs, workspaces.md).
    """
    by_name = {binding.name: binding for binding in bindings}
    handed: dict[str, WorkspaceBinding] = {}
    if task.task_spec is not None:
        wanted_names = {declared.name for declared in task.task_spec.workspaces} | used_workspaces(
            task.task_spec
        )
        handed = {name: with_claim(by_name[name], owner) for name in by_name if name in wanted_names}
    elif task.pipeline_spec is not None:
        wanted_names = {declared.name for declared in task.pipeline_spec.workspaces}
        handed = {name: with_claim(by_name[name], owner) for name in by_name if name in wanted_names}
    for wanted in task.workspaces:
        binding = by_name.get(wanted.workspace or wanted.name)
        if binding is None:
            handed.pop(wanted.name, None)
            continue
        sub_path = "/".join(part for part in (binding.sub_path, wanted.sub_path) if part)
        handed[wanted.name] = replace(with_claim(binding, owner), name=wanted.name, sub_path=sub_path)
    return tuple(handed.values())


def with_claim(binding: WorkspaceBinding, owner: str) -> WorkspaceBinding:
    """The binding with a claim template turned into the claim that ``owner`` makes of it."""
    if binding.kind != "volumeClaimTemplate":
        return binding
    return replace(binding, kind="persistentVolumeClaim", source={"claimName": claim_name(binding, owner)})


def task_settings(run: PipelineRun, task: str) -> TaskRunSettings:
    """The run's template with what it changes for this task."""
    own = next((settings for settings in run.task_settings if settings.pipeline_task == task), None)
    if own is None:
        return run.template
    pod_template = dict(run.template.pod_template)
    for key, value in own.pod_template.items():
        if key in ("env", "volumes") and key in pod_template:
            names = {entry.get("name") for entry in value}
            value = [*(entry for entry in pod_template[key] if entry.get("name") not in names), *value]
        pod_template[key] = value
    return replace(
        own,
        service_account=own.service_account or run.template.service_account,
        pod_template=pod_template,
        labels={**run.labels, **run.template.labels, **own.labels},
        annotations={**run.annotations, **run.template.annotations, **own.annotations},
    )
