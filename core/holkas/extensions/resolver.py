"""Resolvers: what a reference means that names a place elsewhere, a repository, a registry, a hub."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import field
from typing import ClassVar

from holkas.model.reference import RefSource
from holkas.model.secret import Secret
from holkas.records import dataclass

TIMEOUT = 60.0
"""Seconds for one resolution. Source: Tekton's docs/resolution.md, the global limit of one minute."""

MAX_SIZE = 4 << 20
"""Bytes of one document; etcd, and with it Kubernetes, takes less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolverRequest:
    """One document that is wanted.

    fields: what the resolver is told, by name, already checked and with defaults. Ours take
    ``git``: url, revision, path; ``http``: url, digest (may be empty); ``bundles``: bundle, name, kind;
    ``hub``: type (``artifact`` or ``tekton``), catalog, kind, name, version (one or a constraint), url (may be empty);
    ``cluster``: kind, name, namespace. Others get the params of the reference as they were written.
    username, password: for whom the server asks; never part of what is stored or shown.
    """

    resolver: str
    fields: Mapping[str, str] = field(default_factory=dict)
    username: str = ""
    password: Secret | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedResource:
    """A document as it was found, and where. ``content``: its text, at most ``MAX_SIZE`` bytes."""

    content: bytes
    source: RefSource


class ResolverRefused(Exception):
    """A document cannot be had, or may not be: one sentence without secrets. ``hint``: what could be done.

    What a stranger's file says stands in the sentence, and does not break it into lines.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__("".join(char if char.isprintable() else " " for char in message))
        self.hint = hint


class Resolver(ABC):
    """Finds documents of one kind of place. Requests come from strangers' files: nothing of them may become an option
    of a command line, leave a repository or archive, or be fetched without a limit of size. Safe for threads.

    timeout: seconds after which nobody waits for an answer any more.
    """

    name: ClassVar[str]
    timeout: float = TIMEOUT

    @abstractmethod
    def pinned(self, request: ResolverRequest) -> bool:
        """Whether the request means the same content for ever; asked without any network."""

    @abstractmethod
    def resolve(self, request: ResolverRequest) -> ResolvedResource:
        """The document. Raises ResolverRefused, and ToolError."""
