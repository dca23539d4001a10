"""How a scalar is written so that every reader reads it back: Kubernetes', YAML 1.1's and YAML 1.2's."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from holkas.yaml.numbers import json_number
from holkas.yaml.scalars import WORDS, resolve_plain

# Indicators cannot begin a plain scalar (YAML 1.1 section 5.3); '-', '?' and ':' could, but only before a letter.
_PLAIN: Final = re.compile(
    r"(?!---|\.\.\.)(?:[^\s\-?:,\[\]{}#&*!|>'\"%@`=~]|-(?=[\w./$-]))(?:[^\s:#]|[ ](?=[^\s#])|:(?=[^\s])|(?<=\S)#)*"
)
_FLOW_INDICATOR = re.compile(r"[,\[\]{}?:]")
# Anything that some reader could take for a number: whole and decimal with underscores, any base, sexagesimal, dates.
_NUMBER_LIKE = re.compile(
    r"[-+]?\.?[0-9][0-9a-fA-F_xXoO]*\.?[0-9_]*(?:[eE][-+]?[0-9_]*)?"
    r"|[-+]?[._][0-9_.eE+-]*"
    r"|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"
    r"|[0-9]{4}-[0-9][0-9]?-[0-9][0-9]?(?:[Tt \t].*)?",
    re.ASCII,
)
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u2028\u2029\ufeff\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
LONGEST_SIMPLE_KEY: Final = 1000
"""Characters; parsers look for the colon of a simple key in the first 1024."""


def is_plain(text: str, *, flow: bool = False) -> bool:
    """Whether a string can stand without quotes. flow: inside brackets or braces."""
    return (
        _PLAIN.fullmatch(text) is not None
        and not _UNPRINTABLE.search(text)
        and not _SURROGATE.search(text)
        and text.lower() not in _WORDS
        and not _NUMBER_LIKE.fullmatch(text)
        and isinstance(resolve_plain(text), str)
        and not (flow and (_FLOW_INDICATOR.search(text) or text.startswith("-")))
    )


_WORDS: Final = frozenset(word.lower() for word in WORDS) | {"<<", "=", "nan", "inf", "none"}


def double_quoted(text: str) -> str:
    """A string in double quotes on one line. Raises ValueError for half a character (a lone surrogate)."""
    if _SURROGATE.search(text):
        raise ValueError("a string with a lone surrogate has no YAML form")
    return _UNPRINTABLE.sub(_escape, json.dumps(text, ensure_ascii=False))


def single_quoted(text: str) -> str | None:
    """A string in single quotes, None where that needs escapes."""
    if "\n" in text or "\r" in text or "\t" in text or _UNPRINTABLE.search(text) or _SURROGATE.search(text):
        return None
    return "'" + text.replace("'", "''") + "'"


def literal(text: str, indent: str, *, step: int | None = 2) -> str | None:
    """A string of several lines as a literal block whose lines begin with ``indent``, None where that is not safe.

    step: by how many columns ``indent`` exceeds the parent's, None if that is not known. The header's ``|`` is the
    first character, the last line has no line end.
    """
    body = text.rstrip("\n")
    if not body or "\r" in text or _UNPRINTABLE.search(text) or _SURROGATE.search(text):
        return None
    lines = body.split("\n")
    first = next(line for line in lines if line)
    if not first.strip() or not lines[-1].strip():
        return None
    led_by_blank = first[0] in " \t"
    if led_by_blank and step is None:
        return None
    ends = len(text) - len(body)
    header = f"|{step if led_by_blank else ''}{('-', '', '+')[min(ends, 2)]}"
    written = "\n".join(indent + line if line else "" for line in lines)
    return f"{header}\n{written}" + "\n" * max(ends - 1, 0)


def quoted(text: str) -> str:
    """A string in the quotes that need fewer escapes."""
    if '"' in text or "\\" in text:
        single = single_quoted(text) if "'" not in text else None
        if single is not None:
            return single
    return double_quoted(text)


def scalar(value: Any, *, flow: bool = False) -> str:
    """A scalar on one line. Raises TypeError for other values, ValueError for what JSON does not have."""
    if isinstance(value, str):
        text = str.__str__(value)
        return text if is_plain(text, flow=flow) else quoted(text)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        if not -(1 << 63) <= value < 1 << 64 and json_number(float(value)) != value:
            raise ValueError(f"{value} does not fit into 64 bits")
        return str(int(value))
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            raise ValueError("infinity and not-a-number have no JSON form")
        return _decimal(value)
    raise TypeError(f"{type(value).__name__} has no YAML form")


def _decimal(value: float) -> str:
    """A float with a dot, without which YAML 1.1 readers take ``1e+22`` for text."""
    mantissa, exponent, power = repr(float(value)).partition("e")
    return (mantissa if "." in mantissa else mantissa + ".0") + exponent + power


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
