"""The rules of a kind: read from the YAML files of this package when a custom kind is first judged.

A file is a list of families::

    - for: [cert-manager.io/Issuer, cert-manager.io/ClusterIssuer]   # group/kind; * for any
      health:
        - unobserved                  # rules that shapes.yaml has under this name
        - - Ready=False -> Degraded   # a list: tried with each condition in turn
          - Invalid=True -> Degraded
        - else -> Progressing Waiting for the issuer

An exact group and kind comes before wildcards, a wildcard with more text before one with less.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache, partial
from importlib.resources import files
from typing import Any

from holkas.gitops.health.rules.language import Line, RuleError, first_of, parse_line
from holkas.model.health import Health
from holkas.records import dataclass

Ruling = Callable[[Mapping[str, Any]], Health | None]

_SHAPES = "shapes.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """Lines of rules by ``group/kind``: exact ones, and wildcards from the most to the least text."""

    exact: Mapping[str, tuple[Line, ...]]
    wildcards: tuple[tuple[re.Pattern[str], tuple[Line, ...]], ...]
    shapes: Mapping[str, tuple[Line, ...]]

    def lines(self, group: str, kind: str) -> tuple[Line, ...]:
        """The rules of a kind as text (lists for those tried in turn); empty where there are none."""
        name = f"{group}/{kind}"
        found = self.exact.get(name, ())
        if not found:
            found = next((lines for pattern, lines in self.wildcards if pattern.fullmatch(name)), ())
        return tuple(self._expanded(found))

    def _expanded(self, lines: Iterable[Line]) -> Iterator[Line]:
        for line in lines:
            if not isinstance(line, str):
                yield tuple(self._expanded(line))
            elif " -> " in line or line.startswith("each "):
                yield line
            elif line in self.shapes:
                yield from self._expanded(self.shapes[line])
            else:
                raise RuleError(f"{line!r} is neither a rule nor the name of a shape")


def ruling(group: str, kind: str) -> Ruling | None:
    """What judges manifests of a kind, or None where no rule speaks of it."""
    return _ruling(group, kind)


@lru_cache(maxsize=4096)
def _ruling(group: str, kind: str) -> Ruling | None:
    lines = builtin_catalog().lines(group, kind)
    if not lines:
        return None
    return partial(first_of, [parse_line(line) for line in lines])


@lru_cache(maxsize=1)
def builtin_catalog() -> Catalog:
    """The rules that come with holkas."""
    from holkas.yaml import load

    folder = files(__package__)
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    texts = {name: folder.joinpath(name).read_text(encoding="utf-8") for name in names}
    shapes = load(texts.pop(_SHAPES))
    return make_catalog([family for text in texts.values() for family in load(text)], shapes)


def make_catalog(families: list[dict[str, Any]], shapes: Mapping[str, list[Line]]) -> Catalog:
    """A catalog of families as the files hold them. Raises RuleError for a kind that two families claim."""
    exact: dict[str, tuple[Line, ...]] = {}
    wild: dict[str, tuple[Line, ...]] = {}
    for family in families:
        for name in family["for"]:
            place = wild if "*" in name else exact
            if name in place:
                raise RuleError(f"two families of health rules claim {name}")
            place[name] = tuple(family["health"])
    patterns = tuple(
        (re.compile(re.escape(name).replace(r"\*", ".*")), wild[name])
        for name in sorted(wild, key=lambda name: (-len(name.replace("*", "")), name))
    )
    return Catalog(
        exact=exact, wildcards=patterns, shapes={name: tuple(lines) for name, lines in shapes.items()}
    )
