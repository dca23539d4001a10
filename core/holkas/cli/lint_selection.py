"""Which findings count: codes that the user chose, and comments in the files that say "not here"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field

from holkas.cli.errors import CommandError
from holkas.cli.render.findings import Located
from holkas.records import dataclass
from holkas.yaml import Source

_COMMENT = re.compile(r"#\s*holkas:\s*ignore(-file)?\[([^\]]*)\]")
_MARK = b"holkas:"
_CODE = re.compile(r"[A-Z]\d{0,3}|\d{1,3}")


@dataclass(frozen=True, slots=True)
class Selection:
    """Codes, or beginnings of codes (``T8``). select: only these, all where it is empty. ignore: not these."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def takes(self, code: str) -> bool:
        """Whether findings of a code count. The longer of two beginnings decides: ``--ignore T8 --select T801``."""
        chosen = max((len(prefix) for prefix in self.select if code.startswith(prefix)), default=-1)
        against = max((len(prefix) for prefix in self.ignore if code.startswith(prefix)), default=-1)
        if against >= 0:
            return chosen > against
        return chosen >= 0 or not self.select


def codes_in(words: Iterable[str]) -> tuple[str, ...]:
    """Codes and beginnings of codes, given one by one or with commas. Raises CommandError for anything else."""
    found = []
    for word in words:
        for code in word.replace(",", " ").split():
            if not _CODE.fullmatch(code.upper()):
                raise CommandError(
                    f"{code} is no code", hint="codes are like T608; T8 stands for all that begin so"
                )
            found.append(code.upper())
    return tuple(found)


@dataclass(slots=True)
class _Comments:
    """The comments of one file: codes by line, from 1, and those for the whole file."""

    lines: list[str]
    by_line: dict[int, tuple[str, ...]] = field(default_factory=dict)
    everywhere: tuple[str, ...] = ()

    def ignores(self, code: str, line: int) -> bool:
        """Whether a comment on the line, on comment lines right above it or for the file names the code."""
        if code.startswith(self.everywhere):
            return True
        while True:
            if code.startswith(self.by_line.get(line, ())):
                return True
            line -= 1
            if line < 1 or not self.lines[line - 1].lstrip().startswith("#"):
                return False


def _comments(source: Source) -> _Comments | None:
    if _MARK not in source.data and b"\0" not in source.data:
        return None
    from holkas.yaml import YamlError
    from holkas.yaml.text import decode

    try:
        text = decode(source.data, source.name)
    except YamlError:
        return None
    found = _Comments(re.split("\r\n|\n|\r", text))
    for number, line in enumerate(found.lines, 1):
        for match in _COMMENT.finditer(line):
            codes = tuple(code.upper() for code in match[2].replace(",", " ").split())
            if match[1]:
                found.everywhere += codes
            else:
                found.by_line[number] = found.by_line.get(number, ()) + codes
    return found


def not_ignored(items: Sequence[Located], sources: Mapping[str, Source]) -> list[Located]:
    """The findings that no comment of their file asks to leave out."""
    known: dict[str, _Comments | None] = {}
    kept = []
    for item in items:
        name = item.finding.place.source
        if name not in known:
            known[name] = _comments(sources[name]) if name in sources else None
        comments = known[name]
        line = item.position.line if item.position is not None else 1
        if comments is None or not comments.ignores(item.finding.code, line):
            kept.append(item)
    return kept
