"""Resources: the things that an application consists of, desired or live."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class ResourceKey:
    """What identifies a resource in a target. ``group`` is empty for the core group, ``namespace`` for
    cluster-wide kinds; the version is no part of it (Argo CD, "Resource Tracking")."""

    group: str = ""
    kind: str
    namespace: str = ""
    name: str

    def __str__(self) -> str:
        return f"{self.group}/{self.kind}:{self.namespace}/{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A manifest as plain dicts and lists. ``origin``: file it was rendered from, empty for a live one."""

    manifest: Mapping[str, Any]
    origin: str = ""

    @property
    def key(self) -> ResourceKey:
        """Identity from apiVersion, kind and metadata; parts that are missing or no strings are empty."""
        metadata = self.manifest.get("metadata")
        fields = metadata if isinstance(metadata, Mapping) else {}
        group, slash, _ = _text(self.manifest.get("apiVersion")).rpartition("/")
        return ResourceKey(
            group=group if slash else "",
            kind=_text(self.manifest.get("kind")),
            namespace=_text(fields.get("namespace")),
            name=_text(fields.get("name")),
        )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
