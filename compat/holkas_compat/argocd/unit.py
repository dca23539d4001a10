"""A document of Argo CD on its way to the model."""

from __future__ import annotations

from typing import Any

from holkas.model.application import Application
from holkas.model.edit import Edit
from holkas.model.finding import Finding, Severity
from holkas.model.path import PathPart
from holkas.model.project import Project
from holkas.records import dataclass
from holkas.yaml.source import Document

from holkas_compat.manifest.finding import finding_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One document.

    object: as it was decoded, None where not even the kind is known.
    noun: what was read from it, for an Application or AppProject that Argo CD would accept.
    findings: what is wrong with the document alone.
    """

    document: Document
    kind: str
    name: str
    namespace: str = ""
    object: dict[str, Any] | None = None
    noun: Application | Project | None = None
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
        """A finding in this document; where it lacks the path's end, the part that exists is pointed at."""
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
