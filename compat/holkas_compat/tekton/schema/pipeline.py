"""Pipelines and their tasks (pkg/apis/pipeline/{v1,v1beta1}/pipeline_types.go, matrix_types.go)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from holkas_compat.manifest.root import root
from holkas_compat.manifest.types import (
    ANY,
    DURATION,
    INT64,
    PARAM_VALUE,
    STRING,
    STRINGS,
    Field,
    Later,
    ListOf,
    Struct,
    Type,
    deprecated,
    kept,
    struct,
    value,
)
from holkas_compat.tekton.schema.common import (
    METADATA,
    PARAM_SPEC,
    PARAMS,
    PIPELINE_TASK_WORKSPACE,
    PIPELINE_WORKSPACE,
    WHEN,
)
from holkas_compat.tekton.schema.pipeline_resources import PIPELINE_RESOURCES, PIPELINE_TASK_RESOURCES
from holkas_compat.tekton.schema.references import (
    PIPELINE_REF_V1,
    PIPELINE_REF_V1BETA1,
    TASK_REF_V1,
    TASK_REF_V1BETA1,
)
from holkas_compat.tekton.schema.task import TASK_SPEC_V1_FIELDS, TASK_SPEC_V1BETA1_FIELDS

MATRIX = struct(
    "v1.Matrix",
    {
        "params": PARAMS,
        "include": ListOf(struct("v1.IncludeParams", {"name": STRING, "params": PARAMS})),
    },
)

PIPELINE_RESULT = struct(
    "v1.PipelineResult",
    {
        "name": kept(STRING),
        "type": STRING,
        "description": kept(STRING),
        "value": kept(PARAM_VALUE),
    },
)


def _embedded(name: str, task_spec: Mapping[str, Type | Field]) -> Struct:
    """A task's spec inside a pipeline, or a custom task's: apiVersion, kind and a spec of any shape."""
    return struct(
        name,
        {
            "apiVersion": STRING,
            "kind": STRING,
            "spec": kept(ANY),
            "metadata": value(METADATA),
            **task_spec,
        },
    )


def _pipeline_task(
    name: str,
    task_ref: Struct,
    task_spec: Struct,
    pipeline_ref: Struct,
    pipeline_spec: Callable[[], Struct],
    resources: Mapping[str, Type | Field],
) -> Struct:
    return struct(
        name,
        {
            "name": STRING,
            "displayName": STRING,
            "description": STRING,
            "taskRef": task_ref,
            "taskSpec": task_spec,
            "when": ListOf(WHEN),
            "retries": INT64,
            "runAfter": STRINGS,
            **resources,
            "params": PARAMS,
            "matrix": MATRIX,
            "workspaces": ListOf(PIPELINE_TASK_WORKSPACE),
            "timeout": DURATION,
            "pipelineRef": pipeline_ref,
            "pipelineSpec": Later(pipeline_spec),
            "onError": STRING,
        },
    )


def _pipeline_spec(name: str, task: Struct, resources: Mapping[str, Type | Field]) -> Struct:
    return struct(
        name,
        {
            "displayName": STRING,
            "description": STRING,
            **resources,
            "tasks": ListOf(task),
            "params": ListOf(PARAM_SPEC),
            "workspaces": ListOf(PIPELINE_WORKSPACE),
            "results": ListOf(PIPELINE_RESULT),
            "finally": ListOf(task),
        },
    )


EMBEDDED_TASK_V1 = _embedded("v1.EmbeddedTask", TASK_SPEC_V1_FIELDS)
EMBEDDED_TASK_V1BETA1 = _embedded("v1beta1.EmbeddedTask", TASK_SPEC_V1BETA1_FIELDS)

PIPELINE_TASK_V1 = _pipeline_task(
    "v1.PipelineTask", TASK_REF_V1, EMBEDDED_TASK_V1, PIPELINE_REF_V1, lambda: PIPELINE_SPEC_V1, {}
)
PIPELINE_TASK_V1BETA1 = _pipeline_task(
    "v1beta1.PipelineTask",
    TASK_REF_V1BETA1,
    EMBEDDED_TASK_V1BETA1,
    PIPELINE_REF_V1BETA1,
    lambda: PIPELINE_SPEC_V1BETA1,
    {"resources": deprecated(PIPELINE_TASK_RESOURCES)},
)

PIPELINE_SPEC_V1: Struct = _pipeline_spec("v1.PipelineSpec", PIPELINE_TASK_V1, {})
PIPELINE_SPEC_V1BETA1: Struct = _pipeline_spec(
    "v1beta1.PipelineSpec", PIPELINE_TASK_V1BETA1, {"resources": deprecated(PIPELINE_RESOURCES)}
)

PIPELINE_V1 = root("v1.Pipeline", {"spec": value(PIPELINE_SPEC_V1)})
PIPELINE_V1BETA1 = root("v1beta1.Pipeline", {"spec": value(PIPELINE_SPEC_V1BETA1)})
