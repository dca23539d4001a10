"""Releases: artifacts with the configuration of one environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path

from holkas.model.artifact import Artifact
from holkas.model.revision import Revision
from holkas.model.secret import Secret
from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What differs between environments. ``files``: relative POSIX path → content."""

    values: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, Secret] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What an environment is to run.

    id: the same for the same artifacts and configuration; the core makes it, agents keep it and give it back.
    content: artifact name → file or directory of this machine with the content, its digest verified.
    revision: of the sources; None where it is not known.
    """

    id: str
    artifacts: tuple[Artifact, ...] = ()
    configuration: Configuration = field(default_factory=Configuration)
    content: Mapping[str, Path] = field(default_factory=dict)
    revision: Revision | None = None
