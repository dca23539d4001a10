"""Manifests written in another form: what becomes of a document and of each of its fields."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from holkas.model.edit import Edit
from holkas.model.finding import Finding
from holkas.model.path import PathPart
from holkas.records import dataclass
from holkas.yaml import Document


class Fate(StrEnum):
    """What becomes of a field. Only LOST loses anything: KEPT is out of sight, but can be brought back."""

    MOVED = "moved"
    CHANGED = "changed"
    ADDED = "added"
    KEPT = "kept"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field that is not what it was.

    path: in the document as it was; of an added field, in the new one. to: where it is now, or what it became, in words
    for people.
    """

    path: tuple[PathPart, ...]
    fate: Fate
    to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """One document in its new form.

    value: the new document, None where it cannot be made (``findings`` say why).
    edits: what makes the old text into the new one, None where the document has to be written anew.
    """

    document: Document
    value: Mapping[str, Any] | None
    edits: tuple[Edit, ...] | None = ()
    changes: tuple[FieldChange, ...] = ()
    findings: tuple[Finding, ...] = ()
