"""Repositories of git elsewhere, through whichever version control is installed."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from holkas.extensions.source_fetcher import SourceFetcher, SourceRefused, SourceRequest, SourceTree
from holkas.plugins.provider import Context

from .archives import once
from .directory_tree import DirectoryTree

if TYPE_CHECKING:
    from holkas.roles.version_control import VersionControl

MAX_KEPT = 20
"""Revisions of one repository that stay checked out."""


class VersionControlFetcher(SourceFetcher):
    """Checks out a revision once. Options: ``version_control`` (a provider's name; git without it)."""

    name: ClassVar[str] = "version-control"

    def __init__(self, context: Context) -> None:
        self._plugins = context.plugins
        self._tool = str(context.options.get("version_control", "git"))
        self._directory = context.state.absolute() / "sources" / "revisions"
        self._made: VersionControl | None = None

    def handles(self, request: SourceRequest) -> bool:
        return not request.chart and not request.repository.startswith("oci://")

    def open(self, request: SourceRequest) -> SourceTree:
        ref = "" if request.revision == "HEAD" else request.revision
        if request.repository.startswith("-") or ref.startswith("-"):
            raise SourceRefused(f"{request.repository!r} at {ref!r} looks like an option of a program")
        tool = self._version_control()
        revision = tool.resolve(request.repository, ref)
        home = self._directory / hashlib.sha256(request.repository.encode()).hexdigest()[:32]
        place = once(home / revision.id, lambda new: tool.checkout(revision, new))
        with contextlib.suppress(OSError):
            os.utime(place)
        _forget(home)
        return DirectoryTree(place, revision=revision.id, pinned=ref == revision.id)

    def versions(self, request: SourceRequest) -> Sequence[str]:
        tool = self._version_control()
        return [tag.name for tag in tool.tags(request.repository)] if "tags" in tool.capabilities else []

    def _version_control(self) -> VersionControl:
        if self._made is None:
            if self._plugins is None:
                raise SourceRefused("no version control is at hand")
            self._made = self._plugins.make("version_controls", self._tool)
        assert self._made is not None
        return self._made


def _forget(home: Path) -> None:
    """Remove the revisions that were not used for longest."""
    found = sorted((path for path in home.iterdir() if not path.name.startswith(".")), key=_age, reverse=True)
    for path in found[MAX_KEPT:]:
        shutil.rmtree(path, ignore_errors=True)


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
