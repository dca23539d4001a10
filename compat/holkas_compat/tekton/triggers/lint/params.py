"""Params on their way from the event through bindings into the template."""

from __future__ import annotations

from collections.abc import Iterator

from holkas.model.finding import Finding, Severity
from holkas.model.path import DocumentPath

from holkas_compat.manifest.suggest import did_you_mean
from holkas_compat.tekton.triggers.codes import (
    BAD_JSON_PATH,
    BOUND_TWICE,
    EVENT_IN_SCRIPT,
    UNBOUND_PARAM,
    UNUSED_PARAM,
)
from holkas_compat.tekton.triggers.expressions import find
from holkas_compat.tekton.triggers.jsonpath import PathError, parse
from holkas_compat.tekton.triggers.lint.sites import Site
from holkas_compat.tekton.triggers.model import Group, Template, Trigger
from holkas_compat.tekton.triggers.shelf import Shelf
from holkas_compat.tekton.triggers.validation.template import template_params
from holkas_compat.tekton.unit import Unit

_PROGRAMS = frozenset(("script",))


def check_params(site: Site, shelf: Shelf) -> Iterator[Finding]:
    """What the bindings of a trigger give is what its template takes."""
    trigger = site.trigger
    if isinstance(trigger, Group) or trigger.ref:
        return
    for index, entry in enumerate(trigger.bindings):
        if not entry.ref:
            yield from _paths(site.unit, entry.value, (*site.path, "bindings", index, "value"))
    if trigger.template is not None:
        yield from check_scripts(site.unit, (*site.path, "template", "spec"))
    template = trigger.template or shelf.template(trigger.namespace, trigger.template_ref)
    bound = _bound(trigger, shelf)
    if template is not None and bound is not None:
        yield from _compare(site, template, bound)


def check_binding_paths(unit: Unit) -> Iterator[Finding]:
    """The expressions of a TriggerBinding are paths."""
    for index, param in enumerate(unit.document.value["spec"]["params"]):
        yield from _paths(unit, param.get("value") or "", ("spec", "params", index, "value"))


def check_scripts(unit: Unit, path: DocumentPath) -> Iterator[Finding]:
    """No value of an event becomes part of a script."""
    spec = unit.document.value
    for part in path:
        spec = spec[part]
    for index, resource in enumerate(spec.get("resourcetemplates") or ()):
        for place, name in template_params(resource):
            if place and place[-1] in _PROGRAMS:
                message = f"whoever sends the event writes a part of this script: param {name}"
                yield unit.finding(
                    EVENT_IN_SCRIPT,
                    message,
                    (*path, "resourcetemplates", index, *place),
                    severity=Severity.WARNING,
                    within=f"$(tt.params.{name})",
                    hint="hand it over in an environment variable",
                )


def _paths(unit: Unit, value: str, place: DocumentPath) -> Iterator[Finding]:
    for _, _, expression in find(value):
        try:
            parse(expression)
        except PathError as error:
            message = f"$({expression}): {error}"
            yield unit.finding(BAD_JSON_PATH, message, place, severity=Severity.WARNING)


def _bound(trigger: Trigger, shelf: Shelf) -> list[tuple[str, DocumentPath]] | None:
    """Names that the bindings give, each with the place of its entry; None where a binding is unknown."""
    bound: list[tuple[str, DocumentPath]] = []
    for index, entry in enumerate(trigger.bindings):
        place: DocumentPath = ("bindings", index)
        if not entry.ref:
            bound.append((entry.name, (*place, "name")))
            continue
        params = shelf.binding(entry.kind, trigger.namespace, entry.ref)
        if params is None:
            return None
        bound += [(name, (*place, "ref")) for name, _ in params]
    return bound


def _compare(site: Site, template: Template, bound: list[tuple[str, DocumentPath]]) -> Iterator[Finding]:
    seen: set[str] = set()
    for name, place in bound:
        path = (*site.path, *place)
        if name in seen:
            yield site.unit.finding(
                BOUND_TWICE, f'param "{name}" is bound twice', path, severity=Severity.WARNING
            )
        seen.add(name)
        # A binding that many triggers share gives more than each of them takes.
        if place[-1] == "name" and name not in template.params:
            message = f'the template has no param "{name}"'
            hint = did_you_mean(name, template.params)
            yield site.unit.finding(UNUSED_PARAM, message, path, severity=Severity.WARNING, hint=hint)
    for name, default in template.params.items():
        if default is None and name not in seen:
            message = f'param "{name}" of the template gets no value and has no default'
            hint = did_you_mean(name, seen)
            yield site.unit.finding(
                UNBOUND_PARAM, message, (*site.path, "template"), severity=Severity.WARNING, hint=hint
            )
