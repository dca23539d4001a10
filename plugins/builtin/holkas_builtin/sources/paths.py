"""Paths inside a source: relative, with slashes, never out of it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping

from holkas.extensions.source_fetcher import SourceRefused

MAX_FILES = 200_000
MAX_BYTES = 4 * 1024**3
"""Of one source, all its files together."""

_MAX_LINKS = 40


def clean(path: str) -> str:
    """A path without ``.``, ``//`` and a slash at its end; ``""`` for the root. Raises SourceRefused outside of it."""
    normal = posixpath.normpath(path.strip("/")) if path.strip("/") else ""
    if normal == ".." or normal.startswith("../") or "\0" in normal:
        raise SourceRefused(f"path {path!r} leaves the source")
    return "" if normal == "." else normal


def at_or_below(path: str, wanted: Iterable[str]) -> bool:
    """Whether a path is one of these or lies below one."""
    return any(not one or path == one or path.startswith(one + "/") for one in wanted)


def check_links(links: Mapping[str, str], wanted: Iterable[str]) -> None:
    """Raises SourceRefused for a link that leads out of the source, by itself or through other links.

    links: path → target, of all links of the source: what is not written yet may be written later.
    """
    for path in wanted:
        if _leaves(path, links):
            raise SourceRefused(
                f"link {path} points out of the source",
                "Argo CD refuses such a repository too; remove the link, or make it point inside",
            )


def _leaves(path: str, links: Mapping[str, str]) -> bool:
    """Follow a path as the kernel would; links in a circle lead nowhere."""
    reached: list[str] = []
    coming = path.split("/")[::-1]
    followed = 0
    while coming and followed <= _MAX_LINKS:
        part = coming.pop()
        if part in ("", "."):
            continue
        if part == "..":
            if not reached:
                return True
            reached.pop()
            continue
        reached.append(part)
        target = links.get("/".join(reached))
        if target is not None:
            if target.startswith("/"):
                return True
            followed += 1
            reached.pop()
            coming += target.split("/")[::-1]
    return False
