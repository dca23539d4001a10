"""From plain YAML values to an object of a table's type: every field known and of its type, or problems."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from holkas.model.edit import Edit
from holkas.model.finding import Severity
from holkas.records import dataclass

from holkas_compat.manifest.fault import Fault
from holkas_compat.manifest.problem import Problem
from holkas_compat.manifest.scalar import ScalarError, described, expected, zero
from holkas_compat.manifest.types import (
    PARAM_VALUE,
    STRING,
    Emit,
    Later,
    ListOf,
    MapOf,
    Scalar,
    ScalarKind,
    Struct,
    Type,
)

_BAD = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How one family reads its documents.

    codes: of its findings. readers: of scalars.
    folds: names of fields match without regard to case, with a warning; else they are unknown fields.
    open_metadata: unknown fields of ``metadata`` are left to Kubernetes.
    null_items: a null in a list is the type's zero value; else it is a wrong type.
    """

    codes: Mapping[Fault, str]
    readers: Mapping[ScalarKind, Callable[[Any], Any]]
    folds: bool
    open_metadata: bool
    null_items: bool


def decode_as(dialect: Dialect, schema: Struct, value: Any) -> tuple[dict[str, Any], list[Problem]]:
    """Read a value that is known to be of a table's type. Never raises for bad input.

    Returns the fields under their own names, in the user's order, without nulls, unknown fields and values of a wrong
    type, and the problems in the order of the document.
    """
    decoder = _Decoder(dialect)
    made = decoder.value(schema, value)
    return (made if made is not _BAD and made is not None else {}), decoder.problems


def similar(word: str, known: set[str]) -> str:
    """``did you mean `digest`?`` for a name of a field or a kind, whatever its case; empty where none is near."""
    from difflib import get_close_matches

    folded = {name.lower(): name for name in known}
    near = get_close_matches(word.lower(), list(folded), n=1, cutoff=0.7)
    return f"did you mean `{folded[near[0]]}`?" if near else ""


class _Decoder:
    """One pass over one document; ``path`` is where it stands."""

    __slots__ = ("dialect", "path", "problems", "strict")

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
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
            return self.dialect.readers[type_.kind](value)
        except ScalarError as error:
            self._report(error.fault, error.message, hint=error.hint)
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
                name = schema.folded.get(key.lower(), "") if self.dialect.folds else ""
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
            relaxed = self.strict and self.dialect.open_metadata and key == "metadata" and len(self.path) == 1
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
            if item is None and not self.dialect.null_items:
                self._mismatch(expected(item_type), item)
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
        self._report(Fault.WRONG_TYPE, f"expected {wanted}, got {described(value)}")
        return _BAD

    def _unknown_field(self, schema: Struct, key: str, made: dict[str, Any], item: Any) -> None:
        if not self.strict:
            made[key] = item
            return
        hint = similar(key, set(schema.fields) - set(made))
        where = schema.name.partition(".")[2]
        named = "" if self.dialect.folds else schema.folded.get(key.lower(), "")
        self.path.append(key)
        fix = (Edit.rename(tuple(self.path), named),) if named and named not in made else ()
        self._report(Fault.UNKNOWN_FIELD, f'{where} has no field "{key}"', hint=hint, on_key=True, fix=fix)
        self.path.pop()

    def _other_case(self, key: str, name: str) -> None:
        if self.strict:
            message = f'the field is spelt "{name}", Kubernetes does not know "{key}"'
            self.path.append(key)
            fix = (Edit.rename(tuple(self.path), name),)
            hint = f"write {name}"
            self._report(Fault.OTHER_CASE, message, hint, on_key=True, severity=Severity.WARNING, fix=fix)
            self.path.pop()

    def _report(
        self,
        fault: Fault,
        message: str,
        hint: str = "",
        on_key: bool = False,
        severity: Severity = Severity.ERROR,
        fix: tuple[Edit, ...] = (),
    ) -> None:
        path = tuple(self.path)
        spelt = ".".join(map(str, path))
        self.problems.append(
            Problem(
                self.dialect.codes[fault],
                message,
                path,
                (spelt,),
                on_key=on_key,
                hint=hint,
                severity=severity,
                fix=fix,
            )
        )
