"""Carries out the fixes that findings bring along, as small edits of the text, until there is nothing left to fix."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field

from holkas.cli.render.findings import Located
from holkas.model.edit import Edit, EditKind
from holkas.model.finding import Finding
from holkas.model.path import PathPart
from holkas.records import dataclass
from holkas.yaml import EditError, Source, YamlError, apply_edits

_MOST_ROUNDS = 25
"""Each round may bring up further findings; no document needs more than a few."""

Judge = Callable[[Sequence[Source]], list[Located]]


@dataclass(slots=True)
class Fixed:
    """What fixing made of the sources.

    items: the findings that are left. done: those that are gone. refused: those whose edits could not be made alone.
    """

    sources: list[Source]
    items: list[Located]
    done: list[Located] = field(default_factory=list)
    refused: list[Located] = field(default_factory=list)


def fix_all(sources: Sequence[Source], judge: Judge) -> Fixed:
    """Fix and judge again in turns."""
    result = Fixed(list(sources), judge(sources))
    refused: dict[tuple[object, ...], Located] = {}
    for _ in range(_MOST_ROUNDS):
        changed = False
        for number, source in enumerate(result.sources):
            new = _one_round(source, result.items, result, refused)
            changed = changed or new is not source
            result.sources[number] = new
        if not changed:
            break
        result.items = judge(result.sources)
    result.refused = list(refused.values())
    return result


def _one_round(
    source: Source, items: Sequence[Located], result: Fixed, refused: dict[tuple[object, ...], Located]
) -> Source:
    """Make the fixes of one source that do not stand in each other's way."""
    of_source = [item for item in items if item.finding.fix and item.finding.place.source == source.name]
    # From the end to the beginning, so that taking out an entry of a list moves none that is still to be edited.
    of_source.sort(key=lambda item: _order(item.finding), reverse=True)
    made: dict[int, list[Edit]] = {}
    done: list[Located] = []
    seen: set[tuple[object, ...]] = set()
    for item in of_source:
        finding = item.finding
        document = finding.place.document
        key = (source.name, document, finding.code, finding.place.path)
        same = (document, repr(finding.fix))
        earlier = made.setdefault(document, [])
        if key in refused or same in seen or any(_in_the_way(edit, earlier) for edit in finding.fix):
            continue
        seen.add(same)
        try:
            source = apply_edits(source, document, finding.fix)
        except (EditError, YamlError):
            refused[key] = item
            continue
        earlier += finding.fix
        done.append(item)
    result.done += reversed(done)
    return source


def _order(finding: Finding) -> tuple[int, list[tuple[bool, PathPart]]]:
    return finding.place.document, [(isinstance(part, str), part) for part in finding.fix[0].path]


def _in_the_way(edit: Edit, earlier: Sequence[Edit]) -> bool:
    """Whether an edit was thought of before an earlier one changed its value or moved its place."""
    for other in earlier:
        if other.kind is EditKind.REPLACE and other.path == edit.path:
            return True
        if other.kind is EditKind.REMOVE and _moved(edit.path, other.path):
            return True
    return False


def _moved(path: tuple[PathPart, ...], removed: tuple[PathPart, ...]) -> bool:
    """Whether the entry that is gone was above the place, or before it in the same list."""
    depth = len(removed) - 1
    if path[:depth] != removed[:depth] or len(path) <= depth:
        return False
    part, last = path[depth], removed[depth]
    return part == last or (isinstance(last, int) and isinstance(part, int) and part > last)
