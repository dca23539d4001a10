"""Texts of a pipeline that may use its parameters: values given to tasks, matrix values, when expressions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas_compat.manifest.shape import name_of, records
from holkas_compat.tekton.validation.param_specs import ParamNames
from holkas_compat.tekton.validation.scope import Scope
from holkas_compat.tekton.validation.values import ARRAY, OBJECT, array_of, object_of, string_of, type_of
from holkas_compat.tekton.validation.variables import (
    PARAM,
    Fault,
    is_whole_param,
    key_of,
    not_alone,
    unknown,
    whole_object,
    wrong_type,
)


def string_text(value: str, scope: Scope, names: ParamNames) -> None:
    """A text that must become one string: whole arrays and objects cannot stand in it."""
    if "$(params" in value:
        _known(value, scope, names)
        _report(wrong_type(value, PARAM, names.arrays, "array"), scope)


def array_text(value: str, scope: Scope, names: ParamNames) -> None:
    """An element of an array: a whole array may stand for it, alone."""
    if "$(params" in value:
        _known(value, scope, names)
        _report(not_alone(value, PARAM, names.arrays), scope)


def check_values(params: Any, scope: Scope, names: ParamNames) -> None:
    """The values given to a task of a pipeline; ``scope`` is that of the pipeline task."""
    for index, param in enumerate(records(params)):
        here = scope.at("params", index, field=f"params.[{name_of(param)}]")
        _check_value(param, here, names)


def _check_value(param: Mapping[str, Any], here: Scope, names: ParamNames) -> None:
    kind = type_of(param)
    if kind == ARRAY:
        for position, element in enumerate(array_of(param)):
            array_text(element, here.at("value", position), names)
    elif kind == OBJECT:
        for key, value in object_of(param).items():
            string_text(value, here.at("value", key, field=f"properties.[{key}]"), names)
    else:
        value, place = string_of(param), here.at("value", field="")
        if is_whole_param(value):
            _report(unknown(value, PARAM, names.all), place)
        else:
            string_text(value, place, names)


def _known(value: str, scope: Scope, names: ParamNames) -> None:
    """Of an object that declares no keys Tekton does not ask here how it is used."""
    _report(unknown(value, PARAM, names.all), scope)
    objects = {name: keys for name, keys in names.objects.items() if keys}
    for name, keys in objects.items():
        _report(unknown(value, key_of(name), keys), scope)
    if objects:
        _report(whole_object(value, PARAM, objects), scope)


def _report(fault: Fault | None, scope: Scope) -> None:
    if fault is not None:
        scope.report(fault.code, fault.message, "", within=fault.within, hint=fault.hint)
