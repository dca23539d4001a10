"""StepActions (stepaction_types.go); v1alpha1 and v1beta1 have the same fields."""

from __future__ import annotations

from holkas_compat.manifest.root import root
from holkas_compat.manifest.types import STRING, STRINGS, ListOf, struct, value
from holkas_compat.tekton.schema.common import PARAM_SPEC, STEP_RESULT
from holkas_compat.tekton.schema.kubernetes_container import ENV_VAR, SECURITY_CONTEXT, VOLUME_MOUNT

STEP_ACTION_SPEC = struct(
    "v1beta1.StepActionSpec",
    {
        "description": STRING,
        "image": STRING,
        "command": STRINGS,
        "args": STRINGS,
        "env": ListOf(ENV_VAR),
        "script": STRING,
        "workingDir": STRING,
        "params": ListOf(PARAM_SPEC),
        "results": ListOf(STEP_RESULT),
        "securityContext": SECURITY_CONTEXT,
        "volumeMounts": ListOf(VOLUME_MOUNT),
    },
)

STEP_ACTION = root("v1beta1.StepAction", {"spec": value(STEP_ACTION_SPEC)})
