"""Glue: the targets that come with holkas."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from holkas.plugins import hookimpl
from holkas.plugins.provider import Context, Provider

if TYPE_CHECKING:
    from holkas.extensions.target import Target

_DESTINATION = {
    "type": "string",
    "description": "The destination that this is for; filled in by holkas.",
}
DIRECTORY_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "directory": {
            "type": "string",
            "description": "Where the files are, relative to the project; `live` without it.",
        },
        "history": {
            "type": "boolean",
            "description": "Commit the files after each sync, to a git repository of their own.",
        },
        "destination": _DESTINATION,
    },
}
MEMORY_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"destination": _DESTINATION},
}


def _directory(context: Context) -> Target:
    from holkas_builtin.targets.directory import DirectoryTarget

    root = context.project / context.options.get("directory", "live")
    return DirectoryTarget(
        root,
        destination=context.options.get("destination", ""),
        history=bool(context.options.get("history", False)),
    )


def _memory(context: Context) -> Target:
    from holkas_builtin.targets.memory import MemoryTarget

    return MemoryTarget()


@hookimpl
def holkas_targets() -> Iterator[Provider[Target]]:
    """A directory of manifests, and memory."""
    yield Provider(
        name="directory",
        summary="Resources as files, with a history in git if wanted.",
        make=_directory,
        capabilities=frozenset(),
        options_schema=DIRECTORY_SCHEMA,
    )
    yield Provider(
        name="memory",
        summary="Resources that are gone with the command: to see what a sync would do.",
        make=_memory,
        options_schema=MEMORY_SCHEMA,
    )
