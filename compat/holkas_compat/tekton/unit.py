"""A document on its way to the model: what it is, what it says, and how to point into it."""

from __future__ import annotations

from typing import Any

from holkas.model.finding import Finding
from holkas.model.pipeline import Pipeline
from holkas.model.run import Run
from holkas.model.step import StepAction
from holkas.model.task import Task
from holkas.records import dataclass
from holkas.yaml.source import Document

from holkas_compat.manifest.judged import Judged

Noun = Task | Pipeline | StepAction | Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit(Judged):
    """One document.

    kind, name: as the document says, empty where it does not.
    tekton: whether the document belongs to Tekton's API group.
    object: the document in Tekton's spelling (see :func:`holkas_compat.tekton.decode.decode`), None where Tekton would
        not even read it.
    noun: what was read from it; None for other kinds and for documents with errors.
    findings: what is wrong with the document alone.
    """

    document: Document
    kind: str
    name: str
    tekton: bool
    object: dict[str, Any] | None = None
    noun: Noun | None = None
    findings: tuple[Finding, ...] = ()
