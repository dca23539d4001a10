"""Tasks (pkg/apis/pipeline/{v1,v1beta1}/task_types.go)."""

from __future__ import annotations

from holkas_compat.manifest.root import root
from holkas_compat.manifest.types import (
    STRING,
    Field,
    ListOf,
    Struct,
    Type,
    deprecated,
    struct,
    value,
)
from holkas_compat.tekton.schema.common import PARAM_SPEC, TASK_RESULT, WORKSPACE_DECLARATION
from holkas_compat.tekton.schema.kubernetes_volume import VOLUME
from holkas_compat.tekton.schema.pipeline_resources import TASK_RESOURCES
from holkas_compat.tekton.schema.step import (
    SIDECAR_V1,
    SIDECAR_V1BETA1,
    STEP_TEMPLATE_V1,
    STEP_TEMPLATE_V1BETA1,
    STEP_V1,
    STEP_V1BETA1,
)


def _spec_fields(step: Struct, template: Struct, sidecar: Struct) -> dict[str, Type | Field]:
    return {
        "params": ListOf(PARAM_SPEC),
        "displayName": STRING,
        "description": STRING,
        "steps": ListOf(step),
        "volumes": ListOf(VOLUME),
        "stepTemplate": template,
        "sidecars": ListOf(sidecar),
        "workspaces": ListOf(WORKSPACE_DECLARATION),
        "results": ListOf(TASK_RESULT),
    }


TASK_SPEC_V1_FIELDS = _spec_fields(STEP_V1, STEP_TEMPLATE_V1, SIDECAR_V1)
TASK_SPEC_V1BETA1_FIELDS: dict[str, Type | Field] = {
    "resources": deprecated(TASK_RESOURCES),
    **_spec_fields(STEP_V1BETA1, STEP_TEMPLATE_V1BETA1, SIDECAR_V1BETA1),
}

TASK_SPEC_V1 = struct("v1.TaskSpec", TASK_SPEC_V1_FIELDS)
TASK_SPEC_V1BETA1 = struct("v1beta1.TaskSpec", TASK_SPEC_V1BETA1_FIELDS)

TASK_V1 = root("v1.Task", {"spec": value(TASK_SPEC_V1)})
TASK_V1BETA1 = root("v1beta1.Task", {"spec": value(TASK_SPEC_V1BETA1)})
