"""The digest of a file or a tree, as every artifact repository computes it.

A file's digest is the SHA-256 of its bytes. A tree's is the SHA-256 of its listing: for each file and
symbolic link, by the bytes of its path, the line ``MODE DIGEST PATH`` and a zero byte. MODE is git's
(100644, 100755 when the owner may execute, 120000 for a link), DIGEST the SHA-256 of the bytes or of the
link's text, PATH relative, with slashes. Empty directories, times, owners and other permission bits do not
count.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from holkas.records import dataclass
from holkas.roles.errors import ToolError

FILE, EXECUTABLE, LINK = "100644", "100755", "120000"
"""Git's modes, as a tree's listing has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeEntry:
    """A file or link of a tree. ``relative``: its path in bytes, with slashes. ``target``: of a link."""

    path: str
    relative: bytes
    mode: str
    target: bytes = b""


def digest_of(path: Path) -> str:
    """``sha256:`` and hex digits. Raises ToolError for what no artifact can hold, OSError when it cannot be
    read."""
    if path.is_dir():
        return tree_digest(
            (
                entry,
                hashlib.sha256(entry.target).hexdigest() if entry.mode == LINK else _hash(Path(entry.path)),
            )
            for entry in tree_entries(path)
        )
    return f"sha256:{_hash(path)}"


def tree_digest(entries: Iterable[tuple[TreeEntry, str]]) -> str:
    """A tree's digest of its entries in order, each with the SHA-256 of its bytes or of its link's text."""
    listing = hashlib.sha256()
    for entry, digest in entries:
        listing.update(f"{entry.mode} {digest} ".encode() + entry.relative + b"\0")
    return f"sha256:{listing.hexdigest()}"


def size_of(path: Path) -> int:
    """Bytes of all files of a file or a tree; links count nothing."""
    if not path.is_dir():
        return path.stat().st_size
    return sum(entry.stat().st_size for entry, mode in entries_below(path) if mode != LINK)


def tree_entries(root: Path) -> list[TreeEntry]:
    """The files and links of a tree in the order of its listing. Raises ToolError for what no artifact can
    hold, OSError."""
    return sorted((_entry(root, *found) for found in entries_below(root)), key=lambda entry: entry.relative)


def _entry(root: Path, entry: os.DirEntry[str], mode: str) -> TreeEntry:
    relative = os.fsencode(os.path.relpath(entry.path, root))
    if mode == LINK:
        target = os.readlink(entry.path)  # noqa: PTH115 - the text as it stands, not as a Path cleans it
        _stays_inside(root, entry.path, target)
        return TreeEntry(path=entry.path, relative=relative, mode=LINK, target=os.fsencode(target))
    return TreeEntry(path=entry.path, relative=relative, mode=mode)


def entries_below(root: Path) -> Iterator[tuple[os.DirEntry[str], str]]:
    """What is in a tree and its mode, in no order, without following links; what links mean is not looked at.

    Raises ToolError for what no artifact can hold.
    """
    waiting = [str(root)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                    continue
                bits = entry.stat(follow_symlinks=False).st_mode
                if stat.S_ISLNK(bits):
                    yield entry, LINK
                elif stat.S_ISREG(bits):
                    yield entry, EXECUTABLE if bits & stat.S_IXUSR else FILE
                else:
                    raise ToolError(f"{entry.path} is neither a file, a directory nor a link")


def emptied(directory: Path) -> None:
    """Take away everything in a directory, as far as that goes."""
    for path in directory.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                path.unlink()


def _stays_inside(root: Path, link: str, target: str) -> None:
    """Refuse a link that is absolute or climbs out of the tree, judged by its text alone."""
    place = os.path.normpath(os.path.join(os.path.relpath(link, root), os.pardir, target))  # noqa: PTH118 - text
    if target.startswith("/") or place == os.pardir or place.startswith("../"):
        raise ToolError(f"link {link} leaves the tree: it points to {target}")


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
