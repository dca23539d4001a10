"""Putting values in the place of ``$(…)`` references.

The rules are Tekton's (docs/variables.md): one pass from left to right, so that a value is never expanded
again; no escape (``$$(params.q)`` becomes ``$`` and the value); what is unknown stays as it is; nothing is
quoted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import Protocol, TypeVar

from holkas.model.value import Value
from holkas.records import dataclass

T_co = TypeVar("T_co", covariant=True)

_SCOPE_END = r"[.\[]"
_WHOLE = r"\$\(([_a-zA-Z0-9.-]+(?:\[(?:[0-9]+|\*)\])?)\)"


class Lookup(Protocol[T_co]):
    """What replacements are looked up in: a dict, or something that works values out on demand."""

    def get(self, key: str, /) -> T_co | None:
        """The value of the reference ``key`` (the text between ``$(`` and ``)``), or None."""


@dataclass(frozen=True, slots=True)
class Replacements:
    """Values by reference, without ``$(`` and ``)``.

    Keys are ``params.x``, ``params["x"]``, ``params.x[0]``, ``params.x.key`` … Whole arrays and objects stand
    without ``[*]``.
    """

    strings: Lookup[str] = field(default_factory=dict)
    arrays: Lookup[Sequence[str]] = field(default_factory=dict)
    objects: Lookup[Mapping[str, str]] = field(default_factory=dict)


def substitute(text: str, replacements: Replacements) -> str:
    """The text with every known string reference replaced; the very same text where there is none."""
    if "$(" not in text:
        return text
    first, *rest = text.split("$(")
    lookup = replacements.strings.get
    parts = [first]
    changed = False
    for piece in rest:
        key, closed, after = piece.partition(")")
        value = lookup(key) if closed else None
        if value is None:
            parts.append("$(")
            parts.append(piece)
        else:
            parts.append(value)
            parts.append(after)
            changed = True
    return "".join(parts) if changed else text


class _Spy:
    """A lookup that knows nothing and remembers what it was asked for."""

    __slots__ = ("scopes",)

    def __init__(self) -> None:
        self.scopes: set[str] = set()

    def get(self, key: str, /) -> None:
        self.scopes.add(re.split(_SCOPE_END, key, maxsplit=1)[0])


def scopes_mentioned(run: Callable[[Replacements], object]) -> frozenset[str]:
    """The first words (``params``, ``context`` …) of the references that ``run`` looks up when it is called.

    One such round over a task tells which rounds of substitution can be left out.
    """
    spy = _Spy()
    run(Replacements(spy, spy, spy))
    return frozenset(spy.scopes)


def whole_array(text: str, replacements: Replacements) -> Sequence[str] | None:
    """The array that the text refers to, if it is ``$(params.a)`` or ``$(params.a[*])`` and nothing else."""
    if not (text.startswith("$(") and text.endswith(")")):
        return None
    key = text[2:-1]
    array = replacements.arrays.get(key)
    if array is None and key.endswith("[*]"):
        array = replacements.arrays.get(key[:-3])
    return array


def substitute_list(items: Sequence[str], replacements: Replacements) -> list[str]:
    """The items with their references replaced; an item that is a whole array becomes the array's items."""
    out: list[str] = []
    for item in items:
        if "$(" not in item:
            out.append(item)
            continue
        array = whole_array(item, replacements)
        if array is None:
            out.append(substitute(item, replacements))
        else:
            out.extend(array)
    return out


def substitute_value(value: Value, replacements: Replacements) -> Value:
    """The value of a param or result with its references replaced.

    A string that is one whole reference to an array or object becomes that array or object. As in Tekton this
    is not done for the bracket notation (``$(params["x"][*])`` stays a string). An object's keys are left
    alone.
    """
    if isinstance(value, str):
        return _substitute_string_value(value, replacements)
    if isinstance(value, Mapping):
        texts = {key: substitute(item, replacements) for key, item in value.items()}
        return texts if any(texts[key] is not value[key] for key in texts) else value
    if not any("$(" in item for item in value):
        return value
    items = substitute_list(value, replacements)
    return tuple(items) if items != list(value) else value


def _substitute_string_value(text: str, replacements: Replacements) -> Value:
    if "$(" not in text:
        return text
    if whole := re.fullmatch(_WHOLE, text):
        key = whole[1].removesuffix("[*]")
        obj = replacements.objects.get(key)
        if obj is not None:
            return obj
        array = replacements.arrays.get(key)
        if array is not None:
            return tuple(array)
    return substitute(text, replacements)
