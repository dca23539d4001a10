"""Why a program could not be started, as a sentence."""

from __future__ import annotations

import errno
import os

from holkas.extensions.executor import Command, ExecutorError


def start_failure(number: int, command: Command, interpreter: str = "") -> ExecutorError:
    """The sentence for an errno of exec. ``interpreter``: that of the script, where it is the missing one."""
    program = command.argv[0] if command.argv else ""
    image = f" (image {command.image})" if command.image else ""
    if number == errno.ENOENT and interpreter:
        why = f'its interpreter "{interpreter}" is not on this machine'
    elif number == errno.ENOENT:
        why = "there is no such program on this machine"
    elif number == errno.ENOEXEC:
        why = "exec format error: it is neither a program for this machine nor a script that begins with #!"
    elif number == errno.EACCES:
        why = "permission denied: it is a directory or not executable"
    elif number == errno.E2BIG:
        why = "its arguments and environment are too long"
    else:
        why = os.strerror(number)
    return ExecutorError(f'cannot start "{program}"{image}: {why}')
