"""Glue: the source fetchers, those that need no network first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from holkas.plugins import hookimpl
from holkas.plugins.provider import Context, Provider

if TYPE_CHECKING:
    from holkas.extensions.source_fetcher import SourceFetcher

CREDENTIALS_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "credentials": {
            "type": "array",
            "description": "Where a password or token is needed, and which environment variable holds it.",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["url", "variable"],
                "properties": {
                    "url": {"type": "string", "description": "What a repository's URL begins with."},
                    "username": {"type": "string"},
                    "variable": {"type": "string", "description": "Name of the environment variable."},
                },
            },
        }
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


def _local(context: Context) -> SourceFetcher:
    from holkas_builtin.sources.local import LocalFetcher

    return LocalFetcher(context)


def _helm_repository(context: Context) -> SourceFetcher:
    from holkas_builtin.sources.helm_repository import HelmRepositoryFetcher

    return HelmRepositoryFetcher(context)


def _oci(context: Context) -> SourceFetcher:
    from holkas_builtin.sources.oci import OciFetcher

    return OciFetcher(context)


def _version_control(context: Context) -> SourceFetcher:
    from holkas_builtin.sources.remote_git import VersionControlFetcher

    return VersionControlFetcher(context)


@hookimpl
def holkas_source_fetchers() -> Iterator[Provider[SourceFetcher]]:
    """Directories and repositories of this machine, helm repositories, registries, and git for the rest."""
    yield Provider(name="local", summary="Directories and git repositories of this machine.", make=_local)
    yield Provider(
        name="helm-repository",
        summary="Charts of helm repositories, digests checked.",
        make=_helm_repository,
        options_schema=CREDENTIALS_SCHEMA,
    )
    yield Provider(
        name="oci",
        summary="Charts and files of OCI registries, by digest.",
        make=_oci,
        options_schema=CREDENTIALS_SCHEMA,
    )
    yield Provider(
        name="version-control",
        summary="Repositories elsewhere, through the installed version control.",
        make=_version_control,
        options_schema=VERSION_CONTROL_SCHEMA,
    )
