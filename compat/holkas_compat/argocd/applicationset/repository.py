"""The files of a repository at a revision, as the git generator looks at them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from holkas_compat.argocd.applicationset.codes import OUT_OF_REACH
from holkas_compat.argocd.applicationset.errors import GenerationError

LARGEST_FILE = 4 * 1024 * 1024
"""Octets of a file with parameters."""
MOST_FILES = 200_000


class RepositoryFiles(Protocol):
    """Relative paths with slashes, in the order in which a walk finds them."""

    def paths(self) -> list[str]:
        """The regular files, links that stay inside included."""
        ...

    def directories(self) -> list[str]:
        """The directories, hidden ones and what is below them left out."""
        ...

    def read(self, path: str) -> bytes:
        """The content of one of the paths. Raises GenerationError for one that is too large."""
        ...


class LocalFiles:
    """A checkout on this machine. Links that lead out of it are not there, neither is ``.git``."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        if not self.root.is_dir():
            raise GenerationError(f"{root} is no directory", code=OUT_OF_REACH)

    def paths(self) -> list[str]:
        """The files below the root."""
        return [path for path, is_directory in self._walk(hidden=True) if not is_directory]

    def directories(self) -> list[str]:
        """The directories below the root."""
        return [path for path, is_directory in self._walk(hidden=False) if is_directory]

    def _walk(self, *, hidden: bool, at: str = "") -> Iterator[tuple[str, bool]]:
        waiting = [at]
        count = 0
        while waiting:
            directory = waiting.pop()
            if directory:
                yield directory, True
            below: list[str] = []
            with os.scandir(self.root / directory) as found:
                entries = sorted(found, key=lambda entry: os.fsencode(entry.name))
            for entry in entries:
                count += 1
                if count > MOST_FILES:
                    raise GenerationError(f"the repository has more than {MOST_FILES} files")
                path = f"{directory}/{entry.name}" if directory else entry.name
                if entry.is_dir(follow_symlinks=False):
                    if entry.name != ".git" and (hidden or not entry.name.startswith(".")):
                        below.append(path)
                elif self._inside(path):
                    yield path, False
            waiting += reversed(below)

    def _inside(self, path: str) -> bool:
        real = (self.root / path).resolve()
        return (
            real.is_relative_to(self.root)
            and ".git" not in real.relative_to(self.root).parts
            and real.is_file()
        )

    def read(self, path: str) -> bytes:
        """The content of a file."""
        real = (self.root / path).resolve()
        if not self._inside(path) or not stat.S_ISREG(real.stat().st_mode):
            raise GenerationError(f"{path} is no file of the repository")
        with real.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
        if len(data) > LARGEST_FILE:
            raise GenerationError(f"{path} is larger than {LARGEST_FILE} octets")
        return data
