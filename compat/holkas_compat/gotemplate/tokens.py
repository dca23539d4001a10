"""The kinds of token that a template consists of."""

from __future__ import annotations

from enum import Enum, auto

from holkas.records import dataclass


class Kind(Enum):
    """Kinds of token; the keywords come last."""

    ERROR = auto()
    EOF = auto()
    TEXT = auto()
    LEFT = auto()
    RIGHT = auto()
    SPACE = auto()
    ASSIGN = auto()
    DECLARE = auto()
    PIPE = auto()
    OPEN = auto()
    CLOSE = auto()
    CHAR = auto()
    STRING = auto()
    RAW = auto()
    CONSTANT = auto()
    NUMBER = auto()
    COMPLEX = auto()
    BOOL = auto()
    FIELD = auto()
    VARIABLE = auto()
    IDENTIFIER = auto()
    DOT = auto()
    NIL = auto()
    BLOCK = auto()
    BREAK = auto()
    CONTINUE = auto()
    DEFINE = auto()
    ELSE = auto()
    END = auto()
    IF = auto()
    RANGE = auto()
    TEMPLATE = auto()
    WITH = auto()


KEYWORDS = {
    "block": Kind.BLOCK,
    "break": Kind.BREAK,
    "continue": Kind.CONTINUE,
    "define": Kind.DEFINE,
    "else": Kind.ELSE,
    "end": Kind.END,
    "if": Kind.IF,
    "range": Kind.RANGE,
    "nil": Kind.NIL,
    "template": Kind.TEMPLATE,
    "with": Kind.WITH,
}
"""Words that are no names of functions."""


@dataclass(frozen=True, slots=True)
class Token:
    """``start``: offset in the text. ``line``: from 1. Of an ERROR, ``text`` is the message."""

    kind: Kind
    start: int
    text: str
    line: int

    def shown(self) -> str:
        """As messages quote it."""
        if self.kind is Kind.EOF:
            return "EOF"
        if self.kind is Kind.ERROR:
            return self.text
        from holkas_compat.gotemplate.quoting import quoted

        if self.kind in KEYWORDS.values() or self.kind is Kind.DOT:
            return f"<{self.text}>"
        if len(self.text.encode()) > 10:
            return quoted(self.text[:10]) + "..."
        return quoted(self.text)
