"""Findings for people: what, where, the line with a caret, a hint."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from holkas.cli.render.hiding import Hider
from holkas.cli.render.printable import printable
from holkas.model.finding import Finding
from holkas.yaml import Position, Source, locate_each


@dataclass(frozen=True, slots=True)
class Located:
    """A finding with the position that was found for it; None where its source cannot be read again."""

    finding: Finding
    position: Position | None


def locate_all(findings: Iterable[Finding], sources: Sequence[Source] = ()) -> list[Located]:
    """Look up the positions. Sources that are not given are read from disk by their name.

    Values of Secret documents in these sources are blotted out of messages, hints and excerpts.
    """
    findings = list(findings)
    known: dict[str, Source | None] = {source.name: source for source in sources}
    for name in {finding.place.source for finding in findings} - set(known):
        known[name] = _read(name)
    hider = Hider(source for source in known.values() if source is not None)
    of_source: dict[str, list[int]] = {}
    for index, finding in enumerate(findings):
        of_source.setdefault(finding.place.source, []).append(index)
    located: dict[int, Located] = {}
    for name, indexes in of_source.items():
        source = known[name]
        places = [findings[index].place for index in indexes]
        positions = [None] * len(places) if source is None else locate_each(source, places)
        for index, position in zip(indexes, positions, strict=True):
            shown = None if position is None or source is None else hider.position(position, source)
            located[index] = Located(hider.finding(findings[index]), shown)
    return [located[index] for index in range(len(findings))]


def _read(name: str) -> Source | None:
    path = Path(name)
    try:
        return Source.read(path) if path.is_file() else None
    except OSError:
        return None


def render_text(findings: Iterable[Finding], *, sources: Sequence[Source] = ()) -> str:
    """All findings, a blank line between them."""
    return "\n\n".join(_render(item) for item in locate_all(findings, sources))


def _render(item: Located) -> str:
    finding, position = item.finding, item.position
    lines = [f"{finding.severity.value}[{finding.code}]: {printable(finding.message)}"]
    if position is None:
        lines.append(f"  --> {finding.place.source}")
        if finding.hint:
            lines.append(f"  = hint: {printable(finding.hint)}")
    else:
        lines += _excerpt(finding, position)
    margin = " " * len(str(position.line)) if position is not None else " "
    lines.append(f"{margin} = help: holkas explain {finding.code}")
    return "\n".join(lines)


WIDEST = 160
"""Columns of an excerpt; a longer line is cut around what is underlined."""


def _excerpt(finding: Finding, position: Position) -> list[str]:
    number = str(position.line)
    start = position.column - 1
    text = position.excerpt.replace("\t", " ")
    cut = max(0, start - WIDEST // 2) if len(text) > WIDEST else 0
    shown = text[cut : cut + WIDEST]
    length = max(1, min(position.length, len(shown) - (start - cut)))
    hint = f" {printable(finding.hint)}" if finding.hint else ""
    margin = " " * len(number)
    return [
        f"{margin} --> {finding.place.source}:{position.line}:{position.column}",
        f"{number} | {printable(shown)}",
        f"{margin} | {' ' * (start - cut)}{'^' * length}{hint}",
    ]
