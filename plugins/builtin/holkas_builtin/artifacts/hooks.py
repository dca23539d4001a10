"""Glue: a directory as artifact repository."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from holkas.plugins import hookimpl
from holkas.plugins.provider import Context, Provider

if TYPE_CHECKING:
    import click
    from holkas.roles.artifact_repository import ArtifactRepository

OPTIONS_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "directory": {
            "type": "string",
            "minLength": 1,
            "description": "Where the artifacts lie, relative to the project; below the state without it.",
        },
    },
}


def _make(context: Context) -> ArtifactRepository:
    from holkas_builtin.artifacts.repository import DirectoryRepository

    return DirectoryRepository(context.place("directory", "artifacts"))


@hookimpl
def holkas_artifact_repositories() -> Iterable[Provider[ArtifactRepository]]:
    """A directory."""
    yield Provider(
        name="directory",
        summary="Artifacts in a directory of this machine, by digest, verified whenever they are read.",
        make=_make,
        capabilities=frozenset({"tag", "delete", "referrers"}),
        options_schema=OPTIONS_SCHEMA,
    )


def _command(context: Context) -> click.Command:
    from holkas_builtin.artifacts.command import command

    return command


@hookimpl
def holkas_commands() -> Iterable[Provider[click.Command]]:
    """Garbage collection."""
    yield Provider(name="artifacts", summary="Take care of the directory of artifacts.", make=_command)
