"""What Kubernetes lets a container have (k8s.io/api/core/v1, Container and what it is made of)."""

from __future__ import annotations

from holkas_compat.manifest.types import (
    BOOL,
    INT32,
    INT64,
    INT_OR_STRING,
    QUANTITY,
    STRING,
    STRINGS,
    ListOf,
    MapOf,
    kept,
    pointer,
    struct,
)

FIELD_REF = struct("corev1.ObjectFieldSelector", {"apiVersion": STRING, "fieldPath": kept(STRING)})

RESOURCE_FIELD_REF = struct(
    "corev1.ResourceFieldSelector",
    {"containerName": STRING, "resource": kept(STRING), "divisor": kept(QUANTITY)},
)

KEY_REF = struct("corev1.KeySelector", {"name": STRING, "key": kept(STRING), "optional": pointer(BOOL)})

ENV_VAR = struct(
    "corev1.EnvVar",
    {
        "name": kept(STRING),
        "value": STRING,
        "valueFrom": struct(
            "corev1.EnvVarSource",
            {
                "fieldRef": FIELD_REF,
                "resourceFieldRef": RESOURCE_FIELD_REF,
                "configMapKeyRef": KEY_REF,
                "secretKeyRef": KEY_REF,
                "fileKeyRef": struct(
                    "corev1.FileKeySelector",
                    {
                        "volumeName": kept(STRING),
                        "path": kept(STRING),
                        "key": kept(STRING),
                        "optional": pointer(BOOL),
                    },
                ),
            },
        ),
    },
)

_ENV_SOURCE = struct("corev1.EnvSource", {"name": STRING, "optional": pointer(BOOL)})

ENV_FROM = struct(
    "corev1.EnvFromSource", {"prefix": STRING, "configMapRef": _ENV_SOURCE, "secretRef": _ENV_SOURCE}
)

RESOURCES = struct(
    "corev1.ResourceRequirements",
    {
        "limits": MapOf(QUANTITY),
        "requests": MapOf(QUANTITY),
        "claims": ListOf(struct("corev1.ResourceClaim", {"name": kept(STRING), "request": STRING})),
    },
)

VOLUME_MOUNT = struct(
    "corev1.VolumeMount",
    {
        "name": kept(STRING),
        "readOnly": BOOL,
        "recursiveReadOnly": pointer(STRING),
        "mountPath": kept(STRING),
        "subPath": STRING,
        "mountPropagation": pointer(STRING),
        "subPathExpr": STRING,
    },
)

VOLUME_DEVICE = struct("corev1.VolumeDevice", {"name": kept(STRING), "devicePath": kept(STRING)})

CONTAINER_PORT = struct(
    "corev1.ContainerPort",
    {
        "name": STRING,
        "hostPort": INT32,
        "containerPort": kept(INT32),
        "protocol": STRING,
        "hostIP": STRING,
    },
)

EXEC_ACTION = struct("corev1.ExecAction", {"command": STRINGS})

HTTP_GET_ACTION = struct(
    "corev1.HTTPGetAction",
    {
        "path": STRING,
        "port": kept(INT_OR_STRING),
        "host": STRING,
        "scheme": STRING,
        "httpHeaders": ListOf(struct("corev1.HTTPHeader", {"name": kept(STRING), "value": kept(STRING)})),
    },
)

TCP_SOCKET_ACTION = struct("corev1.TCPSocketAction", {"port": kept(INT_OR_STRING), "host": STRING})

PROBE = struct(
    "corev1.Probe",
    {
        "exec": EXEC_ACTION,
        "httpGet": HTTP_GET_ACTION,
        "tcpSocket": TCP_SOCKET_ACTION,
        "grpc": struct("corev1.GRPCAction", {"port": kept(INT32), "service": kept(STRING)}),
        "initialDelaySeconds": INT32,
        "timeoutSeconds": INT32,
        "periodSeconds": INT32,
        "successThreshold": INT32,
        "failureThreshold": INT32,
        "terminationGracePeriodSeconds": pointer(INT64),
    },
)

_LIFECYCLE_HANDLER = struct(
    "corev1.LifecycleHandler",
    {
        "exec": EXEC_ACTION,
        "httpGet": HTTP_GET_ACTION,
        "tcpSocket": TCP_SOCKET_ACTION,
        "sleep": struct("corev1.SleepAction", {"seconds": kept(INT64)}),
    },
)

LIFECYCLE = struct(
    "corev1.Lifecycle",
    {"postStart": _LIFECYCLE_HANDLER, "preStop": _LIFECYCLE_HANDLER, "stopSignal": pointer(STRING)},
)

SE_LINUX_OPTIONS = struct(
    "corev1.SELinuxOptions", {"user": STRING, "role": STRING, "type": STRING, "level": STRING}
)

WINDOWS_OPTIONS = struct(
    "corev1.WindowsSecurityContextOptions",
    {
        "gmsaCredentialSpecName": pointer(STRING),
        "gmsaCredentialSpec": pointer(STRING),
        "runAsUserName": pointer(STRING),
        "hostProcess": pointer(BOOL),
    },
)

SECCOMP_PROFILE = struct("corev1.SeccompProfile", {"type": kept(STRING), "localhostProfile": pointer(STRING)})

APP_ARMOR_PROFILE = struct(
    "corev1.AppArmorProfile", {"type": kept(STRING), "localhostProfile": pointer(STRING)}
)

SECURITY_CONTEXT = struct(
    "corev1.SecurityContext",
    {
        "capabilities": struct("corev1.Capabilities", {"add": STRINGS, "drop": STRINGS}),
        "privileged": pointer(BOOL),
        "seLinuxOptions": SE_LINUX_OPTIONS,
        "windowsOptions": WINDOWS_OPTIONS,
        "runAsUser": pointer(INT64),
        "runAsGroup": pointer(INT64),
        "runAsNonRoot": pointer(BOOL),
        "readOnlyRootFilesystem": pointer(BOOL),
        "allowPrivilegeEscalation": pointer(BOOL),
        "procMount": pointer(STRING),
        "seccompProfile": SECCOMP_PROFILE,
        "appArmorProfile": APP_ARMOR_PROFILE,
    },
)
