"""How generating fails: one sentence, in the original's words where it has some."""

from __future__ import annotations


class GenerationError(Exception):
    """No applications can be made.

    path: the place in the document, if one is to blame. code: of the finding. hint: what the user can do.
    """

    def __init__(
        self, message: str, *, path: tuple[str | int, ...] = (), code: str = "", hint: str = ""
    ) -> None:
        super().__init__(message)
        self.path = path
        self.code = code
        self.hint = hint
