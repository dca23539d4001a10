"""How a tool says that something went wrong, so that the core knows whether to try again."""

from __future__ import annotations


class ToolError(Exception):
    """The tool refused or failed for good. ``hint`` is one sentence about what the user can do."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class Retryable(ToolError):
    """It may work later: a server that is down, a lock, a time-out. ``after`` is the least wait in
    seconds."""

    def __init__(self, message: str, *, hint: str = "", after: float = 1.0) -> None:
        super().__init__(message, hint=hint)
        self.after = after


class NotFound(ToolError):
    """What was asked for does not exist."""


class AccessDenied(ToolError):
    """Credentials are missing, wrong or not sufficient (exit code 4)."""


class Unsupported(ToolError):
    """The tool has not got the capability that was asked for."""


class Conflict(ToolError):
    """Somebody else was first, or the same name already means something else. Look again and decide anew."""


class Corrupt(ToolError):
    """Content is not what its digest or signature says. It is not used, whatever else was asked for."""
