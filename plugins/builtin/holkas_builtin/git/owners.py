"""CODEOWNERS files. Sources: GitHub Docs, "About code owners"; GitLab Docs, "Code Owners" (sections)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
"""Where the file may be; the first that exists counts."""

_SECTION = re.compile(r"\^?\[(?P<name>[^\]]+)\](?:\[\d+\])?(?:\s+(?P<owners>.*))?")
_WORD = re.compile(r"(?:\\.|[^\s\\])+")

Rule = tuple[re.Pattern[str], tuple[str, ...]]


def owners_of(text: str, paths: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Path → its owners, for those that have some. In each section the last rule that matches counts."""
    sections = _sections(text)
    found: dict[str, tuple[str, ...]] = {}
    for path in paths:
        owners: dict[str, None] = {}
        for rules in sections:
            for pattern, names in reversed(rules):
                if pattern.fullmatch(path):
                    owners.update(dict.fromkeys(names))
                    break
        if owners:
            found[path] = tuple(owners)
    return found


def _sections(text: str) -> Sequence[list[Rule]]:
    """The rules of the file, a list a section; sections of one name (in any case) are one."""
    sections: dict[str, list[Rule]] = {"": []}
    name, default = "", ()  # type: tuple[str, tuple[str, ...]]
    for line in text.splitlines():
        words = _words(line)
        if not words:
            continue
        if (match := _SECTION.fullmatch(line.strip())) and not words[0].startswith(("*", "/")):
            name, default = match["name"].lower(), tuple(_words(match["owners"] or ""))
            continue
        pattern, *owners = words
        sections.setdefault(name, []).append((_pattern(pattern), tuple(owners) or default))
    return list(sections.values())


def _words(line: str) -> list[str]:
    words = []
    for word in _WORD.findall(line):
        if word.startswith("#"):
            break
        words.append(word)
    return words


def _pattern(glob: str) -> re.Pattern[str]:
    """A gitignore pattern as an expression for whole paths. Source: gitignore(5), "PATTERN FORMAT"."""
    anchored = "/" in glob.rstrip("/")
    directory = glob.endswith("/")
    body = glob.strip("/")
    out = "" if anchored else "(?:.*/)?"
    place = 0
    while place < len(body):
        rest = body[place:]
        if rest.startswith("**/"):
            out, place = out + "(?:.*/)?", place + 3
        elif rest == "**":
            out, place = out + ".+", place + 2
        elif rest.startswith("**"):
            out, place = out + "[^/]*", place + 2
        elif rest[0] == "*":
            out, place = out + "[^/]*", place + 1
        elif rest[0] == "?":
            out, place = out + "[^/]", place + 1
        elif rest[0] == "\\" and len(rest) > 1:
            out, place = out + re.escape(rest[1]), place + 2
        else:
            out, place = out + re.escape(rest[0]), place + 1
    if directory:
        return re.compile(out + "/.*")
    last = body.rpartition("/")[2]
    # ``docs/*`` means the files of docs and not those deeper (GitHub's own example).
    deeper = "" if last == "*" and anchored else "(?:/.*)?"
    return re.compile(out + deeper)
