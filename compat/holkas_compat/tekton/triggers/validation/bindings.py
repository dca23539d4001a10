"""Bindings: the kinds, and the list that a trigger has.

Source: pkg/apis/triggers/v1beta1/{trigger_binding,trigger}_validation.go.
"""

from __future__ import annotations

from typing import Any

from holkas_compat.manifest.shape import record, records, text
from holkas_compat.tekton.triggers.codes import DUPLICATE_PARAM, EXCLUSIVE, INVALID, MISSING, UNTERMINATED
from holkas_compat.tekton.triggers.defaults import BINDING_KIND, CLUSTER_BINDING_KIND
from holkas_compat.tekton.triggers.expressions import is_terminated
from holkas_compat.tekton.validation.names import check_metadata
from holkas_compat.tekton.validation.scope import Scope

_KINDS = (BINDING_KIND, CLUSTER_BINDING_KIND)


def check_binding(obj: dict[str, Any], scope: Scope) -> None:
    """A TriggerBinding or ClusterTriggerBinding."""
    check_metadata(obj, scope)
    params = record(obj.get("spec")).get("params")
    if not params:
        scope.report(MISSING, "the binding has no params", "spec", at=("spec",))
    here = scope.at("spec", "params")
    seen: set[str] = set()
    for index, param in enumerate(records(params)):
        name = text(param.get("name"))
        if name in seen:
            message = f'param "{name}" is bound twice'
            here.at(index).report(DUPLICATE_PARAM, message, "name", at=("name",))
        seen.add(name)
        check_expressions(text(param.get("value")), here.at(index))


def check_expressions(value: str, scope: Scope) -> None:
    """The value of a param: every ``$(`` has its end."""
    if not is_terminated(value):
        scope.report(UNTERMINATED, "an expression $( has no end", "value", at=("value",), hint="add the )")


def check_bindings(bindings: Any, scope: Scope) -> None:
    """The bindings of a trigger: each a reference, or a name with a value."""
    for index, binding in enumerate(records(bindings)):
        here = scope.at(index)
        ref, name, kind = (text(binding.get(key)) for key in ("ref", "name", "kind"))
        if ref and name:
            here.report(
                EXCLUSIVE, "the binding has a ref and a name", "ref", "name", on_key=True, at=("name",)
            )
        elif ref and kind not in _KINDS:
            hint = f"write {' or '.join(_KINDS)}"
            here.report(INVALID, f'a binding cannot be of kind "{kind}"', "kind", at=("kind",), hint=hint)
        elif name and binding.get("value") is None:
            here.report(MISSING, f'binding "{name}" has no value', "value")
        elif not ref and not name:
            message = "the binding has neither a ref nor a name with a value"
            here.report(MISSING, message, "ref", "spec", "name")
