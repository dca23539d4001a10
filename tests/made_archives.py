"""Tar archives for tests."""

from __future__ import annotations

import io
import tarfile


def archive(*members, mode="w:gz"):
    """An archive of (name, content or target, type)."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as tar:
        for name, content, kind in members:
            info = tarfile.TarInfo(name)
            info.type = kind
            if kind in (tarfile.SYMTYPE, tarfile.LNKTYPE):
                info.linkname = content
                tar.addfile(info)
            else:
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content.encode()))
    return out.getvalue()


def file(name, content="x"):
    """A member that is a file."""
    return name, content, tarfile.REGTYPE
