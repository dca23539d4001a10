"""Puts a directory of programs before all others on the PATH of a step.

What PATH is without it only the executor knows, or the image; so the step's world itself is asked, by a shell.
"""

from __future__ import annotations

from pathlib import Path

from holkas.extensions.executor import Command, Mount
from holkas.records import replace

INSIDE = "/holkas/first"
"""Where a step finds the directory."""

_ENTER = 'PATH="$0:$PATH"; export PATH; exec "$@"'


def found_first(command: Command, directory: str) -> Command:
    """The command, started by a shell that has put ``bin`` of the directory before PATH."""
    if command.by_image:  # what the image starts by itself is no tool of a script
        return command
    return replace(
        command,
        argv=("/bin/sh", "-c", _ENTER, f"{INSIDE}/bin", *command.argv),
        mounts=(*command.mounts, Mount(source=Path(directory), target=INSIDE)),
    )
