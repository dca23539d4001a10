"""Starting a program from a process that has one thread and nothing to hide."""

from __future__ import annotations

import errno
import os
import signal

RESET = tuple(
    number
    for number in (
        signal.SIGPIPE,
        signal.SIGINT,
        signal.SIGTERM,
        signal.SIGCHLD,
        getattr(signal, "SIGXFSZ", None),
    )
    if number is not None
)
"""Signals that Python or the launcher treats in its own way."""


def spawn(argv: list[str], env: dict[str, str], stdout: int, stderr: int) -> int:
    """Start a program found as execvp would, with /dev/null as input, as leader of a session of its own; its id.

    Raises OSError with exec's errno.
    """
    actions = (
        (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
        (os.POSIX_SPAWN_DUP2, stdout, 1),
        (os.POSIX_SPAWN_DUP2, stderr, 2),
    )
    program = argv[0]
    places = (
        [program] if "/" in program else [f"{entry or '.'}/{program}" for entry in env["PATH"].split(":")]
    )
    failure: OSError | None = None
    for path in places:
        try:
            return os.posix_spawn(
                path, argv, env, file_actions=actions, setsid=True, setsigmask=(), setsigdef=RESET
            )
        except (FileNotFoundError, NotADirectoryError) as error:
            failure = failure or error
        except PermissionError as error:
            failure = error
    raise failure or FileNotFoundError(errno.ENOENT, "no PATH", program)
