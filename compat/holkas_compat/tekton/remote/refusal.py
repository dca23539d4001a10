"""Why a reference through a resolver cannot be followed."""

from __future__ import annotations


class Refusal(Exception):
    """One sentence without secrets. ``hint``: what could be done. ``reason``: Tekton's, where it is a special one."""

    def __init__(self, message: str, hint: str = "", reason: str = "") -> None:
        super().__init__(message)
        self.hint = hint
        self.reason = reason
