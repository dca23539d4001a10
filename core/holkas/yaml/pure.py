"""Events from Python code alone: ruamel's scanner, corrected where go-yaml's reads otherwise."""

from __future__ import annotations

import string
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.reader import Reader
from ruamel.yaml.scanner import Scanner
from ruamel.yaml.tokens import TagToken

from holkas.yaml.next_event import NextEvent
from holkas.yaml.pure_scalars import BLANK, END, END_OR_BLANK, ScalarScanner

_WORD: Final = frozenset(string.ascii_letters + string.digits + "-_")
_URI: Final = _WORD | frozenset(";/?:@&=+$.!~*'()%,[]")


def events(text: str) -> NextEvent:
    """The events of a text, one a call, None after the last."""
    yaml = YAML(typ="safe", pure=True)
    yaml.version = (1, 1)
    yaml.Reader = _Reader
    yaml.Scanner = _Scanner
    stream = yaml.parse(text)
    return lambda: next(stream, None)


class _Reader(Reader):
    """Counts lines and columns as libyaml does: YAML 1.1's line ends, a byte order mark is a character."""

    def forward(self, length: int = 1) -> None:
        """Move on by some characters."""
        if self.pointer + length + 1 >= len(self.buffer):
            self.update(length + 1)
        for _ in range(length):
            char = self.buffer[self.pointer]
            self.pointer += 1
            self.index += 1
            if char in "\n\x85\u2028\u2029" or (char == "\r" and self.buffer[self.pointer] != "\n"):
                self.line += 1
                self.column = 0
            else:
                self.column += 1


class _Scanner(ScalarScanner):
    """Differs from ruamel's in tabs, escapes, directives, anchors and tags."""

    ESCAPE_REPLACEMENTS = {  # noqa: RUF012 - ruamel's is no ClassVar
        char: text for char, text in Scanner.ESCAPE_REPLACEMENTS.items() if char != "/"
    }

    def scan_to_next_token(self) -> None:
        """Skip blanks, comments and line ends; tabs only where no block collection can begin."""
        reader = self.reader
        while True:
            blanks = BLANK if self.flow_level or not self.allow_simple_key else " "
            while reader.peek() in blanks:
                reader.forward()
            if reader.peek() == "#":
                while reader.peek() not in END:
                    reader.forward()
            if not self.scan_line_break():
                return
            if not self.flow_level:
                self.allow_simple_key = True

    def scan_flow_scalar_non_spaces(self, double: Any, start_mark: Any) -> Any:
        """Refuse escapes of half a character."""
        chunks = super().scan_flow_scalar_non_spaces(double, start_mark)
        if any("\ud800" <= chunk <= "\udfff" for chunk in chunks if len(chunk) == 1):
            self._fail(
                "while parsing a quoted scalar", start_mark, "found invalid Unicode character escape code"
            )
        return chunks

    def scan_directive_name(self, start_mark: Any) -> Any:
        """Only the two directives that YAML 1.1 defines."""
        length = 0
        while self.reader.peek(length) in _WORD:
            length += 1
        name = self.reader.prefix(length)
        if name not in ("YAML", "TAG") or self.reader.peek(length) not in END_OR_BLANK:
            self._fail("while scanning a directive", start_mark, "found unknown directive name")
        self.reader.forward(length)
        return name

    def scan_anchor(self, TokenClass: Any) -> Any:
        """Names of anchors and aliases have ASCII letters, digits, hyphens and underscores."""
        reader = self.reader
        start = reader.get_mark()
        reader.forward()
        length = 0
        while reader.peek(length) in _WORD:
            length += 1
        name = reader.prefix(length)
        reader.forward(length)
        if not name or reader.peek() not in END_OR_BLANK + "?:,]}%@`":
            problem = "did not find expected alphabetic or numeric character"
            self._fail("while scanning an anchor", start, problem)
        return TokenClass(name, start, reader.get_mark())

    def scan_tag(self) -> Any:
        """A tag: ``!<uri>``, ``!handle!suffix``, ``!suffix`` or ``!`` alone, with a blank after it."""
        reader = self.reader
        start = reader.get_mark()
        if reader.peek(1) == "<":
            reader.forward(2)
            handle, suffix = None, self.scan_tag_uri("tag", start)
            if reader.peek() != ">":
                self._fail("while scanning a tag", start, "did not find the expected '>'")
            reader.forward()
        else:
            length = 1
            while reader.peek(length) in _WORD:
                length += 1
            if reader.peek(length) == "!":
                handle = reader.prefix(length + 1)
                reader.forward(length + 1)
                suffix = self.scan_tag_uri("tag", start)
            else:
                reader.forward()
                suffix = self.scan_tag_uri("tag", start) if reader.peek() in _URI else "!"
                handle = None if suffix == "!" else "!"
        if reader.peek() not in END_OR_BLANK:
            self._fail("while scanning a tag", start, "did not find expected whitespace or line break")
        return TagToken((handle, suffix), start, reader.get_mark())
