"""CustomRuns (pkg/apis/pipeline/v1beta1/customrun_types.go)."""

from __future__ import annotations

from holkas_compat.manifest.root import root
from holkas_compat.manifest.types import ANY, DURATION, INT64, STRING, ListOf, kept, struct, value
from holkas_compat.tekton.schema.common import METADATA, PARAMS, WORKSPACE_BINDING
from holkas_compat.tekton.schema.references import TASK_REF_V1BETA1
from holkas_compat.tekton.schema.status import CUSTOM_RUN_STATUS

CUSTOM_RUN_SPEC = struct(
    "v1beta1.CustomRunSpec",
    {
        "customRef": TASK_REF_V1BETA1,
        "customSpec": struct(
            "v1beta1.EmbeddedCustomRunSpec",
            {"apiVersion": STRING, "kind": STRING, "metadata": value(METADATA), "spec": kept(ANY)},
        ),
        "params": PARAMS,
        "status": STRING,
        "statusMessage": STRING,
        "retries": INT64,
        "serviceAccountName": kept(STRING),
        "timeout": DURATION,
        "workspaces": ListOf(WORKSPACE_BINDING),
    },
)

CUSTOM_RUN = root("v1beta1.CustomRun", {"spec": value(CUSTOM_RUN_SPEC), "status": value(CUSTOM_RUN_STATUS)})
