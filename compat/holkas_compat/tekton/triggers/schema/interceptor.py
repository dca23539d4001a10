"""Interceptors as a trigger names them, and the kinds that describe further ones.

Source: pkg/apis/triggers/{v1alpha1,v1beta1}/trigger_types.go, v1alpha1/cluster_interceptor_types.go.
"""

from __future__ import annotations

from holkas_compat.manifest.root import root
from holkas_compat.manifest.types import (
    ANY,
    BOOL,
    INT32,
    STRING,
    STRINGS,
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
from holkas_compat.tekton.schema.common import PARAM

SECRET_REF = struct("triggers.SecretRef", {"secretKey": STRING, "secretName": STRING})

OLD_SECRET_REF = struct(
    "triggers.SecretRef", {"secretKey": STRING, "secretName": STRING, "namespace": deprecated(STRING)}
)

OBJECT_REFERENCE = struct(
    "corev1.ObjectReference",
    {
        "kind": STRING,
        "namespace": STRING,
        "name": STRING,
        "uid": STRING,
        "apiVersion": STRING,
        "resourceVersion": STRING,
        "fieldPath": STRING,
    },
)

WEBHOOK = struct(
    "triggers.WebhookInterceptor", {"objectRef": OBJECT_REFERENCE, "url": STRING, "header": ListOf(PARAM)}
)

CEL = struct(
    "triggers.CELInterceptor",
    {
        "filter": STRING,
        "overlays": ListOf(struct("triggers.CELOverlay", {"key": STRING, "expression": STRING})),
    },
)

EVENTS_FILTER = struct("triggers.GitLabInterceptor", {"secretRef": SECRET_REF, "eventTypes": STRINGS})

OLD_EVENTS_FILTER = struct("triggers.GitLabInterceptor", {"secretRef": OLD_SECRET_REF, "eventTypes": STRINGS})

GITHUB = struct(
    "triggers.GitHubInterceptor",
    {
        "secretRef": SECRET_REF,
        "eventTypes": STRINGS,
        "addChangedFiles": struct(
            "triggers.GithubAddChangedFiles", {"enabled": BOOL, "personalAccessToken": SECRET_REF}
        ),
        "githubOwners": struct(
            "triggers.GithubOwners",
            {"enabled": BOOL, "personalAccessToken": SECRET_REF, "checkType": STRING},
        ),
    },
)

SLACK = struct("triggers.SlackInterceptor", {"requestedFields": STRINGS})

CORE_PARAMS: dict[str, Struct] = {
    "cel": CEL,
    "github": GITHUB,
    "gitlab": EVENTS_FILTER,
    "bitbucket": EVENTS_FILTER,
    "slack": SLACK,
}
"""What the params of Triggers' own interceptors hold, by name of the interceptor."""

_FIELDS: dict[str, Type | Field] = {
    "name": pointer(STRING),
    "ref": value(struct("triggers.InterceptorRef", {"name": STRING, "kind": STRING, "apiVersion": STRING})),
    "params": ListOf(struct("triggers.InterceptorParams", {"name": kept(STRING), "value": kept(ANY)})),
    "webhook": WEBHOOK,
}

TRIGGER_INTERCEPTOR = struct("v1beta1.TriggerInterceptor", _FIELDS)

OLD_FORMS = ("github", "gitlab", "cel", "bitbucket")
"""Interceptors that v1alpha1 has as fields of their own."""

TRIGGER_INTERCEPTOR_V1ALPHA1 = struct(
    "v1alpha1.TriggerInterceptor",
    {
        **_FIELDS,
        "github": deprecated(OLD_EVENTS_FILTER),
        "gitlab": deprecated(OLD_EVENTS_FILTER),
        "cel": deprecated(CEL),
        "bitbucket": deprecated(OLD_EVENTS_FILTER),
    },
)

_SERVICE = struct(
    "triggers.ServiceReference",
    {"name": kept(STRING), "namespace": kept(STRING), "path": STRING, "port": pointer(INT32)},
)

_SPEC = struct(
    "triggers.InterceptorSpec",
    {
        "clientConfig": value(
            struct("triggers.ClientConfig", {"caBundle": STRING, "url": STRING, "service": _SERVICE})
        )
    },
)

CLUSTER_INTERCEPTOR = root("triggers.ClusterInterceptor", {"spec": value(_SPEC), "status": ANY})
INTERCEPTOR = root("triggers.Interceptor", {"spec": value(_SPEC), "status": ANY})
