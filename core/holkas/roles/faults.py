"""What the operating system refuses, as an error of the role."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from holkas.roles.errors import AccessDenied, Retryable, ToolError

_LATER = {errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.EINTR, errno.EAGAIN}


@contextmanager
def told(what: str) -> Iterator[None]:
    """Tell an OSError as a ToolError. ``what``: a beginning of a sentence (``cannot publish x``)."""
    try:
        yield
    except OSError as error:
        place = f": {error.filename}" if error.filename else ""
        message = f"{what}: {error.strerror}{place}"
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise AccessDenied(message) from error
        if error.errno in _LATER:
            raise Retryable(message) from error
        raise ToolError(message) from error
