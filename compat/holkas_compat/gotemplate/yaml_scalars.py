"""How Go's YAML library writes a text of one line: plain, in single or in double quotes.

Source: what go.yaml.in/yaml/v2 gives; YAML 1.1, "Scalar Styles". A text that would be read as something else is in
double quotes, one that cannot stand plain in single ones, and again in double ones where those cannot hold it.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from holkas.yaml.scalars import resolve_plain

_INDICATOR = re.compile(r"[#,\[\]{}&*!|>'\"%@`]|[?:-](?:[ \t]|\Z)|---|\.\.\.")
_INSIDE = re.compile(r":(?:[ \t]|\Z)|(?<=[ \t])#")
_UNPRINTABLE = re.compile("[^\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]")
_BREAK = re.compile("[\u2028\u2029]")
_SEXAGESIMAL = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?")
_TIME = re.compile(
    r"([0-9]{4}-[0-9]{1,2}-[0-9]{1,2})(?:([Tt])([0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2})(?:\.[0-9]+)?"
    r"(?:Z|[+-][0-9]{2}:[0-9]{2})| ([0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2})(?:\.[0-9]+)?)?"
)
_SHORT: Final = {
    "\0": "0",
    "\a": "a",
    "\b": "b",
    "\t": "t",
    "\n": "n",
    "\v": "v",
    "\f": "f",
    "\r": "r",
    "\x1b": "e",
    '"': '"',
    "\\": "\\",
    "\x85": "N",
    "\u2028": "L",
    "\u2029": "P",
}
_ESCAPED = re.compile(f'{_UNPRINTABLE.pattern}|["\\\\\u2028\u2029]')


def one_line(text: str) -> str:
    """A text without line feeds as the library writes it."""
    if not text or not isinstance(resolve_plain(text), str) or _SEXAGESIMAL.fullmatch(text) or _is_time(text):
        return double_quoted(text)
    if not is_printable(text):
        return double_quoted(text)
    blank = text[0] == " " or text[-1] == " "
    if blank or _INDICATOR.match(text) or _INSIDE.search(text) or _BREAK.search(text):
        return "'" + text.replace("'", "''") + "'"
    return text


def is_printable(text: str) -> bool:
    """Whether nothing of a text needs an escape."""
    return not _UNPRINTABLE.search(text)


def double_quoted(text: str) -> str:
    """A text in double quotes, with the library's escapes."""
    return '"' + _ESCAPED.sub(_escape, text) + '"'


def _escape(match: re.Match[str]) -> str:
    sign = match[0]
    if sign in _SHORT:
        return "\\" + _SHORT[sign]
    code = ord(sign)
    if code <= 0xFF:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def _is_time(text: str) -> bool:
    """Whether the library reads a date or a time in it."""
    match = _TIME.fullmatch(text)
    if match is None:
        return False
    time = match[3] or match[4]
    try:
        datetime.strptime(match[1] + (f" {time}" if time else ""), "%Y-%m-%d" + (" %H:%M:%S" if time else ""))
    except ValueError:
        return False
    return True
