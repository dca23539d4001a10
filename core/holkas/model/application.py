"""Applications: resources from sources, kept in a destination, as Argo CD means it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from holkas.model.application_source import ApplicationSource, SourceHydrator
from holkas.model.sync_policy import SyncPolicy
from holkas.records import dataclass

DEFAULT_PROJECT = "default"
DEFAULT_HISTORY_LIMIT = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A target by its server's address or its name, and the namespace for resources that name none."""

    server: str = ""
    name: str = ""
    namespace: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IgnoreDifference:
    """Fields of some resources that do not count when desired and live state are compared.

    group, kind: of the resources; globs. name, namespace: empty for all. json_pointers: RFC 6901. managers: whoever
    owns a field by these names owns it for good.
    """

    kind: str
    group: str = ""
    name: str = ""
    namespace: str = ""
    json_pointers: tuple[str, ...] = ()
    jq_path_expressions: tuple[str, ...] = ()
    managers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Info:
    """Something worth knowing about an application: a URL, an address, a text."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """A named set of resources and the place where they are to be.

    project: as written; see :attr:`project_name`.
    sources: of ``source`` or ``sources``; ``multiple`` says which of them it was.
    hydrator: where it is set, sources count for nothing.
    history_limit: how many syncs are remembered; None for the default.
    operation, status: as in the manifest, where a live application brought them along.
    labels, annotations, finalizers: of its metadata; metadata: what else stood there.
    """

    name: str
    namespace: str = ""
    project: str = ""
    sources: tuple[ApplicationSource, ...] = ()
    multiple: bool = False
    hydrator: SourceHydrator | None = None
    destination: Destination = field(default_factory=Destination)
    sync_policy: SyncPolicy | None = None
    ignore_differences: tuple[IgnoreDifference, ...] = ()
    info: tuple[Info, ...] = ()
    history_limit: int | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    finalizers: tuple[str, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)
    operation: Mapping[str, Any] | None = None
    status: Mapping[str, Any] | None = None

    @property
    def project_name(self) -> str:
        """The project it belongs to: ``default`` where none is named."""
        return self.project or DEFAULT_PROJECT

    @property
    def policy(self) -> SyncPolicy:
        """Its sync policy, an empty one where it has none."""
        return self.sync_policy or SyncPolicy()

    @property
    def effective_sources(self) -> tuple[ApplicationSource, ...]:
        """What is compared with the live state: a hydrator's sync source, else the sources."""
        return (self.hydrator.sync_source(),) if self.hydrator is not None else self.sources

    @property
    def revision_history_limit(self) -> int:
        """How many syncs are remembered."""
        return DEFAULT_HISTORY_LIMIT if self.history_limit is None else self.history_limit

    def source_at(self, index: int) -> ApplicationSource | None:
        """The source of an index, the first where the index is negative; None where it has none.

        With a hydrator the dry source is the one (Argo CD, ``ApplicationSpec.GetSourcePtrByIndex``).
        """
        if self.hydrator is not None:
            return self.hydrator.dry_source
        if not self.sources:
            return None
        return self.sources[index if self.multiple and 0 < index < len(self.sources) else 0]
