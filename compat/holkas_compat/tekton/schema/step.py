"""Steps, step templates and sidecars (pkg/apis/pipeline/{v1,v1beta1}/container_types.go).

v1beta1 calls the resources ``resources`` and still knows the rest of a Kubernetes container; v1 dropped it.
"""

from __future__ import annotations

from collections.abc import Mapping

from holkas_compat.manifest.types import (
    BOOL,
    DURATION,
    STRING,
    STRINGS,
    Field,
    ListOf,
    Type,
    deprecated,
    kept,
    pointer,
    struct,
    value,
)
from holkas_compat.tekton.schema.common import PARAMS, RESOLVER_FIELDS, STEP_RESULT, WHEN, WORKSPACE_USAGE
from holkas_compat.tekton.schema.kubernetes_container import (
    CONTAINER_PORT,
    ENV_FROM,
    ENV_VAR,
    LIFECYCLE,
    PROBE,
    RESOURCES,
    SECURITY_CONTEXT,
    VOLUME_DEVICE,
    VOLUME_MOUNT,
)

Fields = Mapping[str, Type | Field]

_IMAGE_AND_WORDS: Fields = {"image": STRING, "command": STRINGS, "args": STRINGS, "workingDir": STRING}
_PORTS: Fields = {"ports": ListOf(CONTAINER_PORT)}
_ENVIRONMENT: Fields = {"envFrom": ListOf(ENV_FROM), "env": ListOf(ENV_VAR)}
_VOLUMES: Fields = {"volumeMounts": ListOf(VOLUME_MOUNT), "volumeDevices": ListOf(VOLUME_DEVICE)}
_PROBES: Fields = {
    "livenessProbe": PROBE,
    "readinessProbe": PROBE,
    "startupProbe": PROBE,
    "lifecycle": LIFECYCLE,
    "terminationMessagePath": STRING,
    "terminationMessagePolicy": STRING,
}
_SECURITY: Fields = {"imagePullPolicy": STRING, "securityContext": SECURITY_CONTEXT}
_TERMINAL: Fields = {"stdin": BOOL, "stdinOnce": BOOL, "tty": BOOL}

DEPRECATED_CONTAINER_FIELDS = (*_PORTS, *_PROBES, *_TERMINAL)
"""Fields of a v1beta1 step and step template that v1 does not have."""

_OUTPUT = struct("v1.StepOutputConfig", {"path": STRING})

STEP_REF = struct("v1.Ref", {"name": STRING, **RESOLVER_FIELDS})

_OF_TEKTON: Fields = {
    "script": STRING,
    "timeout": DURATION,
    "workspaces": ListOf(WORKSPACE_USAGE),
    "onError": STRING,
    "stdoutConfig": _OUTPUT,
    "stderrConfig": _OUTPUT,
    "ref": STEP_REF,
    "params": PARAMS,
    "results": ListOf(STEP_RESULT),
    "when": ListOf(WHEN),
}


def _old(fields: Fields) -> dict[str, Type | Field]:
    return {name: deprecated(field) for name, field in fields.items()}


STEP_V1 = struct(
    "v1.Step",
    {
        "name": kept(STRING),
        "displayName": STRING,
        **_IMAGE_AND_WORDS,
        **_ENVIRONMENT,
        "computeResources": value(RESOURCES),
        **_VOLUMES,
        **_SECURITY,
        **_OF_TEKTON,
    },
)

STEP_V1BETA1 = struct(
    "v1beta1.Step",
    {
        "name": kept(STRING),
        "displayName": STRING,
        **_IMAGE_AND_WORDS,
        **_old(_PORTS),
        **_ENVIRONMENT,
        "resources": value(RESOURCES),
        **_VOLUMES,
        **_old(_PROBES),
        **_SECURITY,
        **_old(_TERMINAL),
        **_OF_TEKTON,
    },
)

STEP_TEMPLATE_V1 = struct(
    "v1.StepTemplate",
    {
        **_IMAGE_AND_WORDS,
        **_ENVIRONMENT,
        "computeResources": value(RESOURCES),
        **_VOLUMES,
        **_SECURITY,
    },
)

STEP_TEMPLATE_V1BETA1 = struct(
    "v1beta1.StepTemplate",
    {
        "name": deprecated(STRING),
        **_IMAGE_AND_WORDS,
        **_old(_PORTS),
        **_ENVIRONMENT,
        "resources": value(RESOURCES),
        **_VOLUMES,
        **_old(_PROBES),
        **_SECURITY,
        **_old(_TERMINAL),
    },
)


def _sidecar(resources: str) -> Fields:
    return {
        "name": kept(STRING),
        **_IMAGE_AND_WORDS,
        **_PORTS,
        **_ENVIRONMENT,
        resources: value(RESOURCES),
        **_VOLUMES,
        **_PROBES,
        **_SECURITY,
        **_TERMINAL,
        "script": STRING,
        "workspaces": ListOf(WORKSPACE_USAGE),
        "restartPolicy": pointer(STRING),
    }


SIDECAR_V1 = struct("v1.Sidecar", _sidecar("computeResources"))
SIDECAR_V1BETA1 = struct("v1beta1.Sidecar", _sidecar("resources"))
