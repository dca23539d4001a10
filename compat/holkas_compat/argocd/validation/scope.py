"""Where a rule is at work, and the problems that it reports."""

from __future__ import annotations

from dataclasses import field

from holkas.model.edit import Edit
from holkas.model.finding import Severity
from holkas.model.path import PathPart
from holkas.records import dataclass

from holkas_compat.manifest.finding import field_text
from holkas_compat.manifest.problem import Problem


@dataclass(frozen=True, slots=True)
class Scope:
    """A place in a document. templated: texts may hold placeholders of an ApplicationSet."""

    path: tuple[PathPart, ...] = ()
    problems: list[Problem] = field(default_factory=list)
    templated: bool = False

    def at(self, *keys: PathPart) -> Scope:
        """A place further inside."""
        return Scope(self.path + keys, self.problems, self.templated)

    def error(
        self,
        code: str,
        message: str,
        *keys: PathPart,
        hint: str = "",
        within: str = "",
        on_key: bool = False,
        fix: tuple[Edit, ...] = (),
    ) -> None:
        """Report what Argo CD refuses. keys: from here on."""
        self.report(code, message, *keys, hint=hint, within=within, on_key=on_key, fix=fix)

    def warn(
        self, code: str, message: str, *keys: PathPart, hint: str = "", fix: tuple[Edit, ...] = ()
    ) -> None:
        """Report what Argo CD accepts and which does not do what it looks like."""
        self.report(code, message, *keys, severity=Severity.WARNING, hint=hint, fix=fix)

    def report(
        self,
        code: str,
        message: str,
        *keys: PathPart,
        severity: Severity = Severity.ERROR,
        hint: str = "",
        within: str = "",
        on_key: bool = False,
        fix: tuple[Edit, ...] = (),
    ) -> None:
        """Report a problem."""
        path = self.path + keys
        self.problems.append(
            Problem(
                code,
                message,
                path,
                (field_text(path),) if path else (),
                on_key=on_key,
                within=within,
                hint=hint,
                severity=severity,
                fix=fix,
            )
        )

    def is_open(self, text: str) -> bool:
        """Whether a text is known only after a template was rendered."""
        return self.templated and "{{" in text
