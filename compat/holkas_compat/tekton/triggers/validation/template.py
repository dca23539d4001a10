"""TriggerTemplates, alone or within a trigger.

Source: pkg/apis/triggers/v1beta1/trigger_template_validation.go, pkg/apis/config/allowed_types.go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from holkas.model.path import PathPart

from holkas_compat.manifest.shape import items, name_of, record, records, text
from holkas_compat.tekton.schema.kinds import GROUP, versions
from holkas_compat.tekton.triggers.codes import (
    EXCLUSIVE,
    INVALID,
    MISSING,
    NO_TEMPLATES,
    TEMPLATE_TYPE,
    UNDECLARED_PARAM,
)
from holkas_compat.tekton.validation.names import check_metadata, did_you_mean
from holkas_compat.tekton.validation.scope import Scope

PARAM = re.compile(r"\$\(tt.params.([_a-zA-Z][_a-zA-Z0-9.-]*)\)")
"""A reference in a resource template; any character may stand where upstream's pattern leaves its dots bare."""

_OLDER = frozenset(
    (f"{GROUP}/{version}", kind)
    for version, kinds in {
        "v1alpha1": ("PipelineResource", "Run"),
        "v1beta1": ("ClusterTask", "CustomRun"),
    }.items()
    for kind in kinds
)


def check_template(obj: dict[str, Any], scope: Scope) -> None:
    """A TriggerTemplate."""
    check_metadata(obj, scope)
    check_template_spec(record(obj.get("spec")), scope.at("spec"))


def check_template_spec(spec: Mapping[str, Any], scope: Scope) -> None:
    """What a template says, wherever it stands."""
    if not spec:
        scope.report(MISSING, "the template says nothing", "")
    templates = items(spec.get("resourcetemplates"))
    here = scope.at("resourcetemplates")
    if not templates:
        scope.report(NO_TEMPLATES, "the template has no resourcetemplates", "resourcetemplates")
    declared = {name_of(param) for param in records(spec.get("params"))}
    for index, template in enumerate(templates):
        _check_type(record(template), here.at(index))
        for path, name in template_params(template):
            if name not in declared:
                hint = did_you_mean(name, declared) or f"declare {name} in the params of the template"
                message = f'the template has no param "{name}"'
                here.at(index).report(
                    UNDECLARED_PARAM, message, "", at=path, within=f"$(tt.params.{name})", hint=hint
                )


def template_params(
    value: Any, path: tuple[PathPart, ...] = ()
) -> Iterator[tuple[tuple[PathPart, ...], str]]:
    """Every ``$(tt.params.x)`` in a resource template, with its place."""
    if isinstance(value, str):
        if "$(tt" in value:
            for match in PARAM.finditer(value):
                yield path, match[1]
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from template_params(item, (*path, key))
            if "$(tt" in key:
                yield from template_params(key, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from template_params(item, (*path, index))


def check_trigger_template(template: Mapping[str, Any], scope: Scope) -> None:
    """The template of a trigger: a reference or a spec."""
    version = text(template.get("apiversion"))
    if version and version not in ("v1alpha1", "v1beta1"):
        message = f'templates do not exist in "{version}"'
        scope.report(INVALID, message, "apiVersion", at=("apiversion",), hint="write v1beta1")
    ref, spec = template.get("ref"), template.get("spec")
    if ref is not None and spec is not None:
        scope.report(EXCLUSIVE, "the template has a ref and a spec", "spec", "ref", at=("ref",), on_key=True)
    elif spec is not None:
        check_template_spec(record(spec), scope.at("spec", field=""))
    elif ref is None:
        scope.report(MISSING, "the template has neither a ref nor a spec", "spec", "ref")
    elif not ref:
        scope.report(MISSING, "the template's ref is empty", "ref", at=("ref",))


def _check_type(template: Mapping[str, Any], scope: Scope) -> None:
    version, kind = text(template.get("apiVersion")), text(template.get("kind"))
    for key, value in (("apiVersion", version), ("kind", kind)):
        if not value:
            scope.report(TEMPLATE_TYPE, f"the resource template has no {key}", key)
    if not version or not kind or version in versions(kind) or (version, kind) in _OLDER:
        return
    at = ("kind",) if not versions(kind) else ("apiVersion",)
    message = f'a template cannot make a {kind} of "{version}"'
    scope.report(TEMPLATE_TYPE, message, "", at=at, hint="take a PipelineRun of tekton.dev/v1, for instance")
