"""Text from elsewhere made safe for a terminal: no control sequence of a step's output reaches it."""

from __future__ import annotations

import re

_ESCAPES = r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]*[0-~])"
"""Control sequences, strings for the terminal (titles, links), and all others (ECMA-48, 5.3 and 8.3)."""

_CONTROLS = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]"
"""Control characters but tab and line feed; those that turn the direction of writing hide what stands there."""


def printable(text: str) -> str:
    """The text without escape sequences; of a line that overwrites itself (``\\r``) what would stay to be seen."""
    if text.isprintable():
        return text  # nearly all there is, and much faster to say
    if "\r" in text:
        text = text.rstrip("\r").rpartition("\r")[2]
    return re.sub(_CONTROLS, "", re.sub(_ESCAPES, "", text))  # compiled by the first text that needs them
