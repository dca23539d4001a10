"""Why a reference through a resolver cannot be followed."""

from __future__ import annotations


class Refusal(Exception):
    """One sentence without secrets. ``hint``: what could be done."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint
