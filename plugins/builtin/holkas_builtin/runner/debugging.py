"""Something else in the place of a step: a shell for a person, or a command, with all that the step would have."""

from __future__ import annotations

import shlex
from pathlib import Path

from holkas.extensions.executor import Command, Mount
from holkas.model.run_request import Debugging
from holkas.records import replace

TERMINAL = "/holkas/terminal"
"""Where the world finds the directory with the pipes of a terminal; see holkas.cli.terminal."""

COMMAND = "HOLKAS_DEBUG_COMMAND"
"""Variable with what the step itself would start."""

_SHELL = """
exec < "$0/in" > "$0/out" 2>&1
read -r rows columns < "$0/size"
shell=sh
command -v bash > /dev/null && shell=bash
if script -qefc true /dev/null < /dev/null > /dev/null 2>&1; then
  printf r
  exec script -qefc "stty rows $rows cols $columns; exec $shell -i" /dev/null
fi
printf c
exec sh -i
"""
"""``script`` (util-linux) makes a terminal where there is one; else the shell has pipes, and no jobs."""


def in_place_of(command: Command, debugging: Debugging) -> Command:
    """The command to start instead."""
    argv, mounts = debugging.argv, command.mounts
    if debugging.terminal:
        argv = ("/bin/sh", "-c", _SHELL, TERMINAL)
        mounts = (*mounts, Mount(source=Path(debugging.terminal), target=TERMINAL))
    return replace(command, argv=argv, mounts=mounts, env={**command.env, COMMAND: shlex.join(command.argv)})
