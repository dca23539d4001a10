"""The order in which Go's YAML library writes the keys of a mapping.

Source: what go.yaml.in/yaml/v2 gives: signs before letters, and numbers in names by their size (``a9`` before ``a10``).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cmp_to_key
from unicodedata import category

_DIGIT = "Nd"


def natural(keys: Iterable[str]) -> list[str]:
    """The keys in that order."""
    return sorted(keys, key=cmp_to_key(_compared))


def _compared(one: str, two: str) -> int:
    at = next((index for index, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), None)
    if at is None:
        return len(one) - len(two)
    a, b = one[at], two[at]
    letters = category(a).startswith("L"), category(b).startswith("L")
    if letters == (True, True):
        return -1 if a < b else 1
    if any(letters):
        return 1 if letters[0] else -1
    # A zero inside a number that began before counts as a place of it.
    lead = int("0" in (a, b) and _inside_number(one[:at]))
    left, right = _number(one, at, lead), _number(two, at, lead)
    if left == right:
        return -1 if a < b else 1
    return -1 if left < right else 1


def _inside_number(lead: str) -> bool:
    for sign in reversed(lead):
        if category(sign) != _DIGIT:
            return False
        if sign != "0":
            return True
    return False


def _number(text: str, at: int, lead: int) -> tuple[int, int]:
    """The number that begins there, and how many digits it has."""
    value, end = lead, at
    while end < len(text) and category(text[end]) == _DIGIT:
        value = value * 10 + ord(text[end]) - ord("0")  # as the library counts digits of any script
        end += 1
    return value, end
