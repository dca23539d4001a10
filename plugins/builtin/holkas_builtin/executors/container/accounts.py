"""Which user a container runs as, and where that user is at home: what /etc/passwd of its image says.

An engine gives a container the user's own HOME, unless the image sets one; ssh looks there whatever HOME is. Source:
the OCI image specification, ``Env`` and ``User``; passwd(5).
"""

from __future__ import annotations

import io
import tarfile
import threading

from holkas.extensions.executor import Account

from .engine import EngineError
from .image import Image
from .machinery import Machinery

_LARGEST = 1 << 20
"""Bytes that are read of the archive with an image's list of users."""


class Accounts:
    """Looks each image's users up once. Safe for threads."""

    def __init__(self, machinery: Machinery) -> None:
        self._machinery = machinery
        self._lock = threading.Lock()
        self._users: dict[str, str] = {}

    def account(self, image: Image, user: int | None) -> Account:
        """The user that a container of the image runs as; ``user``: what the step says."""
        wanted = image.user.partition(":")[0] if user is None else str(user)
        if wanted in ("", "0", "root"):
            return Account(home=_home(image.home))
        with self._lock:
            if image.id not in self._users:
                self._users[image.id] = self._read(image)
        for line in self._users[image.id].splitlines():
            fields = line.split(":")
            if len(fields) >= 6 and wanted in (fields[0], fields[2]) and fields[2].isdecimal():
                return Account(home=_home(image.home or fields[5]), user=int(fields[2]))
        return Account(home=_home(image.home), user=int(wanted) if wanted.isdecimal() else None)

    def _read(self, image: Image) -> str:
        """The text of /etc/passwd; empty where the image has none."""
        engine, name = self._machinery.engine, self._machinery.new_name()
        try:
            engine.call(
                "create", f"--name={name}", *self._machinery.owner.labels, "--pull=never", image.id, "true"
            )
            packed, _ = engine.head("cp", f"{name}:/etc/passwd", "-", size=_LARGEST)
            with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
                entry = archive.next()
                file = None if entry is None or not entry.isreg() else archive.extractfile(entry)
                return "" if file is None else file.read(_LARGEST).decode("utf-8", "replace")
        except (EngineError, tarfile.TarError, OSError):
            return ""
        finally:
            self._machinery.rubbish(name)


def _home(path: str) -> str:
    """A directory for files of ours; the root directory, where users without a home are at home, is none."""
    return path if path.startswith("/") and path.strip("/") else Account().home
