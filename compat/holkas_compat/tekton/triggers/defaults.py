"""Defaults, and the old forms of v1alpha1 as references with params.

Source: pkg/apis/triggers/*/{trigger,event_listener}_defaults.go, v1alpha1/trigger_types.go (updateCoreInterceptors).
"""

from __future__ import annotations

from typing import Any

from holkas_compat.tekton.triggers.schema.interceptor import OLD_FORMS

BINDING_KIND = "TriggerBinding"
CLUSTER_BINDING_KIND = "ClusterTriggerBinding"
CLUSTER_INTERCEPTOR_KIND = "ClusterInterceptor"


def with_defaults(obj: dict[str, Any]) -> dict[str, Any]:
    """A decoded object with its defaults; the one that is given stays as it is."""
    spec = obj.get("spec")
    if not isinstance(spec, dict):
        return obj
    if obj["kind"] == "Trigger":
        return {**obj, "spec": _trigger(spec)}
    if obj["kind"] == "EventListener":
        made = dict(spec)
        if "triggers" in spec:
            made["triggers"] = [_trigger(trigger) for trigger in spec["triggers"]]
        if "triggerGroups" in spec:
            made["triggerGroups"] = [_with_interceptors(group) for group in spec["triggerGroups"]]
        return {**obj, "spec": made}
    return obj


def _trigger(spec: dict[str, Any]) -> dict[str, Any]:
    made = _with_interceptors(spec)
    if "bindings" in spec:
        made["bindings"] = [{**binding, "kind": _kind(binding)} for binding in spec["bindings"]]
    return made


def _kind(binding: dict[str, Any]) -> str:
    return binding.get("kind") or BINDING_KIND


def _with_interceptors(spec: dict[str, Any]) -> dict[str, Any]:
    made = dict(spec)
    if "interceptors" in spec:
        made["interceptors"] = [_interceptor(interceptor) for interceptor in spec["interceptors"]]
    return made


def _interceptor(interceptor: dict[str, Any]) -> dict[str, Any]:
    ref = interceptor.get("ref", {})
    made = {**interceptor, "ref": {**ref, "kind": ref.get("kind") or CLUSTER_INTERCEPTOR_KIND}}
    given = [name for name in OLD_FORMS if name in interceptor]
    if ref.get("name") or len(given) != 1:
        return made
    (name,) = given
    made["ref"]["name"] = name
    made["params"] = [{"name": key, "value": value} for key, value in made.pop(name).items()]
    return made
