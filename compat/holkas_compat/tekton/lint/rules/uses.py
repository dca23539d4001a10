"""Which variables a part of a document refers to: gathered once, asked by many rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from holkas.model.path import PathPart
from holkas.pipeline.references import Reference, references_in
from holkas.records import dataclass

_WITH_TEXTS = (str, dict, list)
_NOT_SUBSTITUTED = frozenset(("description",))


@dataclass(frozen=True, slots=True)
class Use:
    """One reference and the place of the text in which it stands."""

    reference: Reference
    path: tuple[PathPart, ...]


def uses_in(value: Any, path: tuple[PathPart, ...], without: frozenset[str] = frozenset()) -> list[Use]:
    """All references in the texts of a value, keys left out; ``without`` names fields of its top that are not asked."""
    found: list[Use] = []
    for text, place in texts_in(value, path, without):
        if "$(" in text:
            found += [Use(reference, place) for reference in references_in(text)]
    return found


def texts_in(
    value: Any, path: tuple[PathPart, ...], without: frozenset[str] = frozenset()
) -> Iterator[tuple[str, tuple[PathPart, ...]]]:
    """Every text of a value with its place, descriptions left out."""
    stack: list[tuple[Any, tuple[PathPart, ...]]] = [(value, path)]
    top = True
    while stack:
        item, here = stack.pop()
        kind = type(item)
        if kind is str:
            yield item, here
        elif kind is dict:
            skipped = without | _NOT_SUBSTITUTED if top else _NOT_SUBSTITUTED
            stack += [
                (inner, (*here, key))
                for key, inner in reversed(item.items())
                if key not in skipped and type(inner) in _WITH_TEXTS
            ]
        elif kind is list:
            stack += [(item[index], (*here, index)) for index in range(len(item) - 1, -1, -1)]
        top = False


def results_read(uses: Iterable[Use], scopes: tuple[str, ...]) -> set[tuple[str, str]]:
    """Task (or step) and result of every reference to a result."""
    found: set[tuple[str, str]] = set()
    for use in uses:
        names = use.reference.names
        if use.reference.scope in scopes and len(names) >= 3 and names[1] == "results":
            found.update((names[0], ".".join(names[2:end])) for end in range(3, len(names) + 1))
    return found
