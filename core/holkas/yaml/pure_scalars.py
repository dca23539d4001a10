"""Block and plain scalars as libyaml and go-yaml scan them, for ruamel's scanner."""

from __future__ import annotations

from typing import Any, Final

from ruamel.yaml.scanner import Scanner, ScannerError
from ruamel.yaml.tokens import ScalarToken

END: Final = "\0\n\r\x85\u2028\u2029"
BLANK: Final = " \t"
END_OR_BLANK: Final = END + BLANK


class ScalarScanner(Scanner):
    """Differs from ruamel's in tabs, and in colons and question marks in flow collections."""

    def scan_plain(self) -> Any:
        """A plain scalar; a colon ends it only before a blank, in flow collections as well."""
        reader = self.reader
        peek = reader.peek
        start = end = reader.get_mark()
        indent = self.indent + 1
        chunks: list[str] = []
        spaces: list[str] = []
        while peek() != "#" and not self._at_document_marker():
            length = 0
            while (char := peek(length)) not in END_OR_BLANK:
                if char == ":" and peek(length + 1) in END_OR_BLANK:
                    break
                if self.flow_level and char in ",?[]{}":
                    break
                length += 1
            if length:
                self.allow_simple_key = False
                chunks.extend(spaces)
                chunks.append(reader.prefix(length))
                reader.forward(length)
                end = reader.get_mark()
            spaces = self.scan_plain_spaces(indent, start)
            if not spaces or (not self.flow_level and reader.column < indent):
                break
        return ScalarToken("".join(chunks), True, start, end)

    def scan_plain_spaces(self, indent: int, start_mark: Any) -> list[str]:
        """What stands between two words of a plain scalar: blanks, or line ends folded."""
        reader = self.reader
        whitespace = ""
        breaks: list[str] = []
        while True:
            char = reader.peek()
            if char in BLANK:
                if breaks and char == "\t" and reader.column < indent:
                    self._fail(
                        "while scanning a plain scalar", start_mark, "found a tab that violates indentation"
                    )
                if not breaks:
                    whitespace += char
                reader.forward()
            elif line_break := self.scan_line_break():
                breaks.append(line_break)
            else:
                break
        if not breaks:
            return [whitespace] if whitespace else []
        self.allow_simple_key = True
        if breaks[0] != "\n":
            return breaks
        return breaks[1:] or [" "]

    def scan_block_scalar(self, style: str, rt: bool | None = False) -> Any:
        """A literal (``|``) or folded (``>``) scalar."""
        reader = self.reader
        start = reader.get_mark()
        reader.forward()
        chomping, increment = self._block_header(start)
        end = reader.get_mark()
        indent = max(self.indent, 0) + increment if increment else 0
        indent, breaks, end = self._block_breaks(indent, start, end)
        chunks: list[str] = []
        line_break = ""
        after_blank = False
        while reader.column == indent and reader.peek() != "\0":
            blank = reader.peek() in BLANK
            if style == ">" and line_break == "\n" and not after_blank and not blank:
                chunks.append("" if breaks else " ")
            else:
                chunks.append(line_break)
            chunks.extend(breaks)
            after_blank = blank
            length = 0
            while reader.peek(length) not in END:
                length += 1
            chunks.append(reader.prefix(length))
            reader.forward(length)
            line_break = self.scan_line_break()
            indent, breaks, end = self._block_breaks(indent, start, reader.get_mark())
        if chomping != "-":
            chunks.append(line_break)
        if chomping == "+":
            chunks.extend(breaks)
        return ScalarToken("".join(chunks), False, start, end, style)

    def _block_header(self, start: Any) -> tuple[str, int]:
        reader = self.reader
        chomping, increment = "", 0
        for _ in range(2):
            char = reader.peek()
            if char in "+-" and not chomping:
                chomping = char
            elif char in "0123456789" and not increment:
                increment = int(char)
                if increment == 0:
                    self._fail(
                        "while scanning a block scalar", start, "found an indentation indicator equal to 0"
                    )
            else:
                break
            reader.forward()
        while reader.peek() in BLANK:
            reader.forward()
        if reader.peek() == "#":
            while reader.peek() not in END:
                reader.forward()
        if reader.peek() not in END:
            self._fail("while scanning a block scalar", start, "did not find expected comment or line break")
        self.scan_line_break()
        return chomping, increment

    def _block_breaks(self, indent: int, start: Any, end: Any) -> tuple[int, list[str], Any]:
        """Skip indentation and empty lines. indent: 0 while it is not known yet."""
        reader = self.reader
        breaks: list[str] = []
        widest = 0
        while True:
            while (not indent or reader.column < indent) and reader.peek() == " ":
                reader.forward()
            widest = max(widest, reader.column)
            if (not indent or reader.column < indent) and reader.peek() == "\t":
                problem = "found a tab character where an indentation space is expected"
                self._fail("while scanning a block scalar", start, problem)
            line_break = self.scan_line_break()
            if not line_break:
                return indent or max(widest, self.indent + 1, 1), breaks, end
            breaks.append(line_break)
            end = reader.get_mark()

    def _at_document_marker(self) -> bool:
        reader = self.reader
        if reader.column != 0 or reader.prefix(3) not in ("---", "..."):
            return False
        return reader.peek(3) in END_OR_BLANK

    def _fail(self, context: str, start_mark: Any, problem: str) -> None:
        raise ScannerError(context, start_mark, problem, self.reader.get_mark())
