"""Spellings of names: camel, snake and kebab case. Source: sprig's documentation, "String Functions"."""

from __future__ import annotations

from collections.abc import Mapping

from holkas_compat.gotemplate.function import Function, function

_JOINTS = frozenset("_- ")


def pascal(text: str) -> str:
    """``camelcase``: every word's first letter in upper case, the joints between words left out."""
    if not text:
        return ""
    begin = 0
    while begin < len(text) and _joint(text[begin]):
        begin += 1
    if begin == len(text):
        return text
    made, upper = [text[:begin]], True
    index = begin
    while index < len(text):
        sign = text[index]
        if _joint(sign):
            end = index
            while end < len(text) and _joint(text[end]):
                end += 1
            if end == len(text):
                made.append(text[index:])
            upper, index = True, end
            continue
        made.append(sign.upper() if upper else sign.lower())
        upper = False
        index += 1
    return "".join(made)


def _joint(sign: str) -> bool:
    return sign in _JOINTS or sign.isspace()


def _kind(sign: str) -> str:
    if sign.isupper() or sign.istitle():
        return "upper"
    if sign.isdecimal():
        return "digit"
    if _joint(sign):
        return "joint"
    return "lower" if sign.isalpha() else "other"


def joined(text: str, joint: str) -> str:
    """The words in lower case with a joint between them."""
    made: list[str] = []
    for index, sign in enumerate(text):
        kind = _kind(sign)
        before = _kind(text[index - 1]) if index else ""
        after = _kind(text[index + 1]) if index + 1 < len(text) else ""
        if kind == "joint":
            made.append(joint)
            continue
        begins = kind == "upper" and (before in ("lower", "digit", "other") or (before == "upper" and after == "lower"))
        begins = begins or (kind == "digit" and before in ("lower", "upper", "other") and False)
        if begins and made and made[-1] != joint:
            made.append(joint)
        made.append(sign.lower())
    return "".join(made)


CASES: Mapping[str, Function] = {
    "camelcase": function(pascal, "string"),
    "snakecase": function(lambda text: joined(text, "_"), "string"),
    "kebabcase": function(lambda text: joined(text, "-"), "string"),
}
"""Name → function."""
