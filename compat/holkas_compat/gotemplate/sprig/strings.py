"""Texts. Source: sprig's documentation, "String Functions"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from unicodedata import category

from holkas_compat.gotemplate.errors import FunctionError, LimitError
from holkas_compat.gotemplate.formatting import shown
from holkas_compat.gotemplate.function import Function, function
from holkas_compat.gotemplate.limits import LARGEST_TEXT, MOST_ITEMS
from holkas_compat.gotemplate.quoting import quoted
from holkas_compat.gotemplate.sprig.casting import to_text, to_texts
from holkas_compat.gotemplate.values import StringList, StringMap

SPACES = (
    "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
)
"""What Go's unicode.IsSpace accepts."""


def octets(text: str) -> bytes:
    """Go's view of a text."""
    return text.encode("utf-8", "surrogateescape")


def from_octets(data: bytes) -> str:
    """Back again; a letter cut in two stays two halves."""
    return data.decode("utf-8", "surrogateescape")


def bounded(size: int) -> None:
    """Raises LimitError for a text that would be too long."""
    if size > LARGEST_TEXT:
        raise LimitError("a text is too long")


def repeat(count: int, text: str) -> str:
    """The text so many times."""
    if count < 0:
        raise FunctionError("strings: negative Repeat count")
    bounded(count * len(text))
    return text * count


def trunc(count: int, text: str) -> str:
    """The first octets, or the last ones for a negative count."""
    data = octets(text)
    if count < 0 < len(data) + count:
        return from_octets(data[count:])
    return from_octets(data[:count]) if 0 <= count < len(data) else text


def substring(start: int, end: int, text: str) -> str:
    """The octets from start to before end."""
    data = octets(text)
    if start < 0:
        if not 0 <= end <= len(data):
            raise FunctionError(f"runtime error: slice bounds out of range [:{end}] with length {len(data)}")
        return from_octets(data[:end])
    stop = len(data) if end < 0 or end > len(data) else end
    if start > stop:
        raise FunctionError(f"runtime error: slice bounds out of range [{start}:{stop}]")
    return from_octets(data[start:stop])


def title(text: str) -> str:
    """Every word's first letter in its title form."""
    made, inside = [], False
    for sign in text:
        made.append(sign if inside else _title_sign(sign))
        letter = sign.isalpha() or sign.isdecimal() or sign == "_" or (sign == "'" and False)
        inside = letter if ord(sign) < 128 else sign.isalpha() or sign.isdecimal() or sign not in SPACES
        if sign in "'":
            inside = False
    return "".join(made)


def _title_sign(sign: str) -> str:
    upper = sign.title()
    return upper if len(upper) == 1 else sign


def untitle(text: str) -> str:
    """Every word's first letter in lower case."""
    made, first = [], True
    for sign in text:
        if sign in SPACES:
            first = True
            made.append(sign)
        else:
            made.append(lower_sign(sign) if first else sign)
            first = False
    return "".join(made)


def indent(spaces: int, text: str) -> str:
    """Every line moved to the right."""
    if spaces < 0:
        raise FunctionError("strings: negative Repeat count")
    bounded(spaces * (text.count("\n") + 1) + len(text))
    pad = " " * spaces
    return pad + text.replace("\n", "\n" + pad)


def quote(*values: Any) -> str:
    """Each value in double quotes, nil left out."""
    return " ".join(quoted(to_text(value)) for value in values if value is not None)


def squote(*values: Any) -> str:
    """Each value in single quotes, nil left out."""
    return " ".join(f"'{shown(value)}'" for value in values if value is not None)


def cat(*values: Any) -> str:
    """The values with blanks between them, nil left out."""
    return " ".join(shown(value) for value in values if value is not None)


def replace(old: str, new: str, text: str) -> str:
    """Every occurrence replaced."""
    bounded(len(text) + text.count(old) * len(new))
    return text.replace(old, new)


def _split(text: str, separator: str, count: int = -1) -> list[str]:
    if count == 0:
        return []
    if not separator:
        parts = list(text)
        if 0 < count < len(parts):
            parts = [*parts[: count - 1], "".join(parts[count - 1 :])]
        return parts
    return text.split(separator, count - 1 if count > 0 else -1)


def split(separator: str, text: str) -> StringMap:
    """The parts under ``_0``, ``_1`` …"""
    return StringMap((f"_{index}", part) for index, part in enumerate(_split(text, separator)))


def splitn(separator: str, count: int, text: str) -> StringMap:
    """At most so many parts."""
    return StringMap((f"_{index}", part) for index, part in enumerate(_split(text, separator, count)))


def split_list(separator: str, text: str) -> StringList:
    """The parts as a list."""
    parts = _split(text, separator)
    if len(parts) > MOST_ITEMS:
        raise LimitError("a list is too long")
    return StringList(parts)


def join(separator: str, value: Any) -> str:
    """A list's texts with a separator between them."""
    parts = to_texts(value)
    bounded(sum(map(len, parts)) + len(separator) * len(parts))
    return separator.join(parts)


def abbrev(width: int, text: str) -> str:
    """Shortened with an ellipsis."""
    return abbrev_both(-1, width, text) if width >= 4 else text


def abbrev_both(offset: int, width: int, text: str) -> str:
    """Shortened at both ends; the first is an offset at which what stays begins."""
    if offset != -1 and (width < 4 or (offset > 0 and width < 7)):
        return text
    offset = max(offset, 0)
    data = octets(text)
    length = len(data)
    if length <= width:
        return text
    offset = min(offset, length)
    if length - offset < width - 3:
        offset = length - (width - 3)
    if offset <= 4:
        return from_octets(data[: width - 3]) + "..."
    if width < 7:
        return ""
    if offset + (width - 3) < length:
        return "..." + abbrev(width - 3, from_octets(data[offset:]))
    return "..." + from_octets(data[length - (width - 3) :])


def _octet_signs(text: str) -> str:
    """Every octet as a sign of its own, which is what sprig's library makes of texts here and there."""
    return octets(text).decode("latin-1")


def initials(text: str) -> str:
    """Every word's first octet, as a sign."""
    signs = _octet_signs(text)
    return "".join(
        sign
        for index, sign in enumerate(signs)
        if sign not in SPACES and (not index or signs[index - 1] in SPACES)
    )


def nospace(text: str) -> str:
    """The octets that are no blanks, as signs; a text without blanks as it is."""
    signs = _octet_signs(text)
    kept = "".join(sign for sign in signs if sign not in SPACES)
    return kept if len(kept) < len(signs) else text


def lower(text: str) -> str:
    """Every letter by itself in lower case, whatever is around it."""
    return text.lower() if text.isascii() else "".join(map(lower_sign, text))


def upper(text: str) -> str:
    """Every letter by itself in upper case; one that would become several stays."""
    return text.upper() if text.isascii() else "".join(map(upper_sign, text))


def lower_sign(sign: str) -> str:
    """The one sign that is this letter's lower case."""
    return sign.lower()[:1]


def upper_sign(sign: str) -> str:
    """The one sign that is this letter's upper case, if there is one."""
    made = sign.upper()
    return made if len(made) == 1 else _title_sign(sign)


def swapcase(text: str) -> str:
    """Upper case to lower case, and lower case to upper (at the beginning of words to title case)."""
    made, blank = [], True
    for sign in text:
        if category(sign) in ("Lu", "Lt"):
            made.append(lower_sign(sign))
            blank = False
        elif category(sign) == "Ll":
            made.append(_title_sign(sign) if blank else upper_sign(sign))
            blank = False
        else:
            blank = sign in SPACES
            made.append(sign)
    return "".join(made)


def wrap(width: int, text: str) -> str:
    """Broken at blanks, long words left whole."""
    return _wrapped(text, width, "\n", False)


def wrap_with(width: int, line_break: str, text: str) -> str:
    """Broken with another text than a new line, long words too."""
    return _wrapped(text, width, line_break, True)


def _wrapped(text: str, width: int, line_break: str, long_words: bool) -> str:
    line_break = line_break or "\n"
    width = max(width, 1)
    data, at, made = octets(text), 0, [b""][:0]
    bounded(len(data) + len(data) // width * len(line_break))
    broken = line_break.encode()
    while len(data) - at > width:
        if data[at : at + 1] == b" ":
            at += 1
            continue
        space = data.rfind(b" ", 0, width + at + 1)
        if space >= at:
            made += [data[at:space], broken]
            at = space + 1
        elif long_words:
            made += [data[at : at + width], broken]
            at += width
        else:
            space = data.find(b" ", width + at)
            if space < 0:
                made.append(data[at:])
                at = len(data)
            else:
                made += [data[at:space], broken]
                at = space + 1
    return from_octets(b"".join([*made, data[at:]]))


STRINGS: Mapping[str, Function] = {
    "abbrev": function(abbrev, "int string"),
    "abbrevboth": function(
        lambda left, right, text: abbrev_both(max(left, 0), right, text), "int int string"
    ),
    "cat": function(cat, "any..."),
    "contains": function(lambda part, text: part in text, "string string"),
    "hasPrefix": function(lambda part, text: text.startswith(part), "string string"),
    "hasSuffix": function(lambda part, text: text.endswith(part), "string string"),
    "hello": function(lambda: "Hello!"),
    "indent": function(indent, "int string"),
    "initials": function(initials, "string"),
    "join": function(join, "string any"),
    "lower": function(lower, "string"),
    "nindent": function(lambda spaces, text: "\n" + indent(spaces, text), "int string"),
    "nospace": function(nospace, "string"),
    "plural": function(lambda one, many, count: one if count == 1 else many, "string string int"),
    "quote": function(quote, "any..."),
    "repeat": function(repeat, "int string"),
    "replace": function(replace, "string string string"),
    "split": function(split, "string string"),
    "splitList": function(split_list, "string string"),
    "splitn": function(splitn, "string int string"),
    "squote": function(squote, "any..."),
    "substr": function(substring, "int int string"),
    "swapcase": function(swapcase, "string"),
    "title": function(title, "string"),
    "toString": function(to_text, "any"),
    "toStrings": function(lambda value: StringList(to_texts(value)), "any"),
    "trim": function(lambda text: text.strip(SPACES), "string"),
    "trimAll": function(lambda signs, text: text.strip(signs) if signs else text, "string string"),
    "trimall": function(lambda signs, text: text.strip(signs) if signs else text, "string string"),
    "trimPrefix": function(lambda part, text: text.removeprefix(part), "string string"),
    "trimSuffix": function(lambda part, text: text.removesuffix(part), "string string"),
    "trunc": function(trunc, "int string"),
    "untitle": function(untitle, "string"),
    "upper": function(upper, "string"),
    "wrap": function(wrap, "int string"),
    "wrapWith": function(wrap_with, "int string string"),
}
"""Name → function."""
