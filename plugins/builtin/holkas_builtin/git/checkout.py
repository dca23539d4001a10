"""Writes the files of a commit into a directory, exactly as they are stored: no filter, no line ends, no hook.

git's own checkout would run filters that the user's settings name and needs an index; here the objects are read in
one stream, every directory is made by us and no file is written through a link.
"""

from __future__ import annotations

import logging
import os
import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from holkas.records import dataclass
from holkas.roles.content import emptied
from holkas.roles.errors import ToolError

from .cache import Cache
from .command import GitProgram, Output
from .names import check_path

MAX_FILES = 1_000_000
MAX_BYTES = 16 * 1024**3

_LINK, _MODULE, _EXECUTABLE = b"120000", b"160000", b"100755"
_log = logging.getLogger("holkas.git")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A file of a tree: git's mode, the object's id, its size in bytes (0 for a submodule)."""

    mode: bytes
    identity: bytes
    size: int
    path: str


def entries(cache: Cache, identity: str, paths: Sequence[str] = ()) -> list[Entry]:
    """What a commit holds, at or below these paths. Raises ToolError for paths that would be written elsewhere."""
    sized = () if cache.is_partial else ("-l",)
    out = cache.run("ls-tree", "-r", *sized, "-z", identity, what=f"cannot list {identity}")
    wanted = tuple(path.strip("/") for path in paths)
    found = []
    for record in out.split(b"\0"):
        head, _, name = record.partition(b"\t")
        if not name:
            continue
        path = os.fsdecode(name)
        if wanted and not any(not one or path == one or path.startswith(f"{one}/") for one in wanted):
            continue
        mode, _, object_id, *size = head.split()
        check_path(path)
        size_known = int(size[0]) if size and size[0] != b"-" else 0
        found.append(Entry(mode=mode, identity=object_id, size=size_known, path=path))
    if cache.is_partial and len(found) <= MAX_FILES:
        sizes = cache.sizes([one.identity for one in found if one.mode != _MODULE])
        found = [replace(one, size=sizes.get(one.identity, 0)) for one in found]
    if len(found) > MAX_FILES or sum(one.size for one in found) > MAX_BYTES:
        raise ToolError(f"{identity} is too large: {len(found)} files")
    return found


def write_tree(git: GitProgram, cache: Cache, identity: str, directory: Path, paths: Sequence[str]) -> None:
    """Write a commit's files below ``directory``, which is made, or is empty; nothing is left there on a failure."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        if any(directory.iterdir()):
            raise ToolError(f"{directory} is not empty", hint="give a new directory")
        listed = entries(cache, identity, paths)
        try:
            _write(git, cache, listed, directory)
        except BaseException:
            emptied(directory)
            raise
    except OSError as error:
        raise ToolError(f"cannot write {directory}: {error.strerror}: {error.filename}") from None
    for one in outside_links(directory, listed):
        _log.warning("link %s of revision %s points out of the repository", one, identity[:12])


def _write(git: GitProgram, cache: Cache, listed: Sequence[Entry], directory: Path) -> None:
    blobs = [one for one in listed if one.mode != _MODULE]
    made: set[str] = set()
    for one in listed:
        place = one.path if one.mode == _MODULE else posixpath.dirname(one.path)
        if place not in made:
            (directory / place).mkdir(parents=True, exist_ok=True)
            made.add(place)
    given = b"".join(one.identity + b"\n" for one in blobs)
    links: list[tuple[str, bytes]] = []
    what = "cannot read the files"
    with git.started("cat-file", "--batch", what=what, directory=cache.directory, given=given) as out:
        for one in blobs:
            head = out.line().split()
            if len(head) != 3 or head[1] != b"blob":
                raise ToolError(f"{what}: object {one.identity.decode()} is missing")
            pieces = _content(out, int(head[2]))
            if one.mode == _LINK:
                links.append((one.path, b"".join(pieces)))
                continue
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            mode = 0o777 if one.mode == _EXECUTABLE else 0o666
            with open(os.open(directory / one.path, flags, mode), "wb") as file:  # noqa: PTH123 - of a descriptor
                for piece in pieces:
                    file.write(piece)
    for path, target in links:  # last, so that nothing is written through one
        os.symlink(os.fsdecode(target), directory / path)  # noqa: PTH211 - the text as it stands


def _content(out: Output, size: int) -> Iterator[bytes]:
    """The bytes of one object, and the line end behind them."""
    left = size
    while left:
        piece = out.read(min(left, 1 << 18))
        if not piece:
            raise ToolError("git ended in the middle of a file")
        left -= len(piece)
        yield piece
    out.read(1)


def outside_links(directory: Path, listed: Sequence[Entry]) -> list[str]:
    """Links that were written and point out of the tree, judged by their text."""
    found = []
    for one in listed:
        if one.mode != _LINK:
            continue
        target = os.readlink(directory / one.path)  # noqa: PTH115 - the text as it stands
        place = posixpath.normpath(posixpath.join(posixpath.dirname(one.path), target))
        if target.startswith("/") or place == ".." or place.startswith("../"):
            found.append(one.path)
    return found
