"""Rules for declared parameters: names, types, defaults, properties, enum.

Source: Tekton's docs/tasks.md, "Specifying Parameters" and "Param enum".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from holkas_compat.tekton.validation.gates import report_flag
from holkas_compat.tekton.validation.param_specs import ParamSpec, place_of
from holkas_compat.tekton.validation.scope import Scope
from holkas_compat.tekton.validation.values import OBJECT, STRING, TYPES

_NAME = r"[_a-zA-Z][_a-zA-Z0-9.-]*\Z"
_OBJECT_NAME = r"[_a-zA-Z][_a-zA-Z0-9-]*\Z"
_NAME_RULE = "letters, digits, '-', '_' and '.', starting with a letter or '_'"
_OBJECT_RULE = "letters, digits, '-' and '_', starting with a letter or '_'; a dot would mean a key"


def check_types(specs: Iterable[ParamSpec], scope: Scope, prefix: str) -> None:
    """The type of each parameter, of its default and of its properties.

    prefix: Tekton's word before the name.
    """
    for spec in specs:
        here, name = place_of(spec, scope), f'the parameter "{spec.name}"'
        field = f"{prefix}.{spec.name}"
        if spec.type not in TYPES:
            message = f'{name} has the type "{spec.type}", which does not exist'
            here.report("T301", message, f"{field}.type", at=("type",), hint="use string, array or object")
        elif spec.default_type is not None and spec.default_type != spec.type:
            message = f"{name} is of type {spec.type}, but its default is of type {spec.default_type}"
            here.report("T302", message, f"{field}.type", f"{field}.default.type", at=("default",))
        elif wrong := [key for key, type_ in (spec.properties or {}).items() if type_ != STRING]:
            message = f"keys of {name} must be strings: {', '.join(wrong)}"
            here.report("T303", message, f"{field}.properties", at=("properties",), hint="use type: string")


def check_unique(specs: Sequence[ParamSpec], scope: Scope) -> None:
    """Two parameters of one name."""
    seen: set[str] = set()
    for spec in specs:
        if spec.name in seen:
            message = f'the parameter "{spec.name}" is declared more than once'
            place_of(spec, scope).report("T304", message, f"params.[{spec.name}]", at=("name",))
        seen.add(spec.name)


def check_enums(specs: Iterable[ParamSpec], scope: Scope) -> None:
    """The allowed values of parameters."""
    for spec in specs:
        if spec.enum:
            _check_enum(spec, place_of(spec, scope), f"params.[{spec.name}]")


def _check_enum(spec: ParamSpec, here: Scope, field: str) -> None:
    name, at = f'the parameter "{spec.name}"', ("enum",)
    if not here.flags.param_enum:
        report_flag(here, "enable-param-enum", f"enum of {name}", field, *at)
    if spec.type != STRING:
        here.report("T305", f"{name} is of type {spec.type}; enum is for strings", field, at=at)
    twice = {value: None for index, value in enumerate(spec.enum) if value in spec.enum[:index]}
    if twice:
        here.report("T306", f"enum of {name} lists values more than once: {', '.join(twice)}", field, at=at)
    if spec.default_type == STRING and spec.default and spec.default not in spec.enum:
        message = f'the default "{spec.default}" of {name} is not among its enum values'
        here.report("T307", message, field, at=("default",), hint=f"allowed: {', '.join(spec.enum)}")


def check_name_formats(specs: Iterable[ParamSpec], scope: Scope) -> None:
    """The characters in names of parameters and in keys of objects."""
    for spec in specs:
        here = place_of(spec, scope)
        if spec.type != OBJECT:
            if re.match(_NAME, spec.name) is None:
                message = f'"{spec.name}" is not a valid name of a parameter'
                here.report("T308", message, "params", at=("name",), hint=_NAME_RULE)
            continue
        if re.match(_OBJECT_NAME, spec.name) is None:
            message = f'"{spec.name}" is not a valid name of an object parameter'
            here.report("T309", message, "params", at=("name",), hint=_OBJECT_RULE)
        for key in spec.properties or ():
            if re.match(_OBJECT_NAME, key) is None:
                message = f'"{key}" is not a valid key of the object parameter "{spec.name}"'
                here.report("T309", message, "params", at=("properties",), hint=_OBJECT_RULE)


def check_properties(specs: Iterable[ParamSpec], scope: Scope) -> None:
    """Objects must say which keys they have."""
    for spec in specs:
        if spec.type == OBJECT and spec.properties is None:
            report_no_properties(spec, scope)


def report_no_properties(spec: ParamSpec, scope: Scope) -> None:
    """An object parameter without ``properties``."""
    message = f'the object parameter "{spec.name}" has no properties'
    hint = "list its keys: properties: {key: {type: string}}"
    place_of(spec, scope).report("T310", message, f"{spec.name}.properties", hint=hint)
