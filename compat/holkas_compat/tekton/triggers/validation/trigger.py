"""Triggers, alone or as entries of a listener.

Source: pkg/apis/triggers/v1beta1/{trigger,event_listener}_validation.go.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from holkas_compat.manifest.shape import record, text
from holkas_compat.tekton.triggers.codes import EXCLUSIVE, MISSING, TRIGGER_NAME
from holkas_compat.tekton.triggers.validation.bindings import check_bindings
from holkas_compat.tekton.triggers.validation.interceptors import check_interceptors
from holkas_compat.tekton.triggers.validation.template import check_trigger_template
from holkas_compat.tekton.validation.names import check_metadata
from holkas_compat.tekton.validation.scope import Scope

_LABEL_VALUE = re.compile(r"(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?\Z")


def check_trigger(obj: dict[str, Any], scope: Scope) -> None:
    """A Trigger."""
    check_metadata(obj, scope)
    spec, here = record(obj.get("spec")), scope.at("spec")
    check_bindings(spec.get("bindings"), here.at("bindings"))
    check_trigger_template(record(spec.get("template")), here.at("template"))
    check_interceptors(spec.get("interceptors"), here.at("interceptors"))


def check_listener_trigger(trigger: Mapping[str, Any], scope: Scope) -> None:
    """A trigger of a listener."""
    ref, template = text(trigger.get("triggerRef")), trigger.get("template")
    if template is None and not ref:
        scope.report(MISSING, "the trigger has neither a template nor a triggerRef", "template", "triggerRef")
    others = [key for key in ("template", "bindings", "interceptors") if trigger.get(key) is not None]
    if ref and others:
        message = f"the trigger has a triggerRef and {' and '.join(others)}"
        fields = ("triggerRef", "template or bindings or interceptors")
        scope.report(EXCLUSIVE, message, *fields, at=("triggerRef",), on_key=True)
    check_bindings(trigger.get("bindings"), scope.at("bindings"))
    if template is not None:
        check_trigger_template(record(template), scope.at("template"))
    check_interceptors(trigger.get("interceptors"), scope.at("interceptors"))
    name = text(trigger.get("name"))
    if len(name) > 63 or not _LABEL_VALUE.match(name):
        scope.report(TRIGGER_NAME, f'"{name}" cannot be a label\'s value', "name", at=("name",))
