"""From plain YAML values to a Tekton object: every field known and of its type, or problems that say where.

Rules: knative.dev/pkg webhook/json (strict, but ``metadata`` is left to Kubernetes), Go's encoding/json (names
match without regard to case, nulls change nothing), and Tekton's own types for params, durations and quantities.
"""

from __future__ import annotations

from dataclasses import field
from typing import Any

from holkas.model.edit import Edit
from holkas.model.finding import Severity
from holkas.records import dataclass

from holkas_compat.tekton import decode_codes as codes
from holkas_compat.tekton.decode_scalar import ScalarError, decode_scalar, described, zero
from holkas_compat.tekton.problem import Problem
from holkas_compat.tekton.schema.kinds import GROUP, KINDS, V1, table, versions
from holkas_compat.tekton.schema.types import (
    PARAM_VALUE,
    STRING,
    Emit,
    Later,
    ListOf,
    MapOf,
    Scalar,
    Struct,
    Type,
)

_BAD = object()


@dataclass(frozen=True, slots=True)
class Decoded:
    """A document that was read.

    object: fields under Tekton's names, in the user's order, without nulls, unknown fields and values of a
        wrong type; None where not even the kind is known. Durations and quantities stay as written.
    schema: the table of the kind, None where it is unknown.
    problems: in the order of the document; those of severity ERROR are what Tekton refuses.
    """

    kind: str
    api_version: str
    object: dict[str, Any] | None
    schema: Struct | None
    problems: list[Problem] = field(default_factory=list)

    @property
    def accepted(self) -> bool:
        """Whether Tekton would read it."""
        return not any(problem.severity is Severity.ERROR for problem in self.problems)


def decode(value: Any) -> Decoded:
    """Read one document: the plain value that YAML gave. Never raises for bad input."""
    if not isinstance(value, dict):
        problem = Problem(codes.NOT_A_MAPPING, f"a Tekton document is a mapping, this is {described(value)}")
        return Decoded("", "", None, None, [problem])
    kind, api_version = _type_field(value, "kind"), _type_field(value, "apiVersion")
    schema = table(kind, api_version)
    if schema is None:
        return Decoded(kind, api_version, None, None, [_unknown(kind, api_version)])
    made, problems = decode_as(schema, value)
    return Decoded(kind, api_version, made, schema, problems)


def decode_as(schema: Struct, value: Any) -> tuple[dict[str, Any], list[Problem]]:
    """Read a value that is known to be of a table's type, a part of a document for instance."""
    decoder = _Decoder()
    made = decoder.value(schema, value)
    return (made if made is not _BAD and made is not None else {}), decoder.problems


def _type_field(value: dict[str, Any], name: str) -> str:
    found = value.get(name)
    if found is None:
        folded = name.lower()
        found = next((value[key] for key in value if key.lower() == folded), None)
    return found if isinstance(found, str) else ""


def _unknown(kind: str, api_version: str) -> Problem:
    known = versions(kind)
    if not known:
        hint = _similar(kind, {name for name, _ in KINDS})
        if kind == "ClusterTask":
            hint = "use a Task, with the cluster resolver where it is shared"
        message = f'Tekton has no kind "{kind}"' if kind else "the document has no kind"
        return Problem(codes.UNKNOWN_KIND, message, ("kind",), ("kind",), hint=hint)
    message = f'{kind} does not exist in apiVersion "{api_version}"'
    if not api_version:
        message = f"the {kind} has no apiVersion"
    elif api_version.partition("/")[0] != GROUP:
        message = f'{kind} is a kind of Tekton, but apiVersion is "{api_version}"'
    hint = f"write {V1 if V1 in known else known[0]}"
    return Problem(codes.UNKNOWN_VERSION, message, ("apiVersion",), ("apiVersion",), hint=hint)


def _similar(word: str, known: set[str]) -> str:
    from difflib import get_close_matches

    folded = {name.lower(): name for name in known}
    near = get_close_matches(word.lower(), list(folded), n=1, cutoff=0.7)
    return f"did you mean `{folded[near[0]]}`?" if near else ""


class _Decoder:
    """One pass over one document; ``path`` is where it stands."""

    __slots__ = ("path", "problems", "strict")

    def __init__(self) -> None:
        self.path: list[str | int] = []
        self.problems: list[Problem] = []
        self.strict = True

    def value(self, type_: Type, value: Any) -> Any:
        """The value as the type wants it; None for null, ``_BAD`` where there is nothing usable."""
        kind = type(type_)
        if kind is Later:
            type_ = type_.resolve()  # type: ignore[union-attr]  # narrowed by kind, which is faster
            kind = Struct
        if value is None and type_ is not PARAM_VALUE:
            return None
        if kind is Scalar:
            return self._scalar(type_, value)  # type: ignore[arg-type]  # narrowed by kind
        if kind is Struct:
            return self._struct(type_, value)  # type: ignore[arg-type]  # narrowed by kind
        if kind is ListOf:
            return self._list(type_, value)  # type: ignore[arg-type]  # narrowed by kind
        return self._map(type_, value)  # type: ignore[arg-type]  # narrowed by kind

    def _scalar(self, type_: Scalar, value: Any) -> Any:
        try:
            return decode_scalar(type_.kind, value)
        except ScalarError as error:
            self._report(error.code, error.message, hint=error.hint)
            return _BAD

    def _struct(self, schema: Struct, value: Any) -> Any:
        if type(value) is not dict:
            return self._mismatch("a mapping", value)
        made: dict[str, Any] = {}
        fields = schema.fields
        written: dict[str, str] = {}
        for key, item in value.items():
            field_ = fields.get(key)
            name = key
            if field_ is None:
                name = schema.folded.get(key.lower(), "")
                if not name:
                    self._unknown_field(schema, key, made, item)
                    continue
                field_ = fields[name]
                self._other_case(key, name)
            if name in written and key < written[name]:
                continue
            written[name] = key
            if item is None and not (field_.type is PARAM_VALUE and field_.emit is Emit.KEEP):
                continue
            if field_.type is STRING and type(item) is str:
                made[name] = item
                continue
            self.path.append(key)
            relaxed = self.strict and key == "metadata" and len(self.path) == 1
            if relaxed:
                self.strict = False
            result = self.value(field_.type, item)
            if relaxed:
                self.strict = True
            self.path.pop()
            if result is not _BAD:
                made[name] = result
        return made

    def _list(self, type_: ListOf, value: Any) -> Any:
        if type(value) is not list:
            return self._mismatch("a list", value)
        item_type, made = type_.item, []
        for index, item in enumerate(value):
            if item_type is STRING and type(item) is str:
                made.append(item)
                continue
            self.path.append(index)
            result = self.value(item_type, item)
            self.path.pop()
            made.append(zero(item_type) if result is None or result is _BAD else result)
        return made

    def _map(self, type_: MapOf, value: Any) -> Any:
        if type(value) is not dict:
            return self._mismatch("a mapping", value)
        made = {}
        for key, item in value.items():
            self.path.append(key)
            result = self.value(type_.value, item)
            self.path.pop()
            if result is not _BAD:
                made[key] = zero(type_.value) if result is None else result
        return made

    def _mismatch(self, wanted: str, value: Any) -> Any:
        self._report(codes.WRONG_TYPE, f"expected {wanted}, got {described(value)}")
        return _BAD

    def _unknown_field(self, schema: Struct, key: str, made: dict[str, Any], item: Any) -> None:
        if not self.strict:
            made[key] = item
            return
        hint = _similar(key, set(schema.fields) - set(made))
        where = schema.name.partition(".")[2]
        self.path.append(key)
        self._report(codes.UNKNOWN_FIELD, f'{where} has no field "{key}"', hint=hint, on_key=True)
        self.path.pop()

    def _other_case(self, key: str, name: str) -> None:
        if self.strict:
            message = f'the field is spelt "{name}", Kubernetes does not know "{key}"'
            self.path.append(key)
            fix = (Edit.rename(tuple(self.path), name),)
            hint = f"write {name}"
            self._report(codes.OTHER_CASE, message, hint, on_key=True, severity=Severity.WARNING, fix=fix)
            self.path.pop()

    def _report(
        self,
        code: str,
        message: str,
        hint: str = "",
        on_key: bool = False,
        severity: Severity = Severity.ERROR,
        fix: tuple[Edit, ...] = (),
    ) -> None:
        path = tuple(self.path)
        spelt = ".".join(map(str, path))
        self.problems.append(
            Problem(code, message, path, (spelt,), on_key=on_key, hint=hint, severity=severity, fix=fix)
        )
