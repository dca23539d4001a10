"""Secrets from a directory: the file ``some/secret/key`` holds the value of ``key`` of ``some/secret``."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from typing import ClassVar

from holkas.model.secret import Secret
from holkas.roles.errors import AccessDenied, NotFound
from holkas.roles.secret_store import SecretStore


class DirectoryStore(SecretStore):
    """Reads, and has none of the role's capabilities. Keeps no state, so threads do not matter."""

    name: ClassVar[str] = "NAME"

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def fault(self) -> str:
        return "" if self._directory.is_dir() else f"{self._directory} is not a directory"

    def read(self, name: str, key: str = "value", *, version: str = "") -> Secret:
        if version:
            raise NotFound(
                f"secret {name!r} has no version {version!r}", hint="a directory keeps no versions"
            )
        if key not in self.keys(name):
            raise NotFound(f"secret {name!r} has no key {key!r}")
        try:
            return Secret((self._place(name) / key).read_bytes())
        except PermissionError as error:
            raise AccessDenied(f"secret {name!r} may not be read") from error

    def keys(self, name: str) -> tuple[str, ...]:
        keys = _files(self._place(name))
        if not keys:
            raise NotFound(f"there is no secret {name!r}")
        return keys

    def names(self, prefix: str = "") -> tuple[str, ...]:
        found = (
            Path(place).relative_to(self._directory).as_posix()
            for place, _, files in os.walk(self._directory)
            if files
        )
        return tuple(sorted(name for name in found if name.startswith(prefix)))

    def _place(self, name: str) -> Path:
        """Where a secret lies; a name that leaves the directory is the name of nothing."""
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts:
            raise NotFound(f"there is no secret {name!r}")
        return self._directory / path


def _files(place: Path) -> tuple[str, ...]:
    if not place.is_dir():
        return ()
    return tuple(sorted(path.name for path in place.iterdir() if path.is_file()))
