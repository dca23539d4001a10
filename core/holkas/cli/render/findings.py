"""Findings for people: what, where, the line with a caret, a hint."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from holkas.cli.render.hiding import Hider
from holkas.cli.render.printable import printable
from holkas.cli.render.table import width
from holkas.model.finding import Finding
from holkas.records import dataclass
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
    positions: dict[int, Position] = {}
    for name, indexes in of_source.items():
        if (source := known[name]) is not None:
            positions |= zip(
                indexes, locate_each(source, [findings[index].place for index in indexes]), strict=True
            )
    words = [text for finding in findings for text in (finding.message, finding.hint)]
    hider.narrow([*words, *(position.excerpt for position in positions.values())])
    located = []
    for index, finding in enumerate(findings):
        source, position = known[finding.place.source], positions.get(index)
        shown = None if position is None or source is None else hider.position(position, source)
        located.append(Located(hider.finding(finding), shown))
    return located


def _read(name: str) -> Source | None:
    path = Path(name)
    try:
        return Source.read(path) if path.is_file() else None
    except OSError:
        return None


def render_text(findings: Iterable[Finding], *, sources: Sequence[Source] = ()) -> str:
    """All findings, a blank line between them."""
    return "\n\n".join(map(render_item, locate_all(findings, sources)))


def render_item(item: Located) -> str:
    """One finding, without a line end behind it."""
    finding, position = item.finding, item.position
    lines = [f"{finding.severity.value}[{finding.code}]: {printable(finding.message)}"]
    margin = " " if position is None else " " * len(str(position.line))
    if position is not None:
        lines += _excerpt(finding, position, margin)
    else:
        lines.append(f"{margin}--> {printable(finding.place.source)}")
        if finding.hint:
            lines.append(f"{margin} = hint: {printable(finding.hint)}")
    lines.append(f"{margin} = help: holkas explain {finding.code}")
    return "\n".join(lines)


WIDEST = 160
"""Columns of an excerpt; a longer line is cut around what is underlined."""


def _excerpt(finding: Finding, position: Position, margin: str) -> list[str]:
    start = position.column - 1
    text = position.excerpt
    cut = max(0, start - WIDEST // 2) if len(text) > WIDEST else 0
    before, meant = _shown(text[cut:start]), _shown(text[start : min(start + position.length, cut + WIDEST)])
    after = _shown(text[start + position.length : cut + WIDEST])
    hint = f" {printable(finding.hint)}" if finding.hint else ""
    return [
        f"{margin}--> {printable(finding.place.source)}:{position.line}:{position.column}",
        f"{position.line} | {before}{meant}{after}",
        f"{margin} | {' ' * width(before)}{'^' * max(1, width(meant))}{hint}",
    ]


def _shown(text: str) -> str:
    return printable(text.replace("\t", " "))
