"""Paths inside a source: relative, with slashes, never out of it."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable
from pathlib import Path

from holkas.extensions.source_fetcher import SourceRefused

MAX_FILES = 200_000
MAX_BYTES = 4 * 1024**3
"""Of one source, all its files together."""


def clean(path: str) -> str:
    """A path without ``.``, ``//`` and a slash at its end; ``""`` for the root. Raises SourceRefused outside of it."""
    normal = posixpath.normpath(path.strip("/")) if path.strip("/") else ""
    if normal == ".." or normal.startswith("../") or "\0" in normal:
        raise SourceRefused(f"path {path!r} leaves the source")
    return "" if normal == "." else normal


def at_or_below(path: str, wanted: Iterable[str]) -> bool:
    """Whether a path is one of these or lies below one."""
    return any(not one or path == one or path.startswith(one + "/") for one in wanted)


def check_link(root: Path, path: str) -> None:
    """Raises SourceRefused for a link that leads out of the source, by itself or through other links."""
    target = os.readlink(root / path)  # noqa: PTH115 - the text as it stands
    place = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
    base = os.path.realpath(root)
    real = os.path.realpath(root / path)
    if target.startswith("/") or place == ".." or place.startswith("../") or not _is_in(real, base):
        raise SourceRefused(
            f"link {path} points out of the source",
            "Argo CD refuses such a repository too; remove the link, or make it point inside",
        )


def _is_in(path: str, base: str) -> bool:
    return path == base or path.startswith(base.rstrip("/") + "/")
