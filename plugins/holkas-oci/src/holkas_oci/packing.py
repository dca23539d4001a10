"""A file or a tree as one blob whose bytes depend on the content alone.

A file is its own bytes. A tree is a tar archive without compression: entries in the order of the tree's listing, no
times, no owners, modes 0644 and 0755. It is made twice, once for its digests and once for the registry, so that
nothing is written to a disk; the registry notices when a file changed in between.
"""

from __future__ import annotations

import hashlib
import os
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

from holkas.records import dataclass
from holkas.roles.content import EXECUTABLE, LINK, TreeEntry, tree_digest, tree_entries
from holkas.roles.errors import ToolError

LAYER = "application/vnd.oci.image.layer.v1.tar"
_PIECE = 1 << 20
_RECORD = 10_240


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """Bytes for a registry. ``read``: gives them anew each time, in pieces."""

    digest: str
    size: int
    read: Callable[[], Iterator[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """``digest`` and ``size``: of the content, as holkas counts them; ``blob``: of what the registry keeps."""

    digest: str
    size: int
    tree: bool
    blob: Blob


def packed(path: Path) -> Packed:
    """Raises ToolError for what no artifact can hold, OSError when it cannot be read."""
    if path.is_dir():
        return _packed_tree(path)
    if not path.is_file():
        raise ToolError(f"{path} is not there, or is no file")
    whole, size = hashlib.sha256(), 0
    for piece in _pieces(path):
        whole.update(piece)
        size += len(piece)
    digest = f"sha256:{whole.hexdigest()}"
    return Packed(
        digest=digest, size=size, tree=False, blob=Blob(digest=digest, size=size, read=lambda: _pieces(path))
    )


def blob_of(data: bytes) -> Blob:
    """Bytes that are at hand."""
    digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
    return Blob(digest=digest, size=len(data), read=lambda: iter([data]))


def _packed_tree(root: Path) -> Packed:
    entries = tree_entries(root)
    digests: dict[bytes, str] = {}
    sizes: dict[bytes, int] = {}
    archive, length = hashlib.sha256(), 0
    for piece in _archived(entries, digests, sizes):
        archive.update(piece)
        length += len(piece)
    return Packed(
        digest=tree_digest((entry, digests[entry.relative]) for entry in entries),
        size=sum(sizes.values()),
        tree=True,
        blob=Blob(
            digest=f"sha256:{archive.hexdigest()}", size=length, read=lambda: _archived(entries, {}, {})
        ),
    )


def _archived(
    entries: list[TreeEntry], digests: dict[bytes, str], sizes: dict[bytes, int]
) -> Iterator[bytes]:
    """The archive in pieces; what each entry's bytes are goes into ``digests`` and ``sizes``."""
    length = 0
    for entry in entries:
        told = 0 if entry.mode == LINK else Path(entry.path).stat().st_size
        header = _header(entry, told)
        yield header
        hashed, size = hashlib.sha256(entry.target), 0
        for piece in () if entry.mode == LINK else _pieces(Path(entry.path)):
            hashed.update(piece)
            size += len(piece)
            yield piece
        if size != told:
            raise ToolError(f"{entry.path} changes while it is published")
        padding = -size % tarfile.BLOCKSIZE
        yield bytes(padding)
        length += len(header) + size + padding
        digests[entry.relative], sizes[entry.relative] = hashed.hexdigest(), size
    length += 2 * tarfile.BLOCKSIZE
    yield bytes(2 * tarfile.BLOCKSIZE + -length % _RECORD)


def _header(entry: TreeEntry, size: int) -> bytes:
    info = tarfile.TarInfo(os.fsdecode(entry.relative))
    if entry.mode == LINK:
        info.type, info.mode, info.linkname = tarfile.SYMTYPE, 0o777, os.fsdecode(entry.target)
    else:
        info.mode = 0o755 if entry.mode == EXECUTABLE else 0o644
        info.size = size
    return info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece
