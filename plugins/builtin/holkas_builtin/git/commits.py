"""Commits, read from git's own form of them. Source: git documentation, "gitformat-commit", and the raw format."""

from __future__ import annotations

import re

from holkas.model.revision import Person, Revision

_PERSON = re.compile(rb"(?P<name>.*?) ?<(?P<email>[^<>]*)> ?(?P<time>-?\d+)?.*", re.DOTALL)


def parse_commit(repository: str, identity: str, raw: bytes, ref: str = "") -> Revision:
    """The revision that a raw commit object is. What is malformed in it is left empty: history cannot be mended."""
    head, _, message = raw.partition(b"\n\n")
    parents: list[str] = []
    author, committed, encoding = Person(name=""), 0.0, "utf-8"
    for line in head.split(b"\n"):
        key, _, value = line.partition(b" ")
        if key == b"parent":
            parents.append(value.decode("ascii", "replace"))
        elif key == b"encoding":
            encoding = value.decode("ascii", "replace")
    for line in head.split(b"\n"):
        key, _, value = line.partition(b" ")
        match = _PERSON.fullmatch(value)
        if match is None:
            continue
        if key == b"author":
            author = Person(name=_text(match["name"], encoding), email=_text(match["email"], encoding))
        elif key == b"committer":
            committed = float(match["time"] or 0)
    return Revision(
        repository=repository,
        id=identity,
        ref=ref,
        parents=tuple(parents),
        author=author,
        time=committed,
        message=_text(message, encoding).rstrip("\n"),
    )


def _text(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (LookupError, UnicodeDecodeError):
        return data.decode("utf-8", "replace")
