"""Errors that reach the user: one place that turns them into a sentence and an exit code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holkas.model.finding import Finding
    from holkas.yaml import Source

OK = 0
FAILED = 1
USAGE = 2
WAITING = 3
AUTHENTICATION = 4
LOSSY = 5
TIMEOUT = 124
INTERRUPTED = 130


class CommandError(Exception):
    """A command cannot go on. ``hint`` is one sentence.

    findings: shown before the message, with excerpts of ``sources`` (standard input cannot be read again).
    """

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        code: str = "",
        exit_code: int = USAGE,
        findings: Sequence[Finding] = (),
        sources: Sequence[Source] = (),
    ) -> None:
        super().__init__(message)
        self.hint = hint
        self.code = code
        self.exit_code = exit_code
        self.findings = findings
        self.sources = sources


def exit_code_of(error: Exception) -> int | None:
    """The exit code of an error that a user can cause; None for one that is a bug of ours."""
    from holkas.roles.errors import AccessDenied, ToolError

    if isinstance(error, AccessDenied):
        return AUTHENTICATION
    if isinstance(error, ToolError):
        return FAILED
    if isinstance(error, OSError):
        return USAGE
    code = getattr(error, "exit_code", None)
    return code if isinstance(code, int) else None


def render_error(error: Exception) -> str:
    """``error[CODE]: message`` and the hint, as the errors of files are shown."""
    from holkas.cli.render.printable import printable

    code = getattr(error, "code", "")
    message = str(error)
    if isinstance(error, OSError) and error.strerror:
        message = f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    message = printable(message)
    lines = [f"error[{code}]: {message}" if code else f"error: {message}"]
    hint = getattr(error, "hint", "")
    if hint:
        lines.append(f"  = hint: {hint}")
    return "\n".join(lines)
