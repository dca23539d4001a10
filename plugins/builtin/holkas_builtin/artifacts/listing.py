"""The listing of a tree, whose SHA-256 is the tree's digest: see :mod:`holkas.roles.content`."""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Iterable

from holkas.records import dataclass
from holkas.roles.errors import Corrupt

FILE, EXECUTABLE, LINK = b"100644", b"100755", b"120000"

_LINE = re.compile(rb"(100644|100755|120000) ([0-9a-f]{64}) (.+)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A file or link of a tree. ``digest``: 64 hexadecimal digits of the bytes, or of the link's text."""

    mode: bytes
    digest: str
    path: bytes


def stays_inside(path: bytes, target: bytes) -> bool:
    """Whether a link at a path of the tree points into the tree, judged by its text alone."""
    place = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
    return not target.startswith(b"/") and place != b".." and not place.startswith(b"../")


def written(lines: Iterable[Line]) -> bytes:
    """The listing's bytes."""
    ordered = sorted(lines, key=lambda line: line.path)
    return b"".join(b"%s %s %s\0" % (one.mode, one.digest.encode(), one.path) for one in ordered)


def read(data: bytes, digest: str) -> list[Line]:
    """The lines of a listing. Raises Corrupt when it is not what its digest says, or names a path outside."""
    if hashlib.sha256(data).hexdigest() != digest.removeprefix("sha256:"):
        raise Corrupt(f"the listing of tree {digest} is not what its digest says")
    lines = []
    for record in data.split(b"\0")[:-1]:
        match = _LINE.fullmatch(record)
        if match is None or any(part in (b"", b".", b"..") for part in match[3].split(b"/")):
            raise Corrupt(f"the listing of tree {digest} has a line that cannot be")
        lines.append(Line(mode=match[1], digest=match[2].decode(), path=match[3]))
    return lines
