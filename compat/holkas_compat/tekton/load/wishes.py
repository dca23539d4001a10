"""What the user adds to a run: params and workspaces."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from holkas.extensions.importer import RunWish
from holkas.model.finding import Finding
from holkas.model.param import Param
from holkas.model.run import Run
from holkas.model.value import Value, ValueType, type_of
from holkas.model.workspace import WorkspaceBinding

from holkas_compat.manifest.suggest import did_you_mean
from holkas_compat.tekton.lint.codes import PARAM_VALUE, PARAM_WITHOUT_VALUE, UNKNOWN_PARAM, UNKNOWN_WORKSPACE
from holkas_compat.tekton.lint.site import Declared
from holkas_compat.tekton.load.values import typed
from holkas_compat.tekton.unit import Unit

Named = TypeVar("Named", Param, WorkspaceBinding)

Prepared = tuple[Unit, Run, Declared | None]
"""A run with the document that it comes from and what it runs, where that is known."""


def apply_wish(prepared: Sequence[Prepared], wish: RunWish) -> tuple[list[Run], list[Finding]]:
    """The runs with the wish's params and workspaces; each run takes those that it knows.

    A name counts as unknown only when no run knows it, and everything that is run is known itself.
    """
    runs: list[Run] = []
    findings: list[Finding] = []
    params: set[str] = set()
    workspaces: set[str] = set()
    for unit, run, declared in prepared:
        types, bindings = _types(run, declared), _bindings(run, declared)
        if declared is None:
            types = {name: type_of(value) for name, value in wish.params.items()} | types
            bindings |= {binding.name for binding in wish.workspaces}
        params |= types.keys()
        workspaces |= bindings
        given, problems = _params(unit, wish.params, types)
        findings += problems
        wanted = [binding for binding in wish.workspaces if binding.name in bindings]
        runs.append(
            replace(run, params=_merged(run.params, given), workspaces=_merged(run.workspaces, wanted))
        )
    if prepared:
        names = [name for name in wish.params if name not in params]
        findings += _unknown(prepared[0], "param", UNKNOWN_PARAM, names, params)
        names = [binding.name for binding in wish.workspaces if binding.name not in workspaces]
        findings += _unknown(prepared[0], "workspace", UNKNOWN_WORKSPACE, names, workspaces)
    return runs, findings


def with_wishes(run: Run, wish: RunWish) -> tuple[Param, ...]:
    """The params of a run with those that the user gives, whatever their type: before it is known what it runs."""
    return _merged(run.params, [Param(name=name, value=value) for name, value in wish.params.items()])


def without_value(unit: Unit, run: Run, declared: Declared) -> list[Finding]:
    """Required params that a synthetic run lacks."""
    given = {param.name for param in run.params}
    return [
        unit.finding(
            PARAM_WITHOUT_VALUE,
            f'{declared.label} needs a value for param "{spec.name}"',
            ("spec", "params", index, "name"),
            hint=f"give it with -p {spec.name}=…",
        )
        for index, spec in enumerate(declared.params)
        if spec.default is None and spec.name not in given
    ]


def _types(run: Run, declared: Declared | None) -> dict[str, ValueType]:
    types = {param.name: type_of(param.value) for param in run.params}
    if declared is not None:
        types |= {spec.name: spec.type for spec in declared.params}
    return types


def _bindings(run: Run, declared: Declared | None) -> set[str]:
    bound = {binding.name for binding in run.workspaces}
    return bound | ({workspace.name for workspace in declared.workspaces} if declared else set())


def _params(
    unit: Unit, wished: Mapping[str, Value], types: Mapping[str, ValueType]
) -> tuple[list[Param], list[Finding]]:
    given, findings = [], []
    for name, value in wished.items():
        if name not in types:
            continue
        fitting = typed(value, types[name])
        if fitting is None:
            message = f'the value given for param "{name}" is not of its type, {types[name].value}'
            hint = "give it as JSON" if types[name] is not ValueType.STRING else ""
            findings.append(unit.finding(PARAM_VALUE, message, ("spec", "params"), hint=hint))
        else:
            given.append(Param(name=name, value=fitting))
    return given, findings


def _merged(old: Iterable[Named], new: Iterable[Named]) -> tuple[Named, ...]:
    """What is new takes the place of the old one of the same name, or comes last."""
    merged = {item.name: item for item in old} | {item.name: item for item in new}
    return tuple(merged.values())


def _unknown(
    prepared: Prepared, noun: str, code: str, names: Iterable[str], known: Collection[str]
) -> list[Finding]:
    unit, _, declared = prepared
    what = declared.label if declared else "the run"
    there = f"there are {', '.join(sorted(known))}" if known else f"it has no {noun}s"
    path = ("spec", f"{noun}s")
    return [
        unit.finding(code, f'{what} has no {noun} "{name}"', path, hint=did_you_mean(name, known) or there)
        for name in names
    ]
