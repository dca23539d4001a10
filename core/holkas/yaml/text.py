"""From bytes to text, and from an offset in the text to a line and a column."""

from __future__ import annotations

import codecs
import re

from holkas.model.finding import Finding, Place
from holkas.yaml import codes
from holkas.yaml.errors import YamlError

# What libyaml's readers refuse; YAML 1.1 section 4.1.1.
_FORBIDDEN_IN_ASCII = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
_FORBIDDEN = f"{_FORBIDDEN_IN_ASCII[:-1]}\x80-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]"
"""Compiled where it is needed, as ranges of far characters take half a millisecond."""

_GLUED_COMMENT = re.compile(r"^---#[^\r\n]*", re.MULTILINE)
_MARK_AFTER_START = re.compile("^(---[ \t]*)(\r?\n)\ufeff", re.MULTILINE)
_LINE_END = re.compile("\r\n|\n|\r")


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """The place of a character, both from 1, lines as editors count them: LF, CR LF or CR ends one."""
    before = text[:offset]
    line = 1 + before.count("\n") + before.count("\r") - before.count("\r\n")
    if before.endswith("\r") and text[offset : offset + 1] == "\n":
        line -= 1  # between the two halves of one line end
        start = max(before.rfind("\n"), before.rfind("\r", 0, -1)) + 1
    else:
        start = max(before.rfind("\n"), before.rfind("\r")) + 1
    return line, offset - start + 1


def line_starts(text: str) -> list[int]:
    """The offset at which each line begins, the first one's 0 included."""
    return [0, *(end.end() for end in _LINE_END.finditer(text))]


def line_text(text: str, offset: int) -> str:
    """The whole line that holds a character, without its end."""
    start = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
    end = _LINE_END.search(text, start)
    return text[start : end.start() if end else len(text)]


def error(
    text: str, offset: int, code: str, message: str, *, name: str, document: int = 0, hint: str = ""
) -> YamlError:
    """A YamlError at a character of the text."""
    line, column = line_and_column(text, offset)
    place = Place(source=name, document=document, line=line, column=column)
    return YamlError(Finding(code=code, message=message, place=place, hint=hint))


def decode(data: bytes | str, name: str) -> str:
    """The text without its byte order mark. Raises YamlError for bytes that are not UTF-8 or UTF-16."""
    if isinstance(data, str):
        text = data
    else:
        encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as problem:
            before = data[: problem.start].decode(encoding, "replace")
            message = f"byte {problem.start + 1} is not {encoding.upper()}"
            raise error(before, len(before), codes.NOT_UTF8, message, name=name) from None
    if text.startswith("\ufeff"):
        text = text[1:]
    bad = re.search(_FORBIDDEN_IN_ASCII if text.isascii() else _FORBIDDEN, text)
    if bad:
        message = f"control character U+{ord(bad[0]):04X} is not allowed"
        raise error(text, bad.start(), codes.CONTROL_CHARACTER, message, name=name)
    return text


def stream_text(text: str) -> str:
    """The text of a stream as Kubernetes' reader splits it, every character in its place.

    It takes ``---#`` for a document start with a comment, allows a byte order mark after each ``---`` and ends the
    last line (k8s.io/apimachinery, util/yaml, YAMLReader).
    """
    if "\n---#" in text or text.startswith("---#"):
        text = _GLUED_COMMENT.sub(lambda line: "---" + " " * (len(line[0]) - 3), text)
    if "\ufeff" in text:
        text = _MARK_AFTER_START.sub(r"\1 \2", text)
    return text if not text or text[-1] in "\r\n" else text + "\n"


def filled_length(block: str) -> int:
    """The length of a stretch of text without the blank lines and the line end at its end."""
    lines = block.splitlines(keepends=True)
    while lines and not lines[-1].strip():
        lines.pop()
    return sum(map(len, lines[:-1])) + len(lines[-1].rstrip("\r\n")) if lines else 0


def offset_of(text: str, line: int, column: int) -> int:
    """The offset of a line and a column, both from 1; the text's end where there is none."""
    offset = 0
    for _ in range(line - 1):
        end = _LINE_END.search(text, offset)
        if end is None:
            return len(text)
        offset = end.end()
    return min(offset + column - 1, len(text))


def encode(text: str, like: bytes) -> bytes:
    """A text as bytes, with the encoding and byte order mark of the bytes it came from."""
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if like.startswith(mark):
            return mark + text.encode(encoding)
    return (codecs.BOM_UTF8 if like.startswith(codecs.BOM_UTF8) else b"") + text.encode()
