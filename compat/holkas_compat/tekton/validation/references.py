"""References to tasks, pipelines and StepActions, by name or through a resolver.

Source: Tekton's docs/taskruns.md, "Remote Tasks", and docs/additional-configs.md, concise resolver syntax.
"""

from __future__ import annotations

import re
from typing import Any

from holkas_compat.manifest.shape import record, text
from holkas_compat.tekton.validation.gates import report_flag, require_level
from holkas_compat.tekton.validation.given_params import check_given
from holkas_compat.tekton.validation.level import Level
from holkas_compat.tekton.validation.names import qualified_name_fault
from holkas_compat.tekton.validation.scope import Scope

_URL = r"(?a)[\w-]+://*"
_CONCISE = "enable-concise-resolver-syntax"


def check_reference(value: Any, scope: Scope) -> None:
    """``taskRef``, ``pipelineRef`` or ``ref``; ``scope`` is its place."""
    ref = record(value)
    name, resolver = text(ref.get("name")), text(ref.get("resolver"))
    has_params = ref.get("params") is not None
    if text(ref.get("bundle")):
        hint = "use resolver: bundles with the params bundle, name and kind"
        scope.report("T108", "bundle is no longer accepted", "bundle", at=("bundle",), on_key=True, hint=hint)
    if has_params:
        _check_resolver_params(ref, name, resolver, scope)
    if resolver:
        require_level(scope, Level.BETA, "resolver", "resolver")
        if name:
            _check_resolver_name(name, scope)
    elif not has_params:
        _check_name(name, scope)


def _check_resolver_params(ref: Any, name: str, resolver: str, scope: Scope) -> None:
    require_level(scope, Level.BETA, "params of a resolver", "params")
    if name:
        scope.report(
            "T103", "a reference has either name or params", "name", "params", at=("params",), on_key=True
        )
    if not resolver:
        hint = "name one: git, bundles, hub, cluster or http"
        scope.report("T102", "params need a resolver that reads them", "resolver", hint=hint)
    check_given(ref.get("params"), Scope(scope.collector, (*scope.path, "params"), scope.fields))


def _check_resolver_name(name: str, scope: Scope) -> None:
    if re.search(_URL, name) is None:
        hint = "give the resolver its params, or a URL as the name"
        scope.report(
            "T114",
            f'"{name}" is not a URL, which a name beside a resolver must be',
            "name",
            at=("name",),
            hint=hint,
        )
    elif not scope.flags.concise_resolver:
        report_flag(scope, _CONCISE, "a URL as the name", "", "name")


def _check_name(name: str, scope: Scope) -> None:
    if not name:
        scope.report(
            "T102", "the reference has no name", "name", hint="set name, or a resolver with its params"
        )
    elif re.search(_URL, name):
        if not scope.flags.concise_resolver:
            report_flag(scope, _CONCISE, "a URL as the name", "", "name")
        scope.report("T102", f'the reference to "{name}" has no resolver', "resolver", at=("name",))
    elif fault := qualified_name_fault(name):
        scope.report("T114", f'"{name}" is not a valid name of an object: {fault}', "name", at=("name",))
