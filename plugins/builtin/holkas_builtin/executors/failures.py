"""Why a program could not be started, as a sentence."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator

from holkas.extensions.executor import Command, ExecutorError, Place


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


@contextlib.contextmanager
def preparing(place: Place) -> Iterator[None]:
    """Turns a failure to make the attempt's directories into an ExecutorError."""
    try:
        yield
    except OSError as error:
        where = error.filename or place.directory
        raise ExecutorError(f'cannot prepare "{where}": {os.strerror(error.errno or 0)}') from error
