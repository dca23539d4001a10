"""A finding: something holkas has to say about a place in somebody's file."""

from __future__ import annotations

from enum import StrEnum

from holkas.model.edit import Edit
from holkas.model.path import PathPart
from holkas.records import dataclass


class Severity(StrEnum):
    """How much a finding weighs; only ERROR makes a command fail unless it runs under ``--strict``."""

    ERROR = "error"
    WARNING = "warning"
    DEPRECATION = "deprecation"
    HABIT = "habit"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a finding points to. The line is looked up only when the finding is shown, from ``path``.

    source: the file's name as the user wrote it, or ``<stdin>``.
    document: index of the YAML document in the file, from 0.
    path: keys and indexes from the document's root to the node.
    on_key: point at the mapping key itself instead of its value.
    within: text inside the scalar to underline (a variable reference, say).
    line, column: from 1, for findings that are made with a position (syntax errors).
    """

    source: str
    document: int = 0
    path: tuple[PathPart, ...] = ()
    on_key: bool = False
    within: str = ""
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One problem. ``code`` names the rule (``holkas explain CODE``).

    fields: the places in the original's own spelling (``spec.tasks[0].OnError``), one rule may name several.
    fix: the edits of the document that would end the finding and change nothing else; empty where a person must think.
    """

    code: str
    message: str
    place: Place
    severity: Severity = Severity.ERROR
    hint: str = ""
    fields: tuple[str, ...] = ()
    fix: tuple[Edit, ...] = ()
