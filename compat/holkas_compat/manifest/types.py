"""The building stones of the tables: a type is a scalar, a list, a map or a struct with named fields.

A table says what Go's struct says: the fields in their customary order, what may stand in them, and how Go
writes them back (``Emit``). That is all on which decoding, conversion, JSON Schemas and the writer must agree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from enum import Enum, StrEnum

from holkas.records import dataclass


class ScalarKind(StrEnum):
    """What a scalar may hold; the value is what a person calls it."""

    STRING = "a string"
    BOOL = "true or false"
    INT64 = "an integer"
    INT32 = "a 32-bit integer"
    DURATION = "a duration such as 1h30m"
    TIME = "a time such as 2006-01-02T15:04:05Z"
    QUANTITY = "a quantity such as 500m or 1Gi"
    INT_OR_STRING = "an integer or a string"
    PARAM_VALUE = "a string, a list of strings or a map of strings"
    ANY = "anything"


class Emit(Enum):
    """How Go writes a field back.

    OMIT: left out when empty (``omitempty``). KEEP: always written. POINTER: left out only when it was not given,
    so ``0``, ``false`` and ``""`` stay. VALUE: a struct not behind a pointer: always written, ``{}`` if empty.
    """

    OMIT = "omit"
    KEEP = "keep"
    POINTER = "pointer"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Scalar:
    """A leaf."""

    kind: ScalarKind


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list whose items are all of one type."""

    item: Type


@dataclass(frozen=True, slots=True)
class MapOf:
    """A map from text to one type."""

    value: Type


@dataclass(frozen=True, slots=True)
class Later:
    """A type that cannot be named yet because the tables refer to each other in a circle."""

    resolve: Callable[[], Struct]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a struct. ``deprecated`` is set where Tekton's own documentation says so."""

    type: Type
    emit: Emit = Emit.OMIT
    deprecated: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Struct:
    """Named fields in their customary order. ``name`` is Go's (``v1.Step``), for messages and JSON Schemas.

    folded: lower-cased name → name, because Tekton's admission matches names without regard to case.
    """

    name: str
    fields: Mapping[str, Field]
    folded: Mapping[str, str] = field(default_factory=dict)


Type = Scalar | ListOf | MapOf | Struct | Later

STRING = Scalar(ScalarKind.STRING)
BOOL = Scalar(ScalarKind.BOOL)
INT64 = Scalar(ScalarKind.INT64)
INT32 = Scalar(ScalarKind.INT32)
DURATION = Scalar(ScalarKind.DURATION)
TIME = Scalar(ScalarKind.TIME)
QUANTITY = Scalar(ScalarKind.QUANTITY)
INT_OR_STRING = Scalar(ScalarKind.INT_OR_STRING)
PARAM_VALUE = Scalar(ScalarKind.PARAM_VALUE)
ANY = Scalar(ScalarKind.ANY)
STRINGS = ListOf(STRING)
STRING_MAP = MapOf(STRING)


Fields = Mapping[str, Type | Field]


def struct(name: str, fields: Fields) -> Struct:
    """A struct from a plain mapping; a bare type stands for a field that is left out when empty."""
    made = {key: value if isinstance(value, Field) else Field(value) for key, value in fields.items()}
    return Struct(name, made, {key.lower(): key for key in made})


def kept(type_: Type) -> Field:
    """A field that is always written (no ``omitempty``)."""
    return Field(type_, Emit.KEEP)


def pointer(type_: Type) -> Field:
    """A field whose empty value differs from no value."""
    return Field(type_, Emit.POINTER)


def value(type_: Type) -> Field:
    """A struct that Go embeds by value: always written."""
    return Field(type_, Emit.VALUE)


def deprecated(type_: Type | Field) -> Field:
    """A field that still works and will go."""
    made = type_ if isinstance(type_, Field) else Field(type_)
    return Field(made.type, made.emit, deprecated=True)


def resolved(type_: Type) -> Scalar | ListOf | MapOf | Struct:
    """The type itself, whichever way it was named."""
    return type_.resolve() if isinstance(type_, Later) else type_
