"""A document on its way to the model: what it is, what it says, and how to point into it."""

from __future__ import annotations

from typing import Any

from holkas.model.edit import Edit
from holkas.model.finding import Finding, Severity
from holkas.model.path import PathPart
from holkas.model.pipeline import Pipeline
from holkas.model.run import Run
from holkas.model.step import StepAction
from holkas.model.task import Task
from holkas.records import dataclass
from holkas.yaml.source import Document

from holkas_compat.manifest.finding import finding_at

Noun = Task | Pipeline | StepAction | Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
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

    @property
    def broken(self) -> bool:
        """Whether the document has an error, so that nothing can be said of what it declares."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)

    def finding(
        self,
        code: str,
        message: str,
        path: tuple[PathPart, ...] = (),
        *,
        severity: Severity = Severity.ERROR,
        hint: str = "",
        within: str = "",
        on_key: bool = False,
        fix: tuple[Edit, ...] = (),
    ) -> Finding:
        """A finding in this document.

        path: of the v1 form; where an older document lacks its end, the part that exists is pointed at.
        """
        return finding_at(
            self.document,
            code,
            message,
            path,
            severity=severity,
            hint=hint,
            within=within,
            on_key=on_key,
            fix=fix,
        )
