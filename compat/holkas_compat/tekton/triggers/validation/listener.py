"""EventListeners.

Source: pkg/apis/triggers/v1beta1/event_listener_validation.go, pkg/apis/triggers/validate_annotations.go.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas_compat.manifest.shape import items, record, records, text
from holkas_compat.tekton.triggers.codes import (
    ANNOTATION,
    EXCLUSIVE,
    INVALID,
    LONG_NAME,
    MISSING,
    NO_TRIGGERS,
    POD_FIELD,
)
from holkas_compat.tekton.triggers.validation.interceptors import check_interceptors
from holkas_compat.tekton.triggers.validation.trigger import check_listener_trigger
from holkas_compat.tekton.validation.names import check_metadata
from holkas_compat.tekton.validation.scope import Scope

PAYLOAD_VALIDATION = "tekton.dev/payload-validation"
MAX_NAME = 60

_POD = frozenset(
    (
        "serviceAccountName",
        "containers",
        "tolerations",
        "nodeSelector",
        "affinity",
        "topologySpreadConstraints",
    )
)
_CONTAINER = frozenset(
    ("resources", "env", "securityContext", "livenessProbe", "readinessProbe", "startupProbe")
)
_TLS = ("TLS_CERT", "TLS_KEY")


def check_listener(obj: dict[str, Any], scope: Scope) -> None:
    """An EventListener."""
    check_metadata(obj, scope)
    metadata, spec = record(obj.get("metadata")), record(obj.get("spec"))
    name = text(metadata.get("name"))
    if len(name) > MAX_NAME:
        message = f"the name has {len(name)} characters, {MAX_NAME} are allowed"
        scope.report(LONG_NAME, message, "metadata.name", at=("metadata", "name"))
    value = record(metadata.get("annotations")).get(PAYLOAD_VALIDATION)
    if value is not None and value not in ("true", "false"):
        scope.at("metadata", "annotations").report(
            ANNOTATION, f"{PAYLOAD_VALIDATION} is true or false", PAYLOAD_VALIDATION, at=(PAYLOAD_VALIDATION,)
        )
    here = scope.at("spec")
    groups, triggers = records(spec.get("triggerGroups")), records(spec.get("triggers"))
    if not groups and not triggers and not _selects(spec):
        fields = ("labelSelector", "namespaceSelector", "triggerGroups", "triggers")
        here.report(NO_TRIGGERS, "the listener has nothing to trigger", *fields)
    for index, trigger in enumerate(triggers):
        check_listener_trigger(trigger, here.at("triggers", index))
    for index, group in enumerate(groups):
        _check_group(group, here.at("triggerGroups", index))
    _check_resources(record(spec.get("resources")), here.at("resources"))


def _selects(selectors: Mapping[str, Any]) -> bool:
    names = record(selectors.get("namespaceSelector")).get("matchNames")
    return selectors.get("labelSelector") is not None or bool(items(names))


def _check_group(group: Mapping[str, Any], scope: Scope) -> None:
    if not _selects(record(group.get("triggerSelector"))):
        fields = ("triggerSelector.labelSelector", "triggerSelector.namespaceSelector")
        scope.report(MISSING, "the group selects no triggers", *fields)
    if not items(group.get("interceptors")):
        scope.report(MISSING, "the group has no interceptors", "interceptors")
    check_interceptors(group.get("interceptors"), scope.at("interceptors"))


def _check_resources(resources: Mapping[str, Any], scope: Scope) -> None:
    given = [key for key in ("kubernetesResource", "customResource") if resources.get(key) is not None]
    if len(given) == 2:
        scope.report(EXCLUSIVE, "the listener is two resources at once", *given)
    for key in given:
        resource, here = record(resources[key]), scope.at(key)
        replicas = resource.get("replicas")
        if isinstance(replicas, int) and replicas < 0:
            here.report(INVALID, "the number of replicas is negative", "spec.replicas", at=("replicas",))
        pod = record(record(record(resource.get("spec")).get("template")).get("spec"))
        _check_pod(pod, here.at("spec", "template", "spec"))


def _check_pod(pod: Mapping[str, Any], scope: Scope) -> None:
    _check_fields(pod, _POD, "the pod", scope)
    containers = records(pod.get("containers"))
    if len(containers) > 1:
        scope.report(POD_FIELD, "the pod has more than one container", "containers", at=("containers",))
    if len(containers) == 1:
        here = scope.at("containers", 0)
        _check_fields(containers[0], _CONTAINER, "the container", here)
        variables = records(containers[0].get("env"))
        for index, variable in enumerate(variables):
            place = here.at("env", index)
            _check_fields(variable, frozenset(("name", "valueFrom")), "the variable", place)
            sources = record(variable.get("valueFrom"))
            _check_fields(sources, frozenset(("secretKeyRef",)), "the variable", place.at("valueFrom"))
        tls = [text(variable.get("name")) for variable in variables if variable.get("name") in _TLS]
        if len(tls) == 1:
            here.report(MISSING, f"{' and '.join(_TLS)} belong together, only {tls[0]} is there", at=("env",))


def _check_fields(value: Mapping[str, Any], allowed: frozenset[str], noun: str, scope: Scope) -> None:
    for key in value:
        if key not in allowed:
            scope.report(POD_FIELD, f"{noun} of a listener cannot have {key}", key, at=(key,), on_key=True)
