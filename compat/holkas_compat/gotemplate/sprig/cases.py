"""Spellings of names: camel, snake and kebab case. Source: sprig's documentation, "String Functions"."""

from __future__ import annotations

import re
from collections.abc import Mapping

from holkas_compat.gotemplate.function import Function, function

_JOINT = re.compile(r"[-_\s]+")


def pascal(text: str) -> str:
    """``camelcase``: every word's first letter in upper case, the joints between words left out.

    A word that begins in upper case goes on in lower case as long as upper case follows.
    """
    lead = _JOINT.match(text)
    begin = lead.end() if lead else 0
    if begin == len(text):
        return text + text[-1:]  # so does sprig
    made = [text[:begin]]
    rest = text[begin:]
    tail = re.search(r"[-_\s]+\Z", rest)
    position = 0
    for joint in _JOINT.finditer(rest, 0, tail.start() if tail else len(rest)):
        made += [_word(rest[position : joint.start()]), joint[0][:-1]]
        position = joint.end()
    made.append(_word(rest[position : tail.start()] if tail else rest[position:]))
    return "".join(made) + (tail[0] if tail else "")


def _word(word: str) -> str:
    made, shouting = [word[:1].upper()], word[:1].isupper()
    for sign in word[1:]:
        if shouting and not sign.isupper():
            shouting = False
        made.append(sign.lower() if shouting else sign)
    return "".join(made)


def _kind(sign: str) -> str:
    if sign.isupper():
        return "upper"
    if sign.isnumeric():
        return "digit"
    if sign in "-_" or sign.isspace():
        return "joint"
    return "lower" if sign.isalpha() else "other"


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


def joined(text: str, joint: str) -> str:
    """The words in lower case with a joint between them.

    A number belongs to the word before it, unless letters in lower case follow: then it begins a word.
    """
    words = _words(text)
    made: list[str] = []
    index = 0
    glued = True
    while index < len(words):
        kind, word = words[index]
        if kind == "joint":
            made.append(joint * len(word))
            index, glued = index + 1, True
            continue
        if kind == "other":
            made.append(word)
            index, glued = index + 1, True
            continue
        if not glued:
            made.append(joint)
        made.append(word.lower())
        index += 1
        if kind == "digit":
            index = _take(words, index, made)
        elif index < len(words) and words[index][0] == "digit":
            if index + 1 < len(words) and words[index + 1][0] == "lower":
                made += [joint, words[index][1]]
                index = _take(words, index + 1, made)
            else:
                made.append(words[index][1])
                index += 1
        glued = False
    return "".join(made)


def _take(words: list[tuple[str, str]], index: int, made: list[str]) -> int:
    """The letters in lower case and numbers that follow a number at once."""
    while index < len(words) and words[index][0] in ("lower", "digit"):
        made.append(words[index][1])
        index += 1
    return index


CASES: Mapping[str, Function] = {
    "camelcase": function(pascal, "string"),
    "snakecase": function(lambda text: joined(text, "_"), "string"),
    "kebabcase": function(lambda text: joined(text, "-"), "string"),
}
"""Name → function."""
