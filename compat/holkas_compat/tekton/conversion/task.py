"""Tasks from v1beta1 to v1 (task_conversion.go, container_conversion.go, param_conversion.go)."""

from __future__ import annotations

from holkas_compat.tekton.conversion.annotations import RESOURCES, add_task_deprecation, annotate
from holkas_compat.tekton.conversion.renaming import Object, renamed, replace, replace_items
from holkas_compat.tekton.schema.encode import encode
from holkas_compat.tekton.schema.pipeline_resources import TASK_RESOURCES
from holkas_compat.tekton.schema.step import (
    DEPRECATED_CONTAINER_FIELDS,
    STEP_TEMPLATE_V1BETA1,
    STEP_V1BETA1,
)

_COMPUTE_RESOURCES = {"resources": "computeResources"}
_TEMPLATE_ONLY = ("name",)


def task_to_v1(task: Object, metadata: Object) -> Object:
    """The spec of a Task; what v1 cannot say goes into ``metadata``'s annotations."""
    spec: Object = task.get("spec") or {}
    if spec.get("resources") is not None:
        annotate(metadata, RESOURCES, encode(TASK_RESOURCES, spec["resources"]))
    return task_spec_to_v1(spec, metadata, metadata.get("name", ""))


def task_spec_to_v1(spec: Object, metadata: Object, task: str) -> Object:
    """The spec of a task, inline ones too; ``task`` names it in the annotation of deprecated fields."""
    deprecation = _deprecation(spec)
    if deprecation is not None:
        add_task_deprecation(metadata, task, deprecation)
    made = renamed(spec, {}, without=("resources",))
    replace_items(made, "params", param_spec_to_v1)
    replace_items(made, "steps", _step)
    replace(made, "stepTemplate", _step_template)
    replace_items(made, "sidecars", lambda sidecar: renamed(sidecar, _COMPUTE_RESOURCES))
    return made


def param_spec_to_v1(spec: Object) -> Object:
    """A declared param; one without a type is a string."""
    return spec if spec.get("type") else {**spec, "type": "string"}


def _step(step: Object) -> Object:
    return renamed(step, _COMPUTE_RESOURCES, without=DEPRECATED_CONTAINER_FIELDS)


def _step_template(template: Object) -> Object:
    without = (*DEPRECATED_CONTAINER_FIELDS, *_TEMPLATE_ONLY)
    return renamed(template, _COMPUTE_RESOURCES, without=without)


def _deprecation(spec: Object) -> Object | None:
    """All deprecated fields of a task, by step; None where there are none."""
    steps = [_only(step, DEPRECATED_CONTAINER_FIELDS) for step in spec.get("steps") or []]
    template = spec.get("stepTemplate")
    kept = _only(template or {}, (*DEPRECATED_CONTAINER_FIELDS, *_TEMPLATE_ONLY))
    if not kept and not any(steps):
        return None
    made: Object = {}
    if steps:
        made["deprecatedSteps"] = [encode(STEP_V1BETA1, step) for step in steps]
    if template is not None:
        made["deprecatedStepTemplate"] = encode(STEP_TEMPLATE_V1BETA1, kept)
    return made


def _only(container: Object, names: tuple[str, ...]) -> Object:
    # Probes and lifecycle are pointers in Go, so an empty mapping counts; an empty list or text does not.
    return {name: container[name] for name in names if container.get(name) not in (None, "", False, [])}
