"""From plain YAML values to an object of Argo CD: every field known and of its type, required ones there.

Rules: what the API server does with a custom resource whose unknown fields are refused (kubectl's default): names
match exactly, a null is no value, lists hold none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from typing import Any

from holkas.model.finding import Severity
from holkas.model.path import PathPart
from holkas.records import dataclass

from holkas_compat.argocd import codes_decode as codes
from holkas_compat.argocd.schema.kinds import KINDS, REQUIRED, V1ALPHA1, WORDS
from holkas_compat.manifest.decoder import Dialect, decode_as, similar
from holkas_compat.manifest.fault import Fault
from holkas_compat.manifest.finding import field_text
from holkas_compat.manifest.problem import Problem
from holkas_compat.manifest.scalar import READERS
from holkas_compat.manifest.types import ListOf, MapOf, Struct, Type, resolved

DIALECT = Dialect(
    codes={
        Fault.UNKNOWN_FIELD: codes.UNKNOWN_FIELD,
        Fault.WRONG_TYPE: codes.WRONG_TYPE,
        Fault.BAD_TIME: codes.BAD_TIME,
        Fault.NUMBER_RANGE: codes.NUMBER_RANGE,
    },
    readers=READERS,
    folds=False,
    open_metadata=False,
    null_items=False,
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A document that was read.

    object: its fields in the user's order, without nulls, unknown fields and values of a wrong type; None where not
        even the kind is known.
    problems: in the order of the document, then what is missing.
    """

    kind: str
    object: dict[str, Any] | None
    problems: list[Problem] = field(default_factory=list)

    @property
    def accepted(self) -> bool:
        """Whether the API server would take it."""
        return not any(problem.severity is Severity.ERROR for problem in self.problems)


def decode(value: Mapping[str, Any]) -> Decoded:
    """Read one document of which :func:`~holkas_compat.argocd.group.is_argocd` holds. Never raises for bad input."""
    kind, version = _text(value.get("kind")), _text(value.get("apiVersion"))
    schema = KINDS.get(kind)
    if schema is None or version != V1ALPHA1:
        return Decoded(kind, None, [_unknown(kind, version)])
    made, problems = decode_as(DIALECT, schema, value)
    problems = [_milder(problem) for problem in problems]
    bad = {problem.path for problem in problems}
    problems += [problem for problem in missing(schema, made) if problem.path not in bad]
    return Decoded(kind, made, problems)


def missing(schema: Struct, value: Mapping[str, Any], path: tuple[PathPart, ...] = ()) -> list[Problem]:
    """Required fields that are not there, and texts that are none of the words allowed, at any depth."""
    found: list[Problem] = []
    for name in REQUIRED.get(schema.name, ()):
        if name not in value:
            spelt = field_text((*path, name))
            found.append(Problem(codes.MISSING, f"{spelt} is missing", path, (spelt,), hint=f"add {name}"))
    for name, item in value.items():
        known = schema.fields.get(name)
        if known is None:
            continue
        words = WORDS.get((schema.name, name))
        if words and item not in words:
            where = (*path, name)
            message = f'"{item}" is not allowed: write {", ".join(words[:-1])} or {words[-1]}'
            found.append(Problem(codes.NOT_A_WORD, message, where, (field_text(where),)))
        found += _inside(known.type, item, (*path, name))
    return found


def _inside(type_: Type, value: Any, path: tuple[PathPart, ...]) -> list[Problem]:
    type_ = resolved(type_)
    if isinstance(type_, Struct):
        return missing(type_, value, path) if isinstance(value, Mapping) else []
    entries: list[tuple[PathPart, Any]] = []
    if isinstance(type_, ListOf) and isinstance(value, list):
        entries = list(enumerate(value))
    elif isinstance(type_, MapOf) and isinstance(value, Mapping):
        entries = list(value.items())
    if not entries or not isinstance(type_, ListOf | MapOf):
        return []
    item_type = resolved(type_.item if isinstance(type_, ListOf) else type_.value)
    if not isinstance(item_type, Struct | ListOf | MapOf):
        return []
    return [problem for key, item in entries for problem in _inside(item_type, item, (*path, key))]


def _milder(problem: Problem) -> Problem:
    """Unknown fields of a matrix or merge inside of another are ignored by Argo CD: it reads them from plain JSON."""
    levels = sum(part in ("matrix", "merge") for part in problem.path)
    if problem.code == codes.UNKNOWN_FIELD and levels > 1:
        return replace(problem, severity=Severity.WARNING)
    return problem


def _unknown(kind: str, version: str) -> Problem:
    if kind not in KINDS:
        message = f'Argo CD has no kind "{kind}"' if kind else "the document has no kind"
        near = similar(kind, set(KINDS))
        severity = Severity.ERROR if near or not kind else Severity.WARNING
        return Problem(codes.UNKNOWN_KIND, message, ("kind",), ("kind",), hint=near, severity=severity)
    message = (
        f'{kind} does not exist in apiVersion "{version}"' if version else f"the {kind} has no apiVersion"
    )
    return Problem(codes.UNKNOWN_VERSION, message, ("apiVersion",), ("apiVersion",), hint=f"write {V1ALPHA1}")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
