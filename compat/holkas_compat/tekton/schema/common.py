"""Parts that several kinds share: params, references, conditions, workspaces (pkg/apis/pipeline/v1)."""

from __future__ import annotations

from holkas_compat.manifest.types import (
    BOOL,
    PARAM_VALUE,
    STRING,
    STRING_MAP,
    STRINGS,
    Field,
    ListOf,
    MapOf,
    Type,
    kept,
    pointer,
    struct,
)
from holkas_compat.tekton.schema.kubernetes_claim import CLAIM
from holkas_compat.tekton.schema.kubernetes_volume import (
    CLAIM_VOLUME,
    CONFIG_MAP_VOLUME,
    CSI_VOLUME,
    EMPTY_DIR,
    PROJECTED_VOLUME,
    SECRET_VOLUME,
)

PARAM = struct("v1.Param", {"name": kept(STRING), "value": kept(PARAM_VALUE)})
PARAMS = ListOf(PARAM)

PROPERTIES = MapOf(struct("v1.PropertySpec", {"type": STRING}))

PARAM_SPEC = struct(
    "v1.ParamSpec",
    {
        "name": kept(STRING),
        "type": STRING,
        "description": STRING,
        "properties": PROPERTIES,
        "default": pointer(PARAM_VALUE),
        "enum": STRINGS,
    },
)

STEP_RESULT = struct(
    "v1.StepResult",
    {"name": kept(STRING), "type": STRING, "properties": PROPERTIES, "description": STRING},
)

TASK_RESULT = struct(
    "v1.TaskResult",
    {
        "name": kept(STRING),
        "type": STRING,
        "properties": PROPERTIES,
        "description": STRING,
        "value": pointer(PARAM_VALUE),
    },
)

WHEN = struct("v1.WhenExpression", {"input": STRING, "operator": STRING, "values": STRINGS, "cel": STRING})

RESOLVER_FIELDS: dict[str, Type | Field] = {"resolver": STRING, "params": PARAMS}

METADATA = struct("v1.PipelineTaskMetadata", {"labels": STRING_MAP, "annotations": STRING_MAP})

WORKSPACE_DECLARATION = struct(
    "v1.WorkspaceDeclaration",
    {
        "name": kept(STRING),
        "description": STRING,
        "mountPath": STRING,
        "readOnly": BOOL,
        "optional": BOOL,
    },
)

WORKSPACE_USAGE = struct("v1.WorkspaceUsage", {"name": kept(STRING), "mountPath": kept(STRING)})

WORKSPACE_BINDING = struct(
    "v1.WorkspaceBinding",
    {
        "name": kept(STRING),
        "subPath": STRING,
        "volumeClaimTemplate": CLAIM,
        "persistentVolumeClaim": CLAIM_VOLUME,
        "emptyDir": EMPTY_DIR,
        "configMap": CONFIG_MAP_VOLUME,
        "secret": SECRET_VOLUME,
        "projected": PROJECTED_VOLUME,
        "csi": CSI_VOLUME,
    },
)

PIPELINE_WORKSPACE = struct(
    "v1.PipelineWorkspaceDeclaration", {"name": kept(STRING), "description": STRING, "optional": BOOL}
)

PIPELINE_TASK_WORKSPACE = struct(
    "v1.WorkspacePipelineTaskBinding", {"name": kept(STRING), "workspace": STRING, "subPath": STRING}
)
