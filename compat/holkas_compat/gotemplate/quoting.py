"""Go's quoted texts: reading the literals of a template, writing ``%q``.

Source: Go's package strconv, Unquote and Quote.
"""

from __future__ import annotations

import re

_ESCAPE = re.compile(
    r"\\(?:([abfnrtv\\'\"])|x([0-9a-fA-F]{2})|([0-7]{3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.?))", re.DOTALL
)
_SHORT = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\"}
_WRITTEN = {value: "\\" + key for key, value in _SHORT.items()}


class BadLiteral(ValueError):
    """A literal that Go refuses."""


def unquoted(literal: str) -> str:
    """The value of a literal in double quotes, back quotes or (one character) single ones. Raises BadLiteral."""
    quote, body = literal[0], literal[1:-1]
    if quote == "`":
        return body.replace("\r", "")

    octets = False

    def value(match: re.Match[str]) -> str:
        nonlocal octets
        short, two, octal, four, eight, wrong = match.groups()
        if short:
            if short in "'\"" and short != quote:
                raise BadLiteral("invalid syntax")
            return _SHORT.get(short, short)
        if wrong is not None:
            raise BadLiteral("invalid syntax")
        number = int(octal, 8) if octal else int(two or four or eight, 16)
        if octal or two:
            if number > 255:
                raise BadLiteral("invalid syntax")
            if number > 127:  # one octet of UTF-8, put together below
                octets = True
                return chr(0xDC00 + number)
            return chr(number)
        if number > 0x10FFFF or 0xD800 <= number < 0xE000:
            raise BadLiteral("invalid syntax")
        return chr(number)

    text = _ESCAPE.sub(value, body)
    if octets:
        text = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return text


def quoted(text: str, quote: str = '"') -> str:
    """The text as ``%q`` writes it."""
    parts = [quote]
    for sign in text:
        if sign == quote or sign == "\\":
            parts.append("\\" + sign)
        elif sign in _WRITTEN:
            parts.append(_WRITTEN[sign])
        elif sign.isprintable():
            parts.append(sign)
        elif ord(sign) < 128:
            parts.append(f"\\x{ord(sign):02x}")
        elif ord(sign) < 0x10000:
            parts.append(f"\\u{ord(sign):04x}")
        else:
            parts.append(f"\\U{ord(sign):08x}")
    return "".join(parts) + quote
