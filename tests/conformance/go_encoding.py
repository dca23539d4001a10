"""What must be done to our objects before they can be compared with those that Tekton's Go code wrote.

Go writes every field that has no ``omitempty`` (``name: ""``, ``podName: ""``), every struct that is not behind a
pointer (``computeResources: {}``, ``status: {}``, ``taskRunTemplate: {}``), canonical durations (``1h`` as ``1h0m0s``)
and canonical quantities (``1000m`` as ``1``), and leaves out what is empty and optional. Our objects keep what the
user wrote. :func:`go_encoded` writes ours the same way, by the tables, so that nothing has to be masked.

The generated cases hold two more traces of the program that made them: the API server's work of filling
``metadata.name`` from ``generateName`` (:func:`with_generated_name`), and the conversion having been run after
validation, which merges the stepTemplate into the steps of the object itself (:func:`with_merged_templates`). That
merge keeps of a step only what a container has, and script, onError, timeout, stdoutConfig and stderrConfig.
"""

from __future__ import annotations

from typing import Any

from holkas_compat.tekton.schema.encode import encode
from holkas_compat.tekton.schema.kinds import table
from holkas_compat.tekton.schema.step import STEP_TEMPLATE_V1BETA1

Object = dict[str, Any]

GENERATED_SUFFIX = "abcde"
LONGEST_NAME = 63
_MERGE_KEYS = {
    "env": "name",
    "volumeMounts": "mountPath",
    "volumeDevices": "devicePath",
    "ports": "containerPort",
}
_CONTAINER_FIELDS = frozenset((*STEP_TEMPLATE_V1BETA1.fields, "name"))


_KEPT_OF_STEP = _CONTAINER_FIELDS | {"script", "onError", "timeout", "stdoutConfig", "stderrConfig"}


def go_encoded(obj: Object) -> Object:
    """A decoded object as Go writes it; Go's ``metadata.creationTimestamp: null`` is left out on both sides."""
    schema = table(obj["kind"], obj["apiVersion"])
    assert schema is not None, f"{obj['kind']} in {obj['apiVersion']}"
    return encode(schema, obj)


def without_null_timestamps(obj: Any) -> Any:
    """An object written by Go without ``creationTimestamp: null``, which only old versions of Go's encoder wrote."""
    if isinstance(obj, dict):
        return {
            key: without_null_timestamps(value)
            for key, value in obj.items()
            if not (key == "creationTimestamp" and value is None)
        }
    return [without_null_timestamps(item) for item in obj] if isinstance(obj, list) else obj


def with_generated_name(obj: Object) -> Object:
    """The object with the name that the generator gave it in place of the API server."""
    metadata = obj.get("metadata") or {}
    base = metadata.get("generateName")
    if metadata.get("name") or not base:
        return obj
    name = base[: LONGEST_NAME - len(GENERATED_SUFFIX)] + GENERATED_SUFFIX
    return {**obj, "metadata": {**metadata, "name": name}}


def with_merged_templates(obj: Object) -> Object:
    """A v1beta1 object whose steps have their stepTemplate's fields, wherever a task's spec stands."""
    spec = obj.get("spec") or {}
    kind = obj["kind"]
    if kind == "Task":
        return {**obj, "spec": _task(spec)}
    if kind == "TaskRun" and spec.get("taskSpec"):
        return {**obj, "spec": {**spec, "taskSpec": _task(spec["taskSpec"])}}
    if kind == "Pipeline":
        return {**obj, "spec": _pipeline(spec)}
    if kind == "PipelineRun" and spec.get("pipelineSpec"):
        return {**obj, "spec": {**spec, "pipelineSpec": _pipeline(spec["pipelineSpec"])}}
    return obj


def _pipeline(spec: Object) -> Object:
    made = dict(spec)
    for key in ("tasks", "finally"):
        if spec.get(key):
            made[key] = [_pipeline_task(task) for task in spec[key]]
    return made


def _pipeline_task(task: Object) -> Object:
    made = dict(task)
    if task.get("taskSpec"):
        made["taskSpec"] = _task(task["taskSpec"])
    if task.get("pipelineSpec"):
        made["pipelineSpec"] = _pipeline(task["pipelineSpec"])
    return made


def _task(spec: Object) -> Object:
    template = spec.get("stepTemplate")
    if template is None or not spec.get("steps"):
        return spec
    return {**spec, "steps": [step if step.get("ref") else _merged(template, step) for step in spec["steps"]]}


def _merged(template: Object, step: Object) -> Object:
    """Kubernetes' strategic merge: maps deeply, lists by their key (the step's items first) or as a whole."""
    made = {key: value for key, value in step.items() if key in _KEPT_OF_STEP}
    for key, low in template.items():
        if key not in _CONTAINER_FIELDS:
            continue
        high = step.get(key)
        if high in (None, "", [], False):
            made[key] = low
        elif key in _MERGE_KEYS:
            made[key] = _merged_list(low, high, _MERGE_KEYS[key])
        elif isinstance(low, dict):
            made[key] = _deep(low, high)
    return made


def _merged_list(low: list[Object], high: list[Object], key: str) -> list[Object]:
    below = {item.get(key): item for item in low}
    above = {item.get(key) for item in high}
    first = [_deep(below[item.get(key)], item) if item.get(key) in below else item for item in high]
    return [*first, *(item for item in low if item.get(key) not in above)]


def _deep(low: Object, high: Object) -> Object:
    made = {**low, **high}
    for key, value in high.items():
        if isinstance(value, dict) and isinstance(low.get(key), dict):
            made[key] = _deep(low[key], value)
    return made
