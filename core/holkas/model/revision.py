"""Revisions: states of a repository, who made them and when."""

from __future__ import annotations

from dataclasses import field

from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody as the version control knows them."""

    name: str
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One state of a repository.

    repository: as it was asked for (a URL or a path). id: complete and unchanging (git: 40 or 64 hex digits).
    ref: branch or tag through which it was found, or empty. parents: ids. time: of the commit, seconds since
    the
    epoch. message: the whole text, without trailing newlines.
    """

    repository: str
    id: str
    ref: str = ""
    parents: tuple[str, ...] = ()
    author: Person = field(default_factory=lambda: Person(name=""))
    time: float = 0.0
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A name for a revision that is not meant to move."""

    name: str
    revision: str
    message: str = ""
