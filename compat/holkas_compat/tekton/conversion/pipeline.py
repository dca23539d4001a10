"""Pipelines from v1beta1 to v1 (pipeline_conversion.go)."""

from __future__ import annotations

from holkas_compat.tekton.conversion.annotations import RESOURCES, annotate
from holkas_compat.tekton.conversion.references import pipeline_ref_to_v1, task_ref_to_v1
from holkas_compat.tekton.conversion.renaming import Object, renamed, replace, replace_items
from holkas_compat.tekton.conversion.task import param_spec_to_v1, task_spec_to_v1
from holkas_compat.tekton.schema.encode import encode_value
from holkas_compat.tekton.schema.pipeline_resources import PIPELINE_RESOURCES


def pipeline_to_v1(pipeline: Object, metadata: Object) -> Object:
    """The spec of a Pipeline; what v1 cannot say goes into ``metadata``'s annotations."""
    spec: Object = pipeline.get("spec") or {}
    if spec.get("resources"):
        annotate(metadata, RESOURCES, encode_value(PIPELINE_RESOURCES, spec["resources"]))
    return pipeline_spec_to_v1(spec, metadata)


def pipeline_spec_to_v1(spec: Object, metadata: Object) -> Object:
    """The spec of a pipeline, inline ones too."""
    made = renamed(spec, {}, without=("resources",))
    replace_items(made, "params", param_spec_to_v1)
    for key in ("tasks", "finally"):
        replace_items(made, key, lambda task: _pipeline_task(task, metadata))
    return made


def _pipeline_task(task: Object, metadata: Object) -> Object:
    without = ["resources"] if _is_matrixed(task.get("matrix") or {}) else ["resources", "matrix"]
    made = renamed(task, {}, without=without)
    replace(made, "taskRef", task_ref_to_v1)
    replace(made, "taskSpec", lambda spec: task_spec_to_v1(spec, metadata, task.get("name", "")))
    replace(made, "pipelineRef", pipeline_ref_to_v1)
    replace(made, "pipelineSpec", lambda spec: pipeline_spec_to_v1(spec, metadata))
    return made


def _is_matrixed(matrix: Object) -> bool:
    return bool(matrix.get("params")) or any(item.get("params") for item in matrix.get("include") or [])
