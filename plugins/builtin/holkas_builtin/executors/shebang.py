"""The first line of scripts, and who reads it on this machine."""

from __future__ import annotations

import os
from collections.abc import Sequence


def first_line(program: str, cwd: str) -> list[str]:
    """Interpreter and its one argument from a script's ``#!`` line; empty where there is none."""
    try:
        descriptor = os.open(os.path.join(cwd, program), os.O_RDONLY | os.O_CLOEXEC)  # noqa: PTH118 - for every step
        try:
            line = os.read(descriptor, 4096).partition(b"\n")[0]
        finally:
            os.close(descriptor)
    except (OSError, ValueError):
        return []
    if not line.startswith(b"#!"):
        return []
    return os.fsdecode(line[2:].strip()).split(maxsplit=1)


def interpreter(script: str, cwd: str) -> str:
    """The program that a script's ``#!`` line names; empty where there is none."""
    line = first_line(script, cwd)
    return line[0] if line else ""


def with_shell(argv: list[str], shell: Sequence[str], cwd: str) -> list[str]:
    """The command with the stand-in for /bin/sh of its image, where the host's own cannot be covered by a mount.

    shell: how the stand-in is called; empty where there is none.
    """
    if not shell:
        return argv
    if argv[0] in ("sh", "/bin/sh"):
        return [*shell, *argv[1:]]
    line = first_line(argv[0], cwd) if "/" in argv[0] else []
    return [*shell, *line[1:], *argv] if line and line[0] == "/bin/sh" else argv
