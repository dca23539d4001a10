"""Declared parameters: names, types, defaults, properties, enum; and lists of given ones.

Source: Tekton's docs/tasks.md, "Specifying Parameters" and "Param enum".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from holkas.model.finding import PathPart

from holkas_compat.tekton.validation.gates import report_flag
from holkas_compat.tekton.validation.scope import Scope
from holkas_compat.tekton.validation.shape import name_of, record, records, text, texts
from holkas_compat.tekton.validation.values import ARRAY, OBJECT, STRING, TYPES, string_of, type_of

_NAME = re.compile(r"[_a-zA-Z][_a-zA-Z0-9.-]*\Z")
_OBJECT_NAME = re.compile(r"[_a-zA-Z][_a-zA-Z0-9-]*\Z")


@dataclass(frozen=True, slots=True)
class ParamSpec:
    """A declared parameter as the rules see it.

    properties: the type of each key, None where none are declared. path: where it is declared, from the document's root.
    """

    name: str
    type: str
    properties: Mapping[str, str] | None = None
    default_type: str | None = None
    default: str = ""
    enum: Sequence[str] = ()
    path: tuple[PathPart, ...] = ()

    @property
    def keys(self) -> frozenset[str]:
        """The keys of an object."""
        return frozenset(self.properties or ())


@dataclass(frozen=True, slots=True)
class ParamNames:
    """Names of declared parameters by what they hold. ``objects``: the keys of each object."""

    all: frozenset[str]
    arrays: frozenset[str]
    objects: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, specs: Iterable[ParamSpec]) -> ParamNames:
        """Group some declarations."""
        specs = list(specs)
        return cls(
            frozenset(spec.name for spec in specs),
            frozenset(spec.name for spec in specs if spec.type == ARRAY),
            {spec.name: spec.keys for spec in specs if spec.type == OBJECT},
        )


def read_specs(value: Any, scope: Scope) -> list[ParamSpec]:
    """The declarations under the key ``params`` of a spec; ``scope`` is that of the spec."""
    found = []
    for index, entry in enumerate(records(value)):
        properties = entry.get("properties")
        found.append(
            ParamSpec(
                name=name_of(entry),
                type=text(entry.get("type")),
                properties={key: text(record(item).get("type")) for key, item in properties.items()}
                if isinstance(properties, dict)
                else None,
                default_type=type_of(entry, "default") if entry.get("default") is not None else None,
                default=string_of(entry, "default"),
                enum=texts(entry.get("enum")),
                path=(*scope.path, "params", index),
            )
        )
    return found


def check_types(specs: Iterable[ParamSpec], scope: Scope, prefix: str) -> None:
    """The type of each parameter, of its default and of its properties. ``prefix``: Tekton's word before the name."""
    for spec in specs:
        if spec.type not in TYPES:
            _report(
                scope,
                spec,
                "T301",
                f'the parameter "{spec.name}" has the type "{spec.type}", which does not exist',
                f"{prefix}.{spec.name}.type",
                at="type",
                hint="use string, array or object",
            )
        elif spec.default_type is not None and spec.default_type != spec.type:
            _report(
                scope,
                spec,
                "T302",
                f'the parameter "{spec.name}" is of type {spec.type}, but its default is of type {spec.default_type}',
                f"{prefix}.{spec.name}.type",
                f"{prefix}.{spec.name}.default.type",
                at="default",
            )
        else:
            wrong = [key for key, type_ in (spec.properties or {}).items() if type_ != STRING]
            if wrong:
                keys = ", ".join(f'"{key}"' for key in wrong)
                _report(
                    scope,
                    spec,
                    "T303",
                    f'keys of the object parameter "{spec.name}" must be strings: {keys}',
                    f"{prefix}.{spec.name}.properties",
                    at="properties",
                    hint="use type: string",
                )


def check_unique(specs: Sequence[ParamSpec], scope: Scope) -> None:
    """Two parameters of one name."""
    seen: set[str] = set()
    for spec in specs:
        if spec.name in seen:
            _report(
                scope,
                spec,
                "T304",
                f'the parameter "{spec.name}" is declared more than once',
                f"params.[{spec.name}]",
                at="name",
            )
        seen.add(spec.name)


def check_enums(specs: Iterable[ParamSpec], scope: Scope) -> None:
    """The allowed values of parameters."""
    for spec in specs:
        if not spec.enum:
            continue
        field = f"params.[{spec.name}]"
        if not scope.flags.param_enum:
            report_flag(
                _place(scope, spec),
                "enable-param-enum",
                f'enum of the parameter "{spec.name}"',
                field,
                "enum",
            )
        if spec.type != STRING:
            _report(
                scope,
                spec,
                "T305",
                f'the parameter "{spec.name}" is of type {spec.type}; enum is for strings',
                field,
                at="enum",
            )
        if len(set(spec.enum)) != len(spec.enum):
            twice = next(value for index, value in enumerate(spec.enum) if value in spec.enum[:index])
            _report(
                scope,
                spec,
                "T306",
                f'enum of the parameter "{spec.name}" lists "{twice}" more than once',
                field,
                at="enum",
            )
        if spec.default_type == STRING and spec.default and spec.default not in spec.enum:
            _report(
                scope,
                spec,
                "T307",
                f'the default "{spec.default}" of the parameter "{spec.name}" is not among its enum values',
                field,
                at="default",
                hint=f"allowed: {', '.join(spec.enum)}",
            )


def check_name_formats(specs: Iterable[ParamSpec], scope: Scope) -> None:
    """The characters in names of parameters and in keys of objects."""
    for spec in specs:
        if spec.type != OBJECT:
            if _NAME.match(spec.name) is None:
                _report(
                    scope,
                    spec,
                    "T308",
                    f'"{spec.name}" is not a valid name of a parameter',
                    "params",
                    at="name",
                    hint="letters, digits, '-', '_' and '.', starting with a letter or '_'",
                )
            continue
        hint = "letters, digits, '-' and '_', starting with a letter or '_'; a dot would mean a key"
        if _OBJECT_NAME.match(spec.name) is None:
            message = f'"{spec.name}" is not a valid name of an object parameter'
            _report(scope, spec, "T309", message, "params", at="name", hint=hint)
        for key in spec.properties or ():
            if _OBJECT_NAME.match(key) is None:
                _report(
                    scope,
                    spec,
                    "T309",
                    f'"{key}" is not a valid key of the object parameter "{spec.name}"',
                    "params",
                    at="properties",
                    hint=hint,
                )


def check_properties(specs: Iterable[ParamSpec], scope: Scope) -> None:
    """Objects must say which keys they have."""
    for spec in specs:
        if spec.type == OBJECT and spec.properties is None:
            report_no_properties(spec, scope)


def report_no_properties(spec: ParamSpec, scope: Scope) -> None:
    """An object parameter without ``properties``."""
    _report(
        scope,
        spec,
        "T310",
        f'the object parameter "{spec.name}" has no properties',
        f"{spec.name}.properties",
        hint="list its keys: properties: {key: {type: string}}",
    )


def check_given(value: Any, scope: Scope) -> None:
    """Params given to a run or a resolver: each name once, in whatever case."""
    seen: set[str] = set()
    for index, entry in enumerate(records(value)):
        name = name_of(entry)
        if name.lower() in seen:
            scope.report(
                "T116",
                f'the parameter "{name}" is given more than once',
                f"[{name}].name",
                at=(index, "name"),
            )
        seen.add(name.lower())


def check_given_unique(value: Any, scope: Scope) -> None:
    """Params given to a task of a pipeline or a matrix: each name once."""
    seen: set[str] = set()
    for index, entry in enumerate(records(value)):
        name = name_of(entry)
        if name in seen:
            message = f'the parameter "{name}" is given more than once'
            scope.report("T116", message, f"[{index}].name", at=(index, "name"))
        seen.add(name)


def _place(scope: Scope, spec: ParamSpec) -> Scope:
    return Scope(scope.collector, spec.path, scope.fields)


def _report(
    scope: Scope, spec: ParamSpec, code: str, message: str, *fields: str, at: str = "", hint: str = ""
) -> None:
    _place(scope, spec).report(code, message, *fields, at=(at,) if at else (), hint=hint)
