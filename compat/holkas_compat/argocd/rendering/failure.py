"""Why something cannot be rendered, in one sentence."""

from __future__ import annotations


class RenderFailure(Exception):
    """``code``: of the rule. ``hint``: what could be done."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.hint = hint
