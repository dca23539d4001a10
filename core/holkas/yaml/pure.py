"""Events from Python code alone: ruamel's scanner, corrected where go-yaml's reads otherwise."""

from __future__ import annotations

from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.scanner import Scanner, ScannerError
from ruamel.yaml.tokens import ScalarToken

from holkas.yaml.events import NextEvent

_END: Final = "\0\n\r\x85\u2028\u2029"
_BLANK: Final = " \t"
_END_OR_BLANK: Final = _END + _BLANK


def events(text: str) -> NextEvent:
    """The events of a text, one a call, None after the last."""
    yaml = YAML(typ="safe", pure=True)
    yaml.version = (1, 1)
    yaml.Scanner = _Scanner
    stream = yaml.parse(text)
    return lambda: next(stream, None)


class _Scanner(Scanner):  # type: ignore[misc]  # ruamel.yaml is not typed
    """Differs from ruamel's in tabs, escapes, directives, and colons and question marks in flow collections."""

    ESCAPE_REPLACEMENTS: Final = {
        char: text for char, text in Scanner.ESCAPE_REPLACEMENTS.items() if char != "/"
    }

    def scan_to_next_token(self) -> None:
        """Skip blanks, comments and line ends; tabs only where no block collection can begin."""
        reader = self.reader
        while True:
            blanks = _BLANK if self.flow_level or not self.allow_simple_key else " "
            while reader.peek() in blanks:
                reader.forward()
            if reader.peek() == "#":
                while reader.peek() not in _END:
                    reader.forward()
            if not self.scan_line_break():
                return
            if not self.flow_level:
                self.allow_simple_key = True

    def scan_flow_scalar_non_spaces(self, double: Any, start_mark: Any) -> Any:
        """Refuse escapes of half a character."""
        chunks = super().scan_flow_scalar_non_spaces(double, start_mark)
        if any("\ud800" <= chunk <= "\udfff" for chunk in chunks if len(chunk) == 1):
            problem = "found invalid Unicode character escape code"
            raise ScannerError("while parsing a quoted scalar", start_mark, problem, self.reader.get_mark())
        return chunks

    def scan_plain(self) -> Any:
        """A plain scalar; a colon ends it only before a blank, in flow collections as well."""
        reader = self.reader
        peek, forward = reader.peek, reader.forward
        start = end = reader.get_mark()
        indent = self.indent + 1
        chunks: list[str] = []
        spaces: list[str] = []
        while peek() != "#":
            length = 0
            while (char := peek(length)) not in _END_OR_BLANK:
                if char == ":" and peek(length + 1) in _END_OR_BLANK:
                    break
                if self.flow_level and char in ",?[]{}":
                    break
                length += 1
            if length == 0:
                break
            self.allow_simple_key = False
            chunks.extend(spaces)
            chunks.append(reader.prefix(length))
            forward(length)
            end = reader.get_mark()
            spaces = self.scan_plain_spaces(indent, start)
            if not spaces or (not self.flow_level and reader.column < indent):
                break
        return ScalarToken("".join(chunks), True, start, end)

    def scan_plain_spaces(self, indent: Any, start_mark: Any) -> list[str]:
        """What stands between two words of a plain scalar: blanks, or line ends folded."""
        reader = self.reader
        whitespace = ""
        breaks: list[str] = []
        while True:
            char = reader.peek()
            if char and char in _BLANK:
                if breaks and char == "\t" and reader.column < indent:
                    problem = "found a tab character that violates indentation"
                    raise ScannerError("while scanning a plain scalar", start_mark, problem, reader.get_mark())
                if not breaks:
                    whitespace += char
                reader.forward()
                continue
            line_break = self.scan_line_break()
            if not line_break:
                break
            breaks.append(line_break)
        if not breaks:
            return [whitespace] if whitespace else []
        self.allow_simple_key = True
        if reader.column == 0 and reader.prefix(3) in ("---", "...") and reader.peek(3) in _END_OR_BLANK:
            return []
        if breaks[0] != "\n":
            return breaks
        return breaks[1:] or [" "]

    def scan_directive_name(self, start_mark: Any) -> Any:
        """Only the two directives that YAML 1.1 defines."""
        name = super().scan_directive_name(start_mark)
        if name not in ("YAML", "TAG"):
            problem = "found unknown directive name"
            raise ScannerError("while scanning a directive", start_mark, problem, self.reader.get_mark())
        return name
