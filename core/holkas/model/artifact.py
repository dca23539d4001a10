"""Artifacts: content that was built once and is known by its digest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """A published file or tree.

    digest: ``sha256:`` and 64 hexadecimal digits over the content alone (see :mod:`holkas.roles.content`),
    so that
        it is the same in every repository.
    size: bytes of all files. tree: a directory, not a single file. published: seconds since the epoch.
    metadata: what the publisher said about it. location: the repository's own address of it, for messages.
    subject: digest of the artifact that this one is about (an SBOM, a provenance, a signature), or empty.
    """

    name: str
    version: str
    digest: str
    size: int = 0
    tree: bool = False
    media_type: str = "application/octet-stream"
    metadata: Mapping[str, str] = field(default_factory=dict)
    published: float | None = None
    location: str = ""
    subject: str = ""
