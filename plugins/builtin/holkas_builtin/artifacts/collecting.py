"""Garbage: content that nothing names any more."""

from __future__ import annotations

import shutil

from holkas.records import dataclass

from .catalogue import Catalogue
from .objects import Objects, place


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What was taken away, or would be: how many files, how many bytes."""

    files: int = 0
    size: int = 0


def collected(objects: Objects, catalogue: Catalogue, *, dry_run: bool) -> Collected:
    """Take it away. Nobody may write meanwhile. Raises Corrupt for a record that cannot be read: nothing goes then."""
    kept = {one.digest for name in catalogue.names() for one in catalogue.versions(name)}
    forgotten = []
    for subject, directory in catalogue.subjects():
        if subject in kept:
            kept |= {one.digest for one in catalogue.documents(subject)}
        else:
            forgotten.append(directory)
    live = {digest.removeprefix("sha256:") for digest in kept}
    for digest in list(live):
        if place(objects.trees, digest).exists():
            live |= {line.digest for line in objects.tree(digest)}
    files, size = 0, 0
    garbage = [path for path, digest in objects.digests() if digest not in live]
    garbage += objects.temporary.glob("*")
    garbage += catalogue.unfinished()
    for path in garbage:
        files, size = files + 1, size + path.stat().st_size
        if not dry_run:
            path.unlink()
    if not dry_run:
        for directory in forgotten:
            shutil.rmtree(directory)
    return Collected(files=files, size=size)
