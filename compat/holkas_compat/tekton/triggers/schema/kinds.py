"""Which kind of Triggers in which version has which table."""

from __future__ import annotations

from holkas_compat.manifest.types import Struct
from holkas_compat.tekton.triggers.group import GROUP
from holkas_compat.tekton.triggers.schema.interceptor import CLUSTER_INTERCEPTOR, INTERCEPTOR
from holkas_compat.tekton.triggers.schema.listener import (
    EVENT_LISTENER,
    EVENT_LISTENER_V1ALPHA1,
    TRIGGER,
    TRIGGER_V1ALPHA1,
)
from holkas_compat.tekton.triggers.schema.template import (
    CLUSTER_TRIGGER_BINDING,
    TRIGGER_BINDING,
    TRIGGER_TEMPLATE,
)

V1BETA1 = f"{GROUP}/v1beta1"
V1ALPHA1 = f"{GROUP}/v1alpha1"

KINDS: dict[tuple[str, str], Struct] = {
    ("EventListener", V1BETA1): EVENT_LISTENER,
    ("EventListener", V1ALPHA1): EVENT_LISTENER_V1ALPHA1,
    ("Trigger", V1BETA1): TRIGGER,
    ("Trigger", V1ALPHA1): TRIGGER_V1ALPHA1,
    ("TriggerBinding", V1BETA1): TRIGGER_BINDING,
    ("TriggerBinding", V1ALPHA1): TRIGGER_BINDING,
    ("ClusterTriggerBinding", V1BETA1): CLUSTER_TRIGGER_BINDING,
    ("ClusterTriggerBinding", V1ALPHA1): CLUSTER_TRIGGER_BINDING,
    ("TriggerTemplate", V1BETA1): TRIGGER_TEMPLATE,
    ("TriggerTemplate", V1ALPHA1): TRIGGER_TEMPLATE,
    ("Interceptor", V1ALPHA1): INTERCEPTOR,
    ("ClusterInterceptor", V1BETA1): CLUSTER_INTERCEPTOR,
    ("ClusterInterceptor", V1ALPHA1): CLUSTER_INTERCEPTOR,
}


def versions(kind: str) -> list[str]:
    """The versions in which a kind exists, the newest first; empty if Triggers has no such kind."""
    return [version for name, version in KINDS if name == kind]
