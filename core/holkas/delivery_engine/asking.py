"""What people ask of a delivery: who asks, and what they are told when it cannot be."""

from __future__ import annotations

from holkas.records import dataclass


class Denied(Exception):
    """Somebody may not do this, or it makes no sense now. Recorded where it was an approval."""

    exit_code = 1
    code = "D101"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Somebody who acts: the name that counts, and the machine's account that said it."""

    name: str
    account: str = ""
