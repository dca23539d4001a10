"""Runs from v1beta1 to v1 (taskrun_conversion.go, pipelinerun_conversion.go)."""

from __future__ import annotations

from holkas_compat.tekton.conversion.annotations import RESOURCES, annotate
from holkas_compat.tekton.conversion.pipeline import pipeline_spec_to_v1
from holkas_compat.tekton.conversion.references import pipeline_ref_to_v1, task_ref_to_v1
from holkas_compat.tekton.conversion.renaming import Object, renamed, replace, replace_items
from holkas_compat.tekton.conversion.task import task_spec_to_v1
from holkas_compat.tekton.schema.encode import encode, encode_value
from holkas_compat.tekton.schema.pipeline_resources import RESOURCE_BINDINGS, TASK_RUN_RESOURCES

_OVERRIDES = {"stepOverrides": "stepSpecs", "sidecarOverrides": "sidecarSpecs"}
_TASK_RUN_SPECS = {
    **_OVERRIDES,
    "taskServiceAccountName": "serviceAccountName",
    "taskPodTemplate": "podTemplate",
}
_TEMPLATE = ("podTemplate", "serviceAccountName")


def task_run_to_v1(run: Object, metadata: Object) -> Object:
    """The spec of a TaskRun."""
    spec: Object = run.get("spec") or {}
    if spec.get("resources") is not None:
        annotate(metadata, RESOURCES, encode(TASK_RUN_RESOURCES, spec["resources"]))
    made = _with_overrides(renamed(spec, _OVERRIDES, without=("resources", "managedBy")))
    replace(made, "taskRef", task_ref_to_v1)
    replace(made, "taskSpec", lambda task: task_spec_to_v1(task, metadata, metadata.get("name", "")))
    return made


def pipeline_run_to_v1(run: Object, metadata: Object) -> Object:
    """The spec of a PipelineRun. ``managedBy`` is lost, as in Tekton."""
    spec: Object = run.get("spec") or {}
    if spec.get("resources"):
        annotate(metadata, RESOURCES, encode_value(RESOURCE_BINDINGS, spec["resources"]))
    made = renamed(spec, {}, without=("resources", "managedBy", "timeout", *_TEMPLATE))
    if spec.get("timeout") is not None:
        made["timeouts"] = {"pipeline": spec["timeout"]}
    template = {name: spec[name] for name in _TEMPLATE if spec.get(name)}
    if template:
        made["taskRunTemplate"] = template
    replace(made, "pipelineRef", pipeline_ref_to_v1)
    replace(made, "pipelineSpec", lambda pipeline: pipeline_spec_to_v1(pipeline, metadata))
    replace_items(made, "taskRunSpecs", lambda item: _with_overrides(renamed(item, _TASK_RUN_SPECS)))
    return made


def _with_overrides(made: Object) -> Object:
    for key in _OVERRIDES.values():
        replace_items(made, key, lambda item: renamed(item, {"resources": "computeResources"}))
    return made
