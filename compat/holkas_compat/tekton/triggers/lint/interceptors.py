"""Interceptors that would let no event pass, and those that holkas cannot ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from holkas.model.finding import Finding, Severity
from holkas.model.path import DocumentPath

from holkas_compat.tekton.triggers.cel.static import fault
from holkas_compat.tekton.triggers.codes import EXPRESSION, INTERCEPTOR_PARAM, NOT_CALLED
from holkas_compat.tekton.triggers.interceptors.chain import not_called
from holkas_compat.tekton.triggers.interceptors.params import read_params
from holkas_compat.tekton.triggers.lint.sites import Site
from holkas_compat.tekton.triggers.model import Interceptor
from holkas_compat.tekton.unit import Unit


def check_interceptors(site: Site) -> Iterator[Finding]:
    """The interceptors of a trigger or a group. Triggers' admission accepts them all: these are warnings."""
    for index, interceptor in enumerate(site.trigger.interceptors):
        path: DocumentPath = (*site.path, "interceptors", index)
        if reason := not_called(interceptor):
            yield site.unit.finding(NOT_CALLED, reason, path, severity=Severity.WARNING)
            continue
        written = site.written["interceptors"][index]
        places = _places(interceptor, written, path)
        params, problems = read_params(interceptor.name, interceptor.params)
        for problem in problems:
            where = places.get(str(problem.path[0]), path) if problem.path else path
            yield site.unit.finding(
                INTERCEPTOR_PARAM,
                f"interceptor {interceptor.name}: {problem.message}",
                (*where, *problem.path[1:]),
                severity=Severity.WARNING,
                hint=problem.hint,
            )
        yield from _network(site.unit, params, places)
        if interceptor.name == "cel":
            yield from _expressions(site.unit, params, places)


def _places(
    interceptor: Interceptor, written: Mapping[str, Any], path: DocumentPath
) -> dict[str, DocumentPath]:
    """Where each param is written: in a list of params, or in a field of the interceptor's own name."""
    if interceptor.name in written:
        return {name: (*path, interceptor.name, name) for name in interceptor.params}
    params = written.get("params") or []
    return {str(param.get("name")): (*path, "params", place, "value") for place, param in enumerate(params)}


def _network(unit: Unit, params: Mapping[str, Any], places: Mapping[str, DocumentPath]) -> Iterator[Finding]:
    for name in ("addChangedFiles", "githubOwners"):
        if (params.get(name) or {}).get("enabled"):
            message = f"{name} asks GitHub, and holkas renders events without asking anybody"
            yield unit.finding(NOT_CALLED, message, places[name], severity=Severity.WARNING)


def _expressions(
    unit: Unit, params: Mapping[str, Any], places: Mapping[str, DocumentPath]
) -> Iterator[Finding]:
    expressions: list[tuple[str, DocumentPath]] = []
    if params.get("filter"):
        expressions.append((params["filter"], places["filter"]))
    for index, overlay in enumerate(params.get("overlays", ())):
        expressions.append((overlay.get("expression", ""), (*places["overlays"], index, "expression")))
    for expression, place in expressions:
        if reason := fault(expression):
            message = f"the expression cannot be evaluated: {reason}"
            yield unit.finding(EXPRESSION, message, place, severity=Severity.WARNING)
