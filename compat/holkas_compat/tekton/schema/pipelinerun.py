"""PipelineRuns (pkg/apis/pipeline/{v1,v1beta1}/pipelinerun_types.go)."""

from __future__ import annotations

from holkas_compat.manifest.root import root
from holkas_compat.manifest.types import (
    DURATION,
    STRING,
    ListOf,
    deprecated,
    pointer,
    struct,
    value,
)
from holkas_compat.tekton.schema.common import METADATA, PARAMS, WORKSPACE_BINDING
from holkas_compat.tekton.schema.kubernetes_container import RESOURCES
from holkas_compat.tekton.schema.pipeline import PIPELINE_SPEC_V1, PIPELINE_SPEC_V1BETA1
from holkas_compat.tekton.schema.pipeline_resources import RESOURCE_BINDINGS
from holkas_compat.tekton.schema.pod_template import POD_TEMPLATE
from holkas_compat.tekton.schema.references import PIPELINE_REF_V1, PIPELINE_REF_V1BETA1
from holkas_compat.tekton.schema.status import PIPELINE_RUN_STATUS_V1, PIPELINE_RUN_STATUS_V1BETA1
from holkas_compat.tekton.schema.taskrun import OVERRIDES_V1, OVERRIDES_V1BETA1

TIMEOUTS = struct("v1.TimeoutFields", {"pipeline": DURATION, "tasks": DURATION, "finally": DURATION})

_TASK_RUN_SPEC_V1 = struct(
    "v1.PipelineTaskRunSpec",
    {
        "pipelineTaskName": STRING,
        "serviceAccountName": STRING,
        "podTemplate": POD_TEMPLATE,
        **OVERRIDES_V1,
        "metadata": METADATA,
        "computeResources": RESOURCES,
        "timeout": DURATION,
    },
)

_TASK_RUN_SPEC_V1BETA1 = struct(
    "v1beta1.PipelineTaskRunSpec",
    {
        "pipelineTaskName": STRING,
        "taskServiceAccountName": STRING,
        "taskPodTemplate": POD_TEMPLATE,
        **OVERRIDES_V1BETA1,
        "metadata": METADATA,
        "computeResources": RESOURCES,
        "timeout": DURATION,
    },
)

PIPELINE_RUN_SPEC_V1 = struct(
    "v1.PipelineRunSpec",
    {
        "pipelineRef": PIPELINE_REF_V1,
        "pipelineSpec": PIPELINE_SPEC_V1,
        "params": PARAMS,
        "status": STRING,
        "timeouts": TIMEOUTS,
        "taskRunTemplate": value(
            struct(
                "v1.PipelineTaskRunTemplate",
                {"podTemplate": POD_TEMPLATE, "serviceAccountName": STRING},
            )
        ),
        "workspaces": ListOf(WORKSPACE_BINDING),
        "taskRunSpecs": ListOf(_TASK_RUN_SPEC_V1),
        "managedBy": pointer(STRING),
    },
)

PIPELINE_RUN_SPEC_V1BETA1 = struct(
    "v1beta1.PipelineRunSpec",
    {
        "pipelineRef": PIPELINE_REF_V1BETA1,
        "pipelineSpec": PIPELINE_SPEC_V1BETA1,
        "resources": deprecated(RESOURCE_BINDINGS),
        "params": PARAMS,
        "serviceAccountName": STRING,
        "status": STRING,
        "timeouts": TIMEOUTS,
        "timeout": deprecated(DURATION),
        "podTemplate": POD_TEMPLATE,
        "workspaces": ListOf(WORKSPACE_BINDING),
        "taskRunSpecs": ListOf(_TASK_RUN_SPEC_V1BETA1),
        "managedBy": pointer(STRING),
    },
)

PIPELINE_RUN_V1 = root(
    "v1.PipelineRun", {"spec": value(PIPELINE_RUN_SPEC_V1), "status": value(PIPELINE_RUN_STATUS_V1)}
)
PIPELINE_RUN_V1BETA1 = root(
    "v1beta1.PipelineRun",
    {"spec": value(PIPELINE_RUN_SPEC_V1BETA1), "status": value(PIPELINE_RUN_STATUS_V1BETA1)},
)
