"""Targets: where an application's resources live: a directory, memory, later a cluster."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import ClassVar

from holkas.model.resource import Resource, ResourceKey
from holkas.records import dataclass


class ApplyWay(StrEnum):
    """How a resource is written (Argo CD, "Sync Options")."""

    APPLY = "apply"
    SERVER_SIDE = "server-side"
    CREATE = "create"
    REPLACE = "replace"


class Propagation(StrEnum):
    """What becomes of a deleted resource's dependants (Kubernetes, "Cascading deletion")."""

    FOREGROUND = "foreground"
    BACKGROUND = "background"
    ORPHAN = "orphan"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyOptions:
    """How to write. ``force``: delete and make anew what cannot be changed. ``manager``: the field manager's
    name.

    dry_run: judge only. validate: let the target's schema judge.
    """

    way: ApplyWay = ApplyWay.APPLY
    force: bool = False
    dry_run: bool = False
    validate: bool = True
    manager: str = "argocd-controller"


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What became of writing one resource. ``live``: as the target has it now (or would have it, in a dry
    run)."""

    live: Resource
    changed: bool
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What has changed since a mark. mark: to ask with next time. keys: None where too much has, or nobody knows: look
    at everything again."""

    mark: str
    keys: frozenset[ResourceKey] | None = None


class Target(ABC):
    """A place with resources. It knows nothing of applications: order, waves, pruning and health are the
    core's.

    has_status: whether something brings the resources to life and reports their ``status``. Where nothing does (files),
    a resource without a status is healthy as soon as it is there.

    Every method works on single resources, so that the core can record before each one that it will be done.
    Safe for threads: the core applies resources of one group in parallel. Errors are those of
    :mod:`holkas.roles.errors`; Unsupported for a way of writing that the target has not got.
    """

    name: ClassVar[str]
    has_status: bool = True

    @abstractmethod
    def namespaced(self, group: str, kind: str) -> bool | None:
        """Whether resources of a kind live in namespaces; None for a kind that the target does not know."""

    @abstractmethod
    def get(self, key: ResourceKey) -> Resource | None:
        """The live resource, or None. Raises Retryable, AccessDenied."""

    @abstractmethod
    def list(self, labels: Mapping[str, str] | None = None) -> Iterator[Resource]:
        """All live resources with these labels, by key. Resources that other tools made are among them."""

    @abstractmethod
    def apply(self, resource: Resource, options: ApplyOptions | None = None) -> Applied:
        """Write one resource, seen whole or not at all by readers. The same again changes nothing.

        Raises ToolError when the target refuses it, Conflict when it exists already and ``way`` is CREATE.
        """

    def dry_run_apply(self, resource: Resource, *, manager: str = "argocd-controller") -> Resource | None:
        """What a forced server-side apply by ``manager`` would leave, without doing it; None where nobody can say.

        With ``metadata.managedFields`` where the target keeps such, so that what webhooks change can be told apart.
        Raises ToolError when the target would refuse it.
        """
        return None

    @abstractmethod
    def delete(
        self, key: ResourceKey, *, propagation: Propagation = Propagation.FOREGROUND, dry_run: bool = False
    ) -> bool:
        """Ask for a resource's end. Whether there was one; it may be live for a while
        (``deletionTimestamp``)."""

    def watch(self) -> Iterable[ResourceKey] | None:
        """Keys of resources as they change from this call on, blocking in between, until ``close``; None where the target
        must be polled.

        What is told is known to ``changes`` at once. A change may be told more than once, and our own writes may be told
        too. Raises ToolError, here or while it is followed; then it is called again later.
        """
        return None

    def changes(self, mark: str = "") -> Changes | None:
        """What has changed since ``mark``, without waiting; so that a look at which nothing has changed costs little.

        mark: as the call before gave it, empty at first. None where the target cannot say: it is listed each time.
        """
        return None

    def settled(self, message: str) -> None:
        """A sync has ended: keep the state of now in the history, if there is one. message: one line for people.

        The same again without a change in between does nothing. Raises ToolError, which fails no sync.
        """
        return

    def close(self) -> None:
        """Give back connections; ends a ``watch``. Called once."""
        return
