"""Unpacks archives from elsewhere: only files and directories, inside of one directory, not more than a limit."""

from __future__ import annotations

import io
import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path

from holkas.extensions.source_fetcher import SourceRefused

MAX_UNPACKED = 512 << 20
MAX_FILES = 20_000


def unpack(data: bytes, directory: Path, what: str) -> None:
    """Unpack a tar archive, compressed or not. Raises SourceRefused for links, devices and too much of it."""
    size = count = 0
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r|*") as archive:
            for member in archive:
                count += 1
                size += member.size
                if count > MAX_FILES or size > MAX_UNPACKED:
                    raise SourceRefused(
                        f"{what} unpacks to more than {MAX_UNPACKED >> 20} MiB or {MAX_FILES} files"
                    )
                place = _place(member.name, directory, what)
                if member.isdir():
                    place.mkdir(parents=True, exist_ok=True)
                    continue
                if not member.isreg():
                    raise SourceRefused(f"{what} holds {member.name!r}, which is no file and no directory")
                content = archive.extractfile(member)
                if content is None:
                    continue
                place.parent.mkdir(parents=True, exist_ok=True)
                flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
                with os.fdopen(os.open(place, flags, 0o755 if member.mode & 0o100 else 0o644), "wb") as file:
                    shutil.copyfileobj(content, file)
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        raise SourceRefused(f"{what} cannot be unpacked: {error}") from None


def _place(name: str, directory: Path, what: str) -> Path:
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if name.startswith("/") or ".." in parts or "\0" in name:
        raise SourceRefused(f"{what} holds {name!r}, which leaves it")
    return directory.joinpath(*parts)


def once(place: Path, make: Callable[[Path], None]) -> Path:
    """A directory that ``make`` fills: beside its place and renamed, so that it is whole or not there."""
    if place.is_dir():
        return place
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = Path(tempfile.mkdtemp(dir=place.parent, prefix=".new-"))
    try:
        make(new)
        try:
            new.rename(place)
        except OSError:  # another process was first
            if not place.is_dir():
                raise
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return place
