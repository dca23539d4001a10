"""The digest of a file or a tree, as every artifact repository computes it.

A file's digest is the SHA-256 of its bytes. A tree's is the SHA-256 of its listing: for each file and
symbolic link, by the bytes of its path, the line ``MODE DIGEST PATH`` and a zero byte. MODE is git's
(100644, 100755 when the owner may execute, 120000 for a link), DIGEST the SHA-256 of the bytes or of the
link's text, PATH relative, with slashes. Empty directories, times, owners and other permission bits do not
count.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from holkas.roles.errors import ToolError


def digest_of(path: Path) -> str:
    """``sha256:`` and hex digits. Raises ToolError for what no artifact can hold, OSError when it cannot be
    read."""
    if path.is_dir():
        listing = hashlib.sha256()
        for line in sorted(_listing(path), key=lambda line: line[1]):
            listing.update(line[0] + b" " + line[1] + b"\0")
        return f"sha256:{listing.hexdigest()}"
    return f"sha256:{_hash(path)}"


def size_of(path: Path) -> int:
    """Bytes of all files of a file or a tree; links count nothing."""
    if not path.is_dir():
        return path.stat().st_size
    return sum(entry.stat().st_size for entry in _files(path) if not entry.is_symlink())


def _listing(root: Path) -> Iterator[tuple[bytes, bytes]]:
    for entry in _files(root):
        relative = os.fsencode(os.path.relpath(entry.path, root))
        mode = entry.stat(follow_symlinks=False).st_mode
        if stat.S_ISLNK(mode):
            target = os.readlink(entry.path)  # noqa: PTH115 - the text as it stands, not as a Path cleans it
            _stays_inside(root, entry.path, target)
            kind, digest = b"120000", hashlib.sha256(os.fsencode(target)).hexdigest()
        elif stat.S_ISREG(mode):
            kind = b"100755" if mode & stat.S_IXUSR else b"100644"
            digest = _hash(Path(entry.path))
        else:
            raise ToolError(f"{entry.path} is neither a file, a directory nor a link")
        yield kind + b" " + digest.encode(), relative


def _files(root: Path) -> Iterator[os.DirEntry[str]]:
    """Everything below ``root`` but directories, without following links."""
    waiting = [str(root)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                else:
                    yield entry


def _stays_inside(root: Path, link: str, target: str) -> None:
    """Refuse a link that is absolute or climbs out of the tree, judged by its text alone."""
    place = os.path.normpath(os.path.join(os.path.relpath(link, root), os.pardir, target))  # noqa: PTH118 - text
    if target.startswith("/") or place == os.pardir or place.startswith("../"):
        raise ToolError(f"link {link} leaves the tree: it points to {target}")


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
