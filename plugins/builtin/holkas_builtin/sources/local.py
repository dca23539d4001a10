"""Sources on this machine: the project's own repository by any of its names, other repositories, plain directories."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import ClassVar
from urllib.parse import unquote, urlsplit

from holkas.extensions.source_fetcher import SourceFetcher, SourceRefused, SourceRequest, SourceTree
from holkas.plugins.provider import Context

from holkas_builtin.git.command import GitProgram

from .directory_tree import DirectoryTree
from .object_tree import ObjectTree
from .own_repository import OwnRepository, normal

WORKING_TREE = ""
"""The revision that means the files as they lie there."""


class LocalFetcher(SourceFetcher):
    """Paths (``.``, ``./charts``, ``/srv/apps``, ``file://…``) and every URL that is a remote of the project's.

    A revision that names what is checked out anyway (nothing, ``HEAD``, the branch or the remote's default one) means
    the files as they lie there, so that a change can be seen before it is committed; any other one is read from the
    repository's objects.
    """

    name: ClassVar[str] = "local"

    def __init__(self, context: Context) -> None:
        self._project = context.project.absolute()
        self._state = context.state.absolute()
        self._git = GitProgram(timeout=120.0)
        self._repositories: dict[Path, OwnRepository] = {}
        self._trees: dict[tuple[Path, str], SourceTree] = {}
        self._scratch: _Scratch | None = None
        self._lock = Lock()

    def handles(self, request: SourceRequest) -> bool:
        return not request.chart and self._place(request.repository) is not None

    def open(self, request: SourceRequest) -> SourceTree:
        place = self._place(request.repository)
        if place is None:
            raise SourceRefused(f"{request.repository!r} is not on this machine")
        if not place.is_dir():
            raise SourceRefused(f"there is no directory {place}")
        with self._lock:
            revision = self._wanted(place, request)
            key = (place, revision)
            if (tree := self._trees.get(key)) is None:
                tree = self._trees[key] = self._open(place, revision)
            return tree

    def versions(self, request: SourceRequest) -> list[str]:
        place = self._place(request.repository)
        if place is None or not (place / ".git").exists():
            return []
        git_directory = self._repository(place).git_directory
        out = self._git.run("tag", "--list", what="cannot list the tags", directory=git_directory)
        return out.decode("utf-8", "replace").split()

    def close(self) -> None:
        with self._lock:
            self._trees.clear()
            if self._scratch is not None:
                self._scratch.remove()
                self._scratch = None

    def _wanted(self, place: Path, request: SourceRequest) -> str:
        """The revision to read; what is checked out anyway is the working tree, or what the user asks for instead."""
        name = request.revision
        followed = name in ("", "HEAD")
        if not followed and (place / ".git").exists():
            followed = name.removeprefix("refs/heads/") in self._repository(place).branches()
        if not followed:
            return name
        return request.own_revision if place == self._project else WORKING_TREE

    def _open(self, place: Path, revision: str) -> SourceTree:
        if not (place / ".git").exists():
            if revision != WORKING_TREE:
                raise SourceRefused(f"{place} is no git repository: it has no revision {revision!r}")
            return DirectoryTree(place, pinned=False)
        repository = self._repository(place)
        if revision == WORKING_TREE:
            commit, tree, pinned = repository.head(), repository.working_tree(), False
        else:
            commit, tree = repository.resolve(revision)
            pinned = commit == revision
        if self._scratch is None:
            self._scratch = _Scratch()
        return ObjectTree(
            self._git,
            repository.git_directory,
            tree,
            self._scratch.path / tree,
            revision=commit,
            pinned=pinned,
            environ=repository.environ,
            owner=self._scratch,
        )

    def _repository(self, place: Path) -> OwnRepository:
        if place not in self._repositories:
            self._repositories[place] = OwnRepository(self._git, place, self._state)
        return self._repositories[place]

    @cached_property
    def _own_names(self) -> set[str]:
        if not (self._project / ".git").exists():
            return set()
        return self._repository(self._project).names()

    def _place(self, repository: str) -> Path | None:
        """The directory that a repository's name means, None for one that is elsewhere."""
        if repository.startswith("file://"):
            return Path(unquote(urlsplit(repository).path))
        if repository in (".", "..") or repository.startswith(("/", "./", "../")):
            return Path(os.path.normpath(self._project / repository))
        if "\0" in repository or repository.startswith("-") or not repository:
            return None
        return self._project if normal(repository) in self._own_names else None


class _Scratch:
    """A directory for this process alone, outside of the project so that no tool mistakes it for a part of it.

    It goes when nobody holds it any more, at the latest with the process.
    """

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="holkas-sources-"))
        self.remove = weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)
