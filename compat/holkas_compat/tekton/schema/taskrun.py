"""TaskRuns (pkg/apis/pipeline/{v1,v1beta1}/taskrun_types.go)."""

from __future__ import annotations

from collections.abc import Mapping

from holkas_compat.manifest.root import root
from holkas_compat.manifest.types import (
    DURATION,
    INT64,
    STRING,
    STRINGS,
    Emit,
    Field,
    ListOf,
    Struct,
    Type,
    deprecated,
    kept,
    pointer,
    struct,
    value,
)
from holkas_compat.tekton.schema.common import PARAMS, WORKSPACE_BINDING
from holkas_compat.tekton.schema.kubernetes_container import RESOURCES
from holkas_compat.tekton.schema.pipeline_resources import TASK_RUN_RESOURCES
from holkas_compat.tekton.schema.pod_template import POD_TEMPLATE
from holkas_compat.tekton.schema.references import TASK_REF_V1, TASK_REF_V1BETA1
from holkas_compat.tekton.schema.status import TASK_RUN_STATUS_V1, TASK_RUN_STATUS_V1BETA1
from holkas_compat.tekton.schema.task import TASK_SPEC_V1, TASK_SPEC_V1BETA1

Fields = Mapping[str, Type | Field]

_DEBUG = struct(
    "v1.TaskRunDebug",
    {"breakpoints": struct("v1.TaskBreakpoints", {"onFailure": STRING, "beforeSteps": STRINGS})},
)

_RESOURCES = Field(RESOURCES, Emit.VALUE)


def _container_specs(name: str, resources: str) -> ListOf:
    return ListOf(struct(name, {"name": kept(STRING), resources: _RESOURCES}))


OVERRIDES_V1: Fields = {
    "stepSpecs": _container_specs("v1.TaskRunStepSpec", "computeResources"),
    "sidecarSpecs": _container_specs("v1.TaskRunSidecarSpec", "computeResources"),
}
OVERRIDES_V1BETA1: Fields = {
    "stepOverrides": _container_specs("v1beta1.TaskRunStepOverride", "resources"),
    "sidecarOverrides": _container_specs("v1beta1.TaskRunSidecarOverride", "resources"),
}


def _spec(name: str, ref: Struct, spec: Struct, overrides: Fields, resources: Fields) -> Struct:
    return struct(
        name,
        {
            "debug": _DEBUG,
            "params": PARAMS,
            **resources,
            "serviceAccountName": kept(STRING),
            "taskRef": ref,
            "taskSpec": spec,
            "status": STRING,
            "statusMessage": STRING,
            "retries": INT64,
            "timeout": DURATION,
            "podTemplate": POD_TEMPLATE,
            "workspaces": ListOf(WORKSPACE_BINDING),
            **overrides,
            "computeResources": RESOURCES,
            "managedBy": pointer(STRING),
        },
    )


TASK_RUN_SPEC_V1 = _spec("v1.TaskRunSpec", TASK_REF_V1, TASK_SPEC_V1, OVERRIDES_V1, {})
TASK_RUN_SPEC_V1BETA1 = _spec(
    "v1beta1.TaskRunSpec",
    TASK_REF_V1BETA1,
    TASK_SPEC_V1BETA1,
    OVERRIDES_V1BETA1,
    {"resources": deprecated(TASK_RUN_RESOURCES)},
)

TASK_RUN_V1 = root("v1.TaskRun", {"spec": value(TASK_RUN_SPEC_V1), "status": value(TASK_RUN_STATUS_V1)})
TASK_RUN_V1BETA1 = root(
    "v1beta1.TaskRun",
    {"spec": value(TASK_RUN_SPEC_V1BETA1), "status": value(TASK_RUN_STATUS_V1BETA1)},
)
