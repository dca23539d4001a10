"""What documents on their way to the model have in common: something may be wrong with them."""

from __future__ import annotations

from holkas.model.edit import Edit
from holkas.model.finding import Finding, Severity
from holkas.model.path import DocumentPath
from holkas.yaml.source import Document

from holkas_compat.manifest.finding import finding_at


class Judged:
    """A document and the findings about it alone; a base of dataclasses that have these two fields."""

    __slots__ = ()
    document: Document
    findings: tuple[Finding, ...]

    @property
    def broken(self) -> bool:
        """Whether the document has an error, so that nothing can be said of what it declares."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)

    def finding(
        self,
        code: str,
        message: str,
        path: DocumentPath = (),
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
