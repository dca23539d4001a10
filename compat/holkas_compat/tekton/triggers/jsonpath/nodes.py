"""The parts of a path."""

from __future__ import annotations

from holkas.records import dataclass


class PathError(ValueError):
    """The expression is no path, or the event has nothing there. Names fields, shows no values."""


@dataclass(frozen=True, slots=True)
class Field:
    """A key of a mapping."""

    name: str


@dataclass(frozen=True, slots=True)
class Wildcard:
    """Everything in a mapping, list or text."""


@dataclass(frozen=True, slots=True)
class Recursive:
    """A value and everything inside that holds something itself."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Items of a list. ``derived``: the end comes from a single index, so that ``[-1]`` is the last one."""

    start: int | None
    end: int | None
    step: int | None
    derived: bool = False


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, number or boolean. A whole number is an int, which the numbers of an event never are."""

    value: str | int | float | bool


@dataclass(frozen=True, slots=True)
class Union:
    """The results of several paths, one after the other."""

    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """Items of a list for which a comparison holds; ``operator`` is ``exists`` where there is no right side."""

    left: Path
    operator: str
    right: Path


Node = Field | Wildcard | Recursive | Slice | Literal | Union | Filter
Path = tuple[Node, ...]
