"""Reads accepted objects, with their defaults, into the model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas_compat.manifest.shape import items, record, records, text, texts
from holkas_compat.tekton.triggers.model import (
    BindingEntry,
    Group,
    Interceptor,
    Listener,
    Selector,
    Template,
    Trigger,
)
from holkas_compat.tekton.triggers.validation.listener import PAYLOAD_VALIDATION

DEFAULT_NAMESPACE = "default"
OLD_ESCAPES = "triggers.tekton.dev/old-escape-quotes"


def read_listener(obj: Mapping[str, Any]) -> Listener:
    """An EventListener."""
    metadata, spec = record(obj.get("metadata")), record(obj.get("spec"))
    name, namespace = names(obj)
    return Listener(
        name=name,
        namespace=namespace,
        triggers=tuple(_listener_trigger(entry, namespace) for entry in records(spec.get("triggers"))),
        groups=tuple(_group(entry) for entry in records(spec.get("triggerGroups"))),
        selector=_selector(spec),
        checks_payload=record(metadata.get("annotations")).get(PAYLOAD_VALIDATION) != "false",
    )


def read_trigger(obj: Mapping[str, Any]) -> Trigger:
    """A Trigger."""
    name, namespace = names(obj)
    labels = record(record(obj.get("metadata")).get("labels"))
    return _trigger(record(obj.get("spec")), name, namespace, labels)


def read_template(obj: Mapping[str, Any]) -> Template:
    """A TriggerTemplate."""
    annotations = record(record(obj.get("metadata")).get("annotations"))
    return _template(record(obj.get("spec")), escape_quotes=OLD_ESCAPES in annotations)


def read_binding(obj: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Names and values of a TriggerBinding or ClusterTriggerBinding."""
    params = records(record(obj.get("spec")).get("params"))
    return tuple((text(param.get("name")), text(param.get("value"))) for param in params)


def names(obj: Mapping[str, Any]) -> tuple[str, str]:
    """Name and namespace of an object."""
    metadata = record(obj.get("metadata"))
    return text(metadata.get("name")), text(metadata.get("namespace")) or DEFAULT_NAMESPACE


def _listener_trigger(entry: Mapping[str, Any], namespace: str) -> Trigger:
    ref = text(entry.get("triggerRef")) if entry.get("template") is None else ""
    return _trigger(entry, text(entry.get("name")) or ref, namespace, {}, ref)


def _trigger(
    spec: Mapping[str, Any], name: str, namespace: str, labels: Mapping[str, Any], ref: str = ""
) -> Trigger:
    template = record(spec.get("template"))
    inline = template.get("spec")
    return Trigger(
        name=name,
        namespace=namespace,
        interceptors=_interceptors(spec),
        bindings=tuple(_binding(entry) for entry in records(spec.get("bindings"))),
        template_ref=text(template.get("ref")),
        template=None if inline is None else _template(record(inline), escape_quotes=False),
        ref=ref,
        labels={key: text(value) for key, value in labels.items()},
    )


def _binding(entry: Mapping[str, Any]) -> BindingEntry:
    return BindingEntry(**{key: text(entry.get(key)) for key in ("ref", "kind", "name", "value")})


def _template(spec: Mapping[str, Any], *, escape_quotes: bool) -> Template:
    return Template(
        params={text(param.get("name")): param.get("default") for param in records(spec.get("params"))},
        resources=tuple(items(spec.get("resourcetemplates"))),
        escape_quotes=escape_quotes,
    )


def _interceptors(spec: Mapping[str, Any]) -> tuple[Interceptor, ...]:
    return tuple(_interceptor(entry) for entry in records(spec.get("interceptors")))


def _interceptor(entry: Mapping[str, Any]) -> Interceptor:
    ref = record(entry.get("ref"))
    return Interceptor(
        name=text(ref.get("name")),
        kind=text(ref.get("kind")),
        params={text(param.get("name")): param.get("value") for param in records(entry.get("params"))},
        webhook=entry.get("webhook") is not None,
    )


def _group(entry: Mapping[str, Any]) -> Group:
    return Group(
        name=text(entry.get("name")),
        interceptors=_interceptors(entry),
        selector=_selector(record(entry.get("triggerSelector"))),
    )


def _selector(spec: Mapping[str, Any]) -> Selector:
    return Selector(
        namespaces=tuple(texts(record(spec.get("namespaceSelector")).get("matchNames"))),
        labels=spec.get("labelSelector"),
    )
