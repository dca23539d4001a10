"""TriggerTemplates and TriggerBindings (pkg/apis/triggers/v1beta1/trigger_{template,binding}_types.go)."""

from __future__ import annotations

from holkas_compat.manifest.root import root
from holkas_compat.manifest.types import ANY, STRING, ListOf, kept, pointer, struct, value

PARAM_SPEC = struct(
    "triggers.ParamSpec", {"name": kept(STRING), "description": STRING, "default": pointer(STRING)}
)

TEMPLATE_SPEC = struct(
    "triggers.TriggerTemplateSpec", {"params": ListOf(PARAM_SPEC), "resourcetemplates": ListOf(ANY)}
)

TRIGGER_TEMPLATE = root("triggers.TriggerTemplate", {"spec": value(TEMPLATE_SPEC), "status": ANY})

BINDING_SPEC = struct(
    "triggers.TriggerBindingSpec",
    {"params": ListOf(struct("triggers.Param", {"name": kept(STRING), "value": kept(STRING)}))},
)

TRIGGER_BINDING = root("triggers.TriggerBinding", {"spec": value(BINDING_SPEC), "status": ANY})
CLUSTER_TRIGGER_BINDING = root("triggers.ClusterTriggerBinding", {"spec": value(BINDING_SPEC), "status": ANY})
