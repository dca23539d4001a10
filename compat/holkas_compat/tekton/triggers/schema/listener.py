"""Triggers and EventListeners (pkg/apis/triggers/*/{trigger,event_listener}_types.go)."""

from __future__ import annotations

from holkas_compat.manifest.metadata import LABEL_SELECTOR
from holkas_compat.manifest.root import root
from holkas_compat.manifest.types import (
    ANY,
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
from holkas_compat.tekton.triggers.schema.interceptor import TRIGGER_INTERCEPTOR, TRIGGER_INTERCEPTOR_V1ALPHA1
from holkas_compat.tekton.triggers.schema.template import TEMPLATE_SPEC

_BINDING = struct(
    "triggers.TriggerSpecBinding",
    {"name": STRING, "value": pointer(STRING), "ref": STRING, "kind": STRING, "apiversion": STRING},
)

_TEMPLATE = struct(
    "triggers.TriggerSpecTemplate", {"ref": pointer(STRING), "apiversion": STRING, "spec": TEMPLATE_SPEC}
)

_NAMESPACES = struct("triggers.NamespaceSelector", {"matchNames": STRINGS})

_RESOURCES = struct(
    "triggers.Resources",
    {
        "kubernetesResource": struct(
            "triggers.KubernetesResource",
            {
                "replicas": pointer(INT32),
                "serviceType": STRING,
                "servicePort": pointer(INT32),
                "serviceLoadBalancerClass": pointer(STRING),
                "spec": ANY,
            },
        ),
        "customResource": ANY,
    },
)


def _trigger(interceptor: Struct) -> Struct:
    return root(
        "triggers.Trigger",
        {
            "spec": value(
                struct(
                    "triggers.TriggerSpec",
                    {
                        "bindings": kept(ListOf(_BINDING)),
                        "template": value(_TEMPLATE),
                        "name": STRING,
                        "interceptors": ListOf(interceptor),
                        "serviceAccountName": STRING,
                    },
                )
            ),
            "status": ANY,
        },
    )


def _listener(interceptor: Struct, older: dict[str, Type | Field]) -> Struct:
    trigger = struct(
        "triggers.EventListenerTrigger",
        {
            "bindings": ListOf(_BINDING),
            "template": _TEMPLATE,
            "triggerRef": STRING,
            "name": STRING,
            "interceptors": ListOf(interceptor),
            "serviceAccountName": STRING,
        },
    )
    selector = struct(
        "triggers.EventListenerTriggerSelector",
        {"namespaceSelector": value(_NAMESPACES), "labelSelector": LABEL_SELECTOR},
    )
    group = struct(
        "triggers.EventListenerTriggerGroup",
        {"name": kept(STRING), "interceptors": kept(ListOf(interceptor)), "triggerSelector": value(selector)},
    )
    spec = struct(
        "triggers.EventListenerSpec",
        {
            "serviceAccountName": STRING,
            "triggers": ListOf(trigger),
            "triggerGroups": ListOf(group),
            "namespaceSelector": value(_NAMESPACES),
            "labelSelector": LABEL_SELECTOR,
            "resources": value(_RESOURCES),
            "cloudEventURI": STRING,
            **older,
        },
    )
    return root("triggers.EventListener", {"spec": value(spec), "status": ANY})


TRIGGER = _trigger(TRIGGER_INTERCEPTOR)
TRIGGER_V1ALPHA1 = _trigger(TRIGGER_INTERCEPTOR_V1ALPHA1)
EVENT_LISTENER = _listener(TRIGGER_INTERCEPTOR, {})
EVENT_LISTENER_V1ALPHA1 = _listener(
    TRIGGER_INTERCEPTOR_V1ALPHA1,
    {
        "serviceType": deprecated(STRING),
        "replicas": deprecated(pointer(INT32)),
        "podTemplate": deprecated(ANY),
    },
)
