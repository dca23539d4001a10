"""ApplicationSets (applicationset/generators, applicationset/utils; "Progressive Syncs")."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from holkas_compat.argocd.schema.applicationset import SIMPLE
from holkas_compat.argocd.validation.application import check_policy, check_spec
from holkas_compat.argocd.validation.codes import (
    BAD_STRATEGY,
    BAD_TEMPLATE_OPTION,
    CHILD_GENERATORS,
    GENERATOR_EMPTY,
    MERGE_KEYS,
    NO_GENERATOR,
    OTHER_TEMPLATE,
    TEMPLATE_NAME,
)
from holkas_compat.argocd.validation.metadata import check_finalizers
from holkas_compat.argocd.validation.scope import Scope
from holkas_compat.manifest.shape import record, records, text, texts

_COMBINED = ("matrix", "merge")
_OPTION = re.compile(r"missingkey=(default|invalid|zero|error)\Z")
_GO_FIELD = re.compile(r"\{\{-?\s*\.")
_PLAIN_KEY = re.compile(r"\{\{-?\s*([a-zA-Z][\w-]*(?:\.[\w-]+)+)\s*-?\}\}")
_PERCENT = re.compile(r"\d+%\Z", re.ASCII)


def check_application_set(obj: Mapping[str, Any], scope: Scope) -> None:
    """An ApplicationSet, as far as it can be judged without its generators' parameters."""
    spec = record(obj.get("spec"))
    here = Scope((*scope.path, "spec"), scope.problems, templated=True)
    for index, generator in enumerate(records(spec.get("generators"))):
        _check_generator(generator, here.at("generators", index))
    _check_options(spec, here)
    _check_template(spec, here)
    _check_strategy(record(spec.get("strategy")), here.at("strategy"))


def _check_generator(generator: Mapping[str, Any], scope: Scope) -> None:
    kinds = [name for name in (*SIMPLE, *_COMBINED) if isinstance(generator.get(name), Mapping)]
    if not kinds:
        scope.warn(NO_GENERATOR, "the entry names no generator: it makes nothing")
    for name in kinds:
        value, here = record(generator.get(name)), scope.at(name)
        if name in _COMBINED:
            _check_combined(name, value, here)
        elif name in ("git", "oci") and not (value.get("directories") or value.get("files")):
            here.error(GENERATOR_EMPTY, f"the {name} generator has neither directories nor files")
        elif name == "list" and "elements" not in value and "elementsYaml" not in value:
            here.warn(GENERATOR_EMPTY, "the list generator has no elements: it makes nothing")
        template = record(value.get("template"))
        check_policy(record(template.get("spec")), here.at("template", "spec"))


def _check_combined(name: str, value: Mapping[str, Any], scope: Scope) -> None:
    children = records(value.get("generators"))
    if "generators" in value and len(children) < 2:
        message = (
            f"found less than two generators, {name} requires two{'' if name == 'matrix' else ' or more'}"
        )
        scope.error(CHILD_GENERATORS, message, "generators")
    elif name == "matrix" and len(children) > 2:
        message = "found more than two generators, Matrix support only two"
        scope.error(CHILD_GENERATORS, message, "generators", 2)
    if name == "merge" and "mergeKeys" in value and not value.get("mergeKeys"):
        scope.error(MERGE_KEYS, "no merge keys were specified, Merge requires at least one", "mergeKeys")
    for index, child in enumerate(children):
        _check_generator(child, scope.at("generators", index))


def _check_options(spec: Mapping[str, Any], scope: Scope) -> None:
    options = texts(spec.get("goTemplateOptions"))
    for index, option in enumerate(options):
        if not _OPTION.match(option):
            message = f'Go templates have no option "{option}"'
            hint = "write missingkey=error, =zero, =invalid or =default"
            scope.error(BAD_TEMPLATE_OPTION, message, "goTemplateOptions", index, hint=hint)
    if options and not spec.get("goTemplate"):
        message = "goTemplateOptions mean nothing without goTemplate: true"
        scope.warn(BAD_TEMPLATE_OPTION, message, "goTemplateOptions")


def _check_template(spec: Mapping[str, Any], scope: Scope) -> None:
    template = spec.get("template")
    if not isinstance(template, Mapping):
        return
    here, metadata = scope.at("template"), record(template.get("metadata"))
    generators = records(spec.get("generators"))
    alone = not spec.get("templatePatch") and not any(map(_has_template, generators))
    if alone and "metadata" in template and not text(metadata.get("name")):
        here.error(TEMPLATE_NAME, "the template gives its applications no name", "metadata")
    check_finalizers(metadata.get("finalizers"), here.at("metadata", "finalizers"))
    if isinstance(template.get("spec"), Mapping):
        (check_spec if alone else check_policy)(template["spec"], here.at("spec"))
    _check_language(template, here, go=spec.get("goTemplate") is True)


def _has_template(generator: Mapping[str, Any]) -> bool:
    return any(record(record(value).get("template")) for value in generator.values())


def _check_language(value: Any, scope: Scope, *, go: bool) -> None:
    """Placeholders of the other template language."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            _check_language(item, scope.at(key), go=go)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _check_language(item, scope.at(index), go=go)
    elif isinstance(value, str) and "{{" in value:
        if not go and (found := _GO_FIELD.search(value)):
            message = "a placeholder of Go templates stays as it is without goTemplate: true"
            scope.report(
                OTHER_TEMPLATE, message, within=found[0], hint="write {{key}}, or set goTemplate: true"
            )
        elif go and (found := _PLAIN_KEY.search(value)):
            message = f'"{found[1]}" is no placeholder of Go templates: rendering fails'
            scope.error(OTHER_TEMPLATE, message, within=found[0], hint=f"write {{{{.{found[1]}}}}}")


def _check_strategy(strategy: Mapping[str, Any], scope: Scope) -> None:
    kind, rolling = text(strategy.get("type")), strategy.get("rollingSync")
    if kind not in ("", "AllAtOnce", "RollingSync"):
        scope.error(
            BAD_STRATEGY, f'there is no strategy "{kind}"', "type", hint="write RollingSync or AllAtOnce"
        )
    if isinstance(rolling, Mapping) and kind != "RollingSync":
        scope.warn(BAD_STRATEGY, "rollingSync means nothing without type: RollingSync", "rollingSync")
    if kind == "RollingSync" and not record(rolling).get("steps"):
        scope.warn(BAD_STRATEGY, "RollingSync without steps updates nothing", "type")
    order = text(strategy.get("deletionOrder"))
    if order not in ("", "AllAtOnce", "Reverse"):
        hint = "write AllAtOnce or Reverse"
        scope.error(BAD_STRATEGY, f'there is no deletion order "{order}"', "deletionOrder", hint=hint)
    elif order == "Reverse" and kind != "RollingSync":
        message = "the deletion order Reverse means nothing without type: RollingSync"
        scope.warn(BAD_STRATEGY, message, "deletionOrder")
    for index, step in enumerate(records(record(rolling).get("steps"))):
        here = scope.at("rollingSync", "steps", index)
        most = step.get("maxUpdate")
        if isinstance(most, str) and not _PERCENT.match(most) and not most.isdecimal():
            here.error(BAD_STRATEGY, f'"{most}" is neither a number nor a percentage', "maxUpdate")
        for at, expression in enumerate(records(step.get("matchExpressions"))):
            operator = text(expression.get("operator"))
            if operator not in ("In", "NotIn"):
                message = f'"{operator}" is no operator of a step: nothing matches'
                here.warn(BAD_STRATEGY, message, "matchExpressions", at, "operator", hint="write In or NotIn")
