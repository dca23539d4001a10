"""From the text of a template to tokens.

Source of the rules: Go's documentation of text/template, "Text and spaces" and "Actions".
"""

from __future__ import annotations

import re

from holkas_compat.gotemplate.tokens import KEYWORDS, Kind, Token

_SPACES = " \t\r\n"
_SPACE = re.compile(r"[ \t\r\n]+")
_WORD = re.compile(r"\w+")
_STRING = re.compile(r'"(?:[^"\\\n]|\\[^\n])*"')
_CONSTANT = re.compile(r"'(?:[^'\\\n]|\\[^\n])*'")
_RAW = re.compile(r"`[^`]*`")
_NUMBER = re.compile(
    r"[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?"
    r"|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?"
    r"|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?"
)
_ENDS_WORD = ".,|:)( \t\r\n"
_SIMPLE = {"=": Kind.ASSIGN, "|": Kind.PIPE}


class Lexer:
    """Splits one text; :meth:`tokens` ends with EOF or with an ERROR."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.line = 1
        self.found: list[Token] = []

    def tokens(self) -> list[Token]:
        """All tokens."""
        while self._text() and self._action():
            pass
        return self.found

    def _emit(self, kind: Kind, end: int) -> None:
        text = self.text[self.position : end]
        self.found.append(Token(kind, self.position, text, self.line))
        self.line += text.count("\n")
        self.position = end

    def _skip(self, end: int) -> None:
        self.line += self.text.count("\n", self.position, end)
        self.position = end

    def _fail(self, message: str) -> bool:
        self.found.append(Token(Kind.ERROR, self.position, message, self.line))
        return False

    def _text(self) -> bool:
        """The text up to the next action, comments left out. False at the end."""
        while True:
            opening = self.text.find("{{", self.position)
            if opening < 0:
                if self.position < len(self.text):
                    self._emit(Kind.TEXT, len(self.text))
                self._emit(Kind.EOF, self.position)
                return False
            inside = opening + 2
            trims = self.text.startswith("-", inside) and self.text[inside + 1 : inside + 2] in tuple(_SPACES)
            before = self.text[self.position : opening]
            kept = before.rstrip(_SPACES) if trims else before
            if kept:
                self._emit(Kind.TEXT, self.position + len(kept))
            self._skip(opening)
            begin = inside + 2 if trims else inside
            if not self.text.startswith("/*", begin):
                self._emit(Kind.LEFT, inside)
                self._skip(begin)
                return True
            if not self._comment(begin):
                return False

    def _comment(self, begin: int) -> bool:
        self._skip(begin)
        end = self.text.find("*/", begin + 2)
        if end < 0:
            return self._fail("unclosed comment")
        length, trims = self._right(end + 2)
        if not length:
            return self._fail("comment ends before closing delimiter")
        self._skip(self._after(end + 2 + length, trims))
        return True

    def _right(self, at: int) -> tuple[int, bool]:
        """Length of the right delimiter here (0 for none), and whether it trims."""
        if self.text[at : at + 1] in tuple(_SPACES) and self.text.startswith("-}}", at + 1):
            return 4, True
        return (2, False) if self.text.startswith("}}", at) else (0, False)

    def _after(self, at: int, trims: bool) -> int:
        if trims:
            while at < len(self.text) and self.text[at] in _SPACES:
                at += 1
        return at

    def _action(self) -> bool:
        """The tokens of one action, its right delimiter included. False after an error."""
        depth = 0
        while True:
            length, trims = self._right(self.position)
            if length:
                if depth:
                    return self._fail("unclosed left paren")
                self._skip(self.position + length - 2)
                self._emit(Kind.RIGHT, self.position + 2)
                self._skip(self._after(self.position, trims))
                return True
            if self.position >= len(self.text):
                return self._fail("unclosed action")
            sign = self.text[self.position]
            if sign == "(":
                depth += 1
                self._emit(Kind.OPEN, self.position + 1)
            elif sign == ")":
                depth -= 1
                if depth < 0:
                    return self._fail("unexpected right paren")
                self._emit(Kind.CLOSE, self.position + 1)
            elif not self._token(sign):
                return False

    def _token(self, sign: str) -> bool:
        if sign in _SPACES:
            return self._space()
        if sign in _SIMPLE:
            self._emit(_SIMPLE[sign], self.position + 1)
        elif sign == ":":
            if not self.text.startswith(":=", self.position):
                return self._fail("expected :=")
            self._emit(Kind.DECLARE, self.position + 2)
        elif sign == '"':
            return self._matched(_STRING, Kind.STRING, "unterminated quoted string")
        elif sign == "`":
            return self._matched(_RAW, Kind.RAW, "unterminated raw quoted string")
        elif sign == "'":
            return self._matched(_CONSTANT, Kind.CONSTANT, "unterminated character constant")
        elif sign == "$":
            return self._name(self.position + 1, Kind.VARIABLE)
        elif sign == "." and not self._digit(self.position + 1):
            return self._name(self.position + 1, Kind.FIELD)
        elif sign in ".+-" or sign in "0123456789":
            return self._number()
        elif sign == "_" or sign.isalpha() or sign.isdecimal():
            return self._name(self.position, Kind.IDENTIFIER)
        elif sign.isascii() and sign.isprintable():
            self._emit(Kind.CHAR, self.position + 1)
        else:
            return self._fail(f"unrecognized character in action: {_unicode(sign)}")
        return True

    def _space(self) -> bool:
        match = _SPACE.match(self.text, self.position)
        assert match
        end = match.end()
        if self.text.startswith("-}}", end):  # the last space belongs to the trimming delimiter
            end -= 1
        if end > self.position:
            self._emit(Kind.SPACE, end)
        return True

    def _matched(self, pattern: re.Pattern[str], kind: Kind, message: str) -> bool:
        match = pattern.match(self.text, self.position)
        if not match:
            return self._fail(message)
        self._emit(kind, match.end())
        return True

    def _digit(self, at: int) -> bool:
        return self.text[at : at + 1] in tuple("0123456789")

    def _terminated(self, at: int) -> bool:
        return at >= len(self.text) or self.text[at] in _ENDS_WORD or self.text.startswith("}}", at)

    def _name(self, begin: int, kind: Kind) -> bool:
        match = _WORD.match(self.text, begin)
        end = match.end() if match else begin
        if not self._terminated(end):
            return self._fail(f"bad character {_unicode(self.text[end])}")
        word = self.text[self.position : end]
        if kind is Kind.FIELD and word == ".":
            kind = Kind.DOT
        elif kind is Kind.IDENTIFIER:
            kind = KEYWORDS.get(word, Kind.BOOL if word in ("true", "false") else kind)
        self._emit(kind, end)
        return True

    def _number(self) -> bool:
        match = _NUMBER.match(self.text, self.position)
        assert match
        end = match.end()
        if (word := _WORD.match(self.text, end)) is not None:
            return self._fail(f'bad number syntax: "{self.text[self.position : word.start() + 1]}"')
        if self.text[end : end + 1] in ("+", "-"):
            second = _NUMBER.match(self.text, end)
            assert second
            if not second[0].endswith("i"):
                return self._fail(f'bad number syntax: "{self.text[self.position : second.end()]}"')
            self._emit(Kind.COMPLEX, second.end())
            return True
        self._emit(Kind.NUMBER, end)
        return True


def _unicode(sign: str) -> str:
    shown = f"U+{ord(sign):04X}"
    return f"{shown} '{sign}'" if sign.isprintable() else shown
