"""The content of claims as one value: its digest, a copy of it, and how a claim gets that content back."""

from __future__ import annotations

import hashlib
import os
import stat
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from holkas.state.run_directory import remove_tree

MOST_BYTES = 256 << 20
"""Bytes of content that is looked at; more is not worth a cache."""

MOST_FILES = 20_000

_NEW, _OLD = ".~new", ".~old"
"""Ends of names that no claim has: theirs are those of Kubernetes."""


Alone = Callable[[], bool]


class TooMuch(Exception):
    """The content is larger than what is looked at, or holds something that is neither file, link nor directory."""


def digest_of(root: Path) -> str:
    """SHA-256 over names, kinds, modes and contents below a directory, in an order of its own; times do not count.

    Raises TooMuch, and OSError for what cannot be read.
    """
    made = hashlib.sha256()
    size = 0
    for files, path in enumerate(_below(root)):
        status = path.lstat()
        size += status.st_size
        if files > MOST_FILES or size > MOST_BYTES:
            raise TooMuch
        name = os.fsencode(path.relative_to(root))
        made.update(b"%d:%s:%o:" % (len(name), name, status.st_mode))
        if stat.S_ISLNK(status.st_mode):
            made.update(os.fsencode(path.readlink()))
        elif stat.S_ISREG(status.st_mode):
            made.update(b"%d:" % status.st_size)
            with path.open("rb") as file:
                made.update(hashlib.file_digest(file, "sha256").digest())
        elif not stat.S_ISDIR(status.st_mode):
            raise TooMuch
    return made.hexdigest()


def pack(root: Path, archive: Path) -> None:
    """Write the content of a directory into a file. Raises OSError."""
    import tarfile

    with tarfile.open(archive, "w", format=tarfile.PAX_FORMAT) as tar:
        tar.add(root, arcname=".")


def replace_content(archives: Mapping[Path, Path]) -> None:
    """Give each directory the content of its archive and no other; all of them, or none where one cannot be read.

    Raises OSError and TarError. Killed in between, :func:`mend` brings the directory back.
    """
    import tarfile

    fresh = {root: root.with_name(f"{root.name}{_NEW}") for root in archives}
    try:
        for root, archive in archives.items():
            remove_tree(fresh[root])
            with tarfile.open(archive) as tar:
                # Our own file, written in a directory that only this user enters.
                tar.extractall(fresh[root], filter="fully_trusted")  # noqa: S202 - as said above
        for root, new in fresh.items():
            old = root.with_name(f"{root.name}{_OLD}")
            root.rename(old)
            new.rename(root)
            remove_tree(old)
    finally:
        for new in fresh.values():
            remove_tree(new)


def mend(claims: Path) -> None:
    """What :func:`replace_content` has left in the directory of all claims when it was killed."""
    if not claims.is_dir():
        return
    for entry in list(claims.iterdir()):
        root = entry.with_name(entry.name.removesuffix(_OLD))
        if entry.name.endswith(_OLD) and not root.exists():
            entry.rename(root)
        elif entry.name.endswith((_OLD, _NEW)):
            remove_tree(entry)


class ClaimUse:
    """Which claims of a run are in use now, and whether two tasks used one at the same time. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users: Counter[str] = Counter()
        self._begun: Counter[str] = Counter()

    @contextmanager
    def of(self, claims: Collection[str]) -> Iterator[Alone]:
        """Use claims; what is yielded tells, at any moment, whether nobody else has used them since."""
        with self._lock:
            others = any(self._users[name] for name in claims)
            self._users.update(claims)
            self._begun.update(claims)
            begun = {name: self._begun[name] for name in claims}
        try:
            yield lambda: not others and all(self._begun[name] == count for name, count in begun.items())
        finally:
            with self._lock:
                self._users.subtract(claims)

    @contextmanager
    def nobody_comes(self) -> Iterator[None]:
        """As long as this lasts, nobody begins to use a claim."""
        with self._lock:
            yield


def _below(root: Path) -> Iterator[Path]:
    for directory, names, files in os.walk(root):
        names.sort()
        for name in sorted((*files, *names)):
            yield Path(directory, name)
