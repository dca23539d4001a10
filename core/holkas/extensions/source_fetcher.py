"""Source fetchers: where the files come from that an Application is rendered from."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import ClassVar

from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRequest:
    """One source as a manifest names it.

    repository: URL or path. revision: branch, tag, id, version or digest; empty for the default, and for a directory of
    this machine as it lies there. chart: name of a chart in a helm repository. own_revision: of the project's own
    repository, where ``revision`` names what is checked out there anyway; empty for the files as they lie there.
    """

    repository: str
    revision: str = ""
    chart: str = ""
    own_revision: str = ""


class SourceTree(ABC):
    """The files of one source at one revision, which never change while this is used. Safe for threads.

    revision: what the request was resolved to (a commit, a version, a digest); empty where there is no such thing.
    pinned: whether the same request gives the same files for ever.
    """

    revision: str = ""
    pinned: bool = True

    @abstractmethod
    def identities(self, paths: Sequence[str]) -> list[str]:
        """For each path the identity of what is there: a text that changes exactly when a file at or below it does.

        paths: relative to the source's root, with slashes; ``""`` is the root. Empty for a path where nothing is.
        """

    @abstractmethod
    def materialise(self, paths: Iterable[str]) -> Path:
        """Write what is at or below these paths, and return the root: the same directory each time.

        Nobody may write into it. Links that would leave it are not made: SourceRefused. Paths where nothing is are
        left out.
        """

    @abstractmethod
    def files(self) -> Sequence[str]:
        """Every file and link, relative to the root, sorted."""

    @abstractmethod
    def mentioning(self, text: str, suffixes: Sequence[str]) -> list[tuple[str, bytes]]:
        """The files with one of these suffixes that hold a text, by path, with their content."""


class SourceRefused(Exception):
    """A source cannot be had, or may not be: one sentence. ``hint``: what could be done."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class SourceFetcher(ABC):
    """Fetches sources of one kind: a directory of this machine, git, helm repositories, OCI registries.

    Repositories and revisions come from strangers' files: none of them may become an option of a command line or
    leave the cache. Safe for threads.
    """

    name: ClassVar[str]

    @abstractmethod
    def handles(self, request: SourceRequest) -> bool:
        """Whether it can fetch this; asked without any network."""

    @abstractmethod
    def open(self, request: SourceRequest) -> SourceTree:
        """Resolve the revision and make the files available. Raises SourceRefused, and ToolError."""

    def versions(self, request: SourceRequest) -> Sequence[str]:
        """The versions or tags that a range may choose from; empty where there is none."""
        return ()

    def close(self) -> None:
        """Remove what only this process needed."""
        return
