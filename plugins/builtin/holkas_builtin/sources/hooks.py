"""Glue: the source fetchers, those that need no network first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from holkas.plugins import Provider, hookimpl, made_by

from holkas_builtin.credentials import credentials_schema

if TYPE_CHECKING:
    from holkas.extensions.source_fetcher import SourceFetcher

CREDENTIALS_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "credentials": credentials_schema("What a repository's URL begins with."),
    },
}
VERSION_CONTROL_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "version_control": {
            "type": "string",
            "description": "Name of the version control that fetches; git without it.",
        }
    },
}


@hookimpl
def holkas_source_fetchers() -> Iterator[Provider[SourceFetcher]]:
    """Directories and repositories of this machine, helm repositories, registries, and git for the rest."""
    yield Provider(
        name="local",
        summary="Directories and git repositories of this machine.",
        make=made_by("holkas_builtin.sources.local:LocalFetcher"),
    )
    yield Provider(
        name="helm-repository",
        summary="Charts of helm repositories, digests checked.",
        make=made_by("holkas_builtin.sources.helm_repository:HelmRepositoryFetcher"),
        options_schema=CREDENTIALS_SCHEMA,
    )
    yield Provider(
        name="oci",
        summary="Charts and files of OCI registries, by digest.",
        make=made_by("holkas_builtin.sources.oci:OciFetcher"),
        options_schema=CREDENTIALS_SCHEMA,
    )
    yield Provider(
        name="version-control",
        summary="Repositories elsewhere, through the installed version control.",
        make=made_by("holkas_builtin.sources.remote_git:VersionControlFetcher"),
        options_schema=VERSION_CONTROL_SCHEMA,
    )
