"""Params that are passed, against the params that are declared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import field

from holkas.model.finding import Finding, Severity
from holkas.model.param import Param, ParamSpec
from holkas.model.path import DocumentPath
from holkas.model.value import Value, ValueType, type_of
from holkas.records import dataclass

from holkas_compat.manifest.suggest import did_you_mean
from holkas_compat.tekton.lint.codes import EXTRA_PARAM, MISSING_KEYS, MISSING_PARAM, PARAM_TYPE
from holkas_compat.tekton.unit import Unit

_ARTICLES = {ValueType.STRING: "a string", ValueType.ARRAY: "an array", ValueType.OBJECT: "an object"}

_WHOLE = re.compile(r"\$\([^()]*\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """One place where params are passed.

    giver, taker: how messages call who gives and who declares. path: of the giver.
    at: where to point for what is missing. severity: of everything but undeclared params.
    extra: how much an undeclared param weighs, None for nothing at all.
    references: types of what ``$(…[*])`` can stand for, by the text between the parentheses without ``[*]``.
    fanned: names of params given by a matrix, one string each.
    """

    unit: Unit
    giver: str
    taker: str
    path: DocumentPath
    at: DocumentPath
    given: tuple[Param, ...]
    specs: tuple[ParamSpec, ...]
    severity: Severity = Severity.ERROR
    extra: Severity | None = None
    references: Mapping[str, ValueType] = field(default_factory=dict)
    fanned: Mapping[str, DocumentPath] = field(default_factory=dict)


def check_params(passing: Passing) -> Iterator[Finding]:
    """Missing and undeclared params, wrong types, missing keys of objects."""
    specs = {spec.name: spec for spec in passing.specs}
    names = {param.name for param in passing.given} | passing.fanned.keys()
    for spec in passing.specs:
        if spec.default is None and spec.name not in names:
            yield _missing(passing, spec)
    for index, param in enumerate(passing.given):
        place = (*passing.path, "params", index)
        if param.name in specs:
            yield from _value(passing, specs[param.name], param.value, (*place, "value"))
        else:
            yield from _extra(passing, param.name, (*place, "name"))
    for name, place in passing.fanned.items():
        if name not in specs:
            yield from _extra(passing, name, (*place, "name"))
        elif specs[name].type is not ValueType.STRING:
            yield _mismatch(passing, specs[name], ValueType.STRING, (*place, "name"))


def _missing(passing: Passing, spec: ParamSpec) -> Finding:
    near = did_you_mean(spec.name, [param.name for param in passing.given])
    given = next((param.name for param in passing.given if f"`{param.name}`" in near), "")
    hint = f"`{given}` is given: is `{spec.name}` meant?" if given else "pass it, or declare a default"
    message = f'{passing.giver} does not pass param "{spec.name}", which {passing.taker} requires'
    return passing.unit.finding(MISSING_PARAM, message, passing.at, severity=passing.severity, hint=hint)


def _extra(passing: Passing, name: str, path: DocumentPath) -> Iterator[Finding]:
    if passing.extra is None:
        return
    message = f'{passing.giver} passes param "{name}", which {passing.taker} does not declare'
    hint = did_you_mean(name, [spec.name for spec in passing.specs])
    yield passing.unit.finding(EXTRA_PARAM, message, path, severity=passing.extra, hint=hint)


def _value(passing: Passing, spec: ParamSpec, value: Value, path: DocumentPath) -> Iterator[Finding]:
    kind = _type(value, passing.references)
    if kind is not None and kind is not spec.type:
        yield _mismatch(passing, spec, kind, path)
    elif isinstance(value, Mapping):
        default = spec.default if isinstance(spec.default, Mapping) else {}
        lacking = [key for key in spec.properties if key not in value and key not in default]
        if lacking:
            keys = ", ".join(lacking)
            message = f'the value of param "{spec.name}" lacks keys that {passing.taker} declares: {keys}'
            yield passing.unit.finding(MISSING_KEYS, message, path, severity=passing.severity)


def _mismatch(passing: Passing, spec: ParamSpec, kind: ValueType, path: DocumentPath) -> Finding:
    message = (
        f'{passing.giver} passes {_ARTICLES[kind]} for param "{spec.name}", '
        f"which {passing.taker} declares as {_ARTICLES[spec.type]}"
    )
    return passing.unit.finding(PARAM_TYPE, message, path, severity=passing.severity)


def _type(value: Value, references: Mapping[str, ValueType]) -> ValueType | None:
    """The type that a value will have once its variables are replaced; None where that is unknown.

    A result that is the whole value is passed on whole, with or without ``[*]``.
    """
    if not isinstance(value, str) or not _WHOLE.fullmatch(value):
        return type_of(value)
    text = value[2:-1]
    whole = text.removesuffix("[*]")
    return references.get(whole, ValueType.STRING if whole == text else None)
