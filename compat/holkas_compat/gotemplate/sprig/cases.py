"""Spellings of names: camel, snake and kebab case. Source: sprig's documentation, "String Functions"."""

from __future__ import annotations

from collections.abc import Mapping
from unicodedata import category

from holkas_compat.gotemplate.function import Function, function
from holkas_compat.gotemplate.sprig.strings import SPACES, lower_sign, upper_sign

_JOINTS = frozenset("-_" + SPACES)
_FIRST_IDEOGRAM, _IDEOGRAMS = 0x3400, ((0x3400, 0x4DBF), (0x4E00, 0x9FCC))


def pascal(text: str) -> str:
    """``camelcase``: every word's first letter in upper case, the joints between words left out.

    A word that begins in upper case goes on in lower case as long as upper case follows.
    """
    begin = next((index for index, sign in enumerate(text) if sign not in _JOINTS), len(text))
    if begin == len(text):
        return text + text[-1:]  # so does sprig
    end = begin
    while end < len(text) and not (text[end] in _JOINTS and not text[end:].strip("".join(_JOINTS))):
        end += 1
    made = [text[:begin]]
    word: list[str] = []
    for index in range(begin, end):
        sign = text[index]
        if sign not in _JOINTS:
            word.append(sign)
            continue
        made.append(_word(word))
        word = []
        if text[index + 1] in _JOINTS:
            made.append(sign)
    return "".join([*made, _word(word), text[end:]])


def _word(word: list[str]) -> str:
    if not word:
        return ""
    made, shouting = [upper_sign(word[0])], is_upper(word[0])
    for sign in word[1:]:
        shouting = shouting and is_upper(sign)
        made.append(lower_sign(sign) if shouting else sign)
    return "".join(made)


def is_upper(sign: str) -> bool:
    """Whether a sign is a letter in upper case, as Unicode's category has it."""
    return category(sign) == "Lu"


def _kind(sign: str) -> str:
    kind = category(sign)
    if sign in _JOINTS:
        return "joint"
    if kind.startswith("P"):
        return "punctuation"
    if kind == "Lu":
        return "upper"
    if kind.startswith("L"):
        code = ord(sign)
        ideogram = any(first <= code <= last for first, last in _IDEOGRAMS)
        return "other" if code >= _FIRST_IDEOGRAM and ideogram else "lower"
    return "digit" if kind.startswith("N") else "other"


def _words(text: str) -> list[tuple[str, str]]:
    """Runs of one kind; of several letters in upper case before one in lower case, the last begins the next word."""
    found: list[tuple[str, str]] = []
    index = 0
    while index < len(text):
        kind, end = _kind(text[index]), index + 1
        while end < len(text) and _kind(text[end]) == kind:
            end += 1
        if kind == "upper" and end < len(text) and _kind(text[end]) == "lower":
            if end - index > 1:
                end -= 1
            else:
                while end < len(text) and _kind(text[end]) == "lower":
                    end += 1
        found.append((kind, text[index:end]))
        index = end
    return found


_ALONE = ("joint", "punctuation", "")
"""What has no joint put before it; empty: the end."""


def joined(text: str, joint: str) -> str:
    """The words in lower case with a joint between them, but none beside punctuation.

    A number belongs to the word before it, unless letters in lower case follow: then it begins a word.
    """
    words = [*_words(text), ("", "")]
    made: list[str] = []
    index = 0
    while words[index][0]:
        kind, word = words[index]
        index += 1
        if kind in ("joint", "punctuation"):
            made.append(joint * len(word) if kind == "joint" else word)
            continue
        made.append("".join(map(_lowered, word)) if kind == "upper" else word)
        if kind == "digit":
            index = _take(words, index, made)
        elif words[index][0] == "digit":
            if words[index + 1][0] == "lower":
                made += [joint, words[index][1]]
                index = _take(words, index + 1, made)
            else:
                made.append(words[index][1])
                index += 1
        if words[index][0] not in _ALONE:
            made.append(joint)
    return "".join(made)


def _lowered(sign: str) -> str:
    return lower_sign(sign) if is_upper(sign) else sign


def _take(words: list[tuple[str, str]], index: int, made: list[str]) -> int:
    """The letters in lower case and numbers that follow a number at once."""
    while words[index][0] in ("lower", "digit"):
        made.append(words[index][1])
        index += 1
    return index


CASES: Mapping[str, Function] = {
    "camelcase": function(pascal, "string"),
    "snakecase": function(lambda text: joined(text, "_"), "string"),
    "kebabcase": function(lambda text: joined(text, "-"), "string"),
}
"""Name → function."""
