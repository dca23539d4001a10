"""When and how an application's differences are put right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from holkas.records import dataclass

DEFAULT_BACKOFF_SECONDS = 5
DEFAULT_BACKOFF_FACTOR = 2
DEFAULT_BACKOFF_LIMIT_SECONDS = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class Automated:
    """Automatic sync. None: not said, which counts as no (for ``enabled``, as yes)."""

    prune: bool | None = None
    self_heal: bool | None = None
    allow_empty: bool | None = None
    enabled: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """How long to wait between attempts. duration, max_duration: as written, a number alone means seconds."""

    duration: str = ""
    factor: int | None = None
    max_duration: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """What happens after a sync that failed. limit: of attempts; below 0 without end, None where it is not said.

    refresh: a new revision is tried instead of the failed one.
    """

    limit: int | None = None
    backoff: Backoff | None = None
    refresh: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NamespaceMetadata:
    """Labels and annotations of the namespace that a sync makes (``CreateNamespace=true``)."""

    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncPolicy:
    """The policy as written. ``options``: ``syncOptions`` (``Prune=false`` …)."""

    automated: Automated | None = None
    options: tuple[str, ...] = ()
    retry: Retry | None = None
    namespace_metadata: NamespaceMetadata | None = None

    @property
    def is_automatic(self) -> bool:
        """Whether differences are put right without being asked."""
        return self.automated is not None and self.automated.enabled is not False

    @property
    def prunes(self) -> bool:
        """Whether an automatic sync deletes what is no longer wanted."""
        return self.is_automatic and self.automated is not None and bool(self.automated.prune)

    @property
    def heals(self) -> bool:
        """Whether changes of the live state are put right."""
        return self.is_automatic and self.automated is not None and bool(self.automated.self_heal)

    @property
    def allows_empty(self) -> bool:
        """Whether an automatic sync may delete everything."""
        return self.is_automatic and self.automated is not None and bool(self.automated.allow_empty)
