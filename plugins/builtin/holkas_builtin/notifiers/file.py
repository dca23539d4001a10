"""Notices as lines of JSON in a file, each notice once."""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path
from typing import ClassVar

from holkas.extensions.notice_wording import as_json
from holkas.extensions.notifier import Notifier
from holkas.model.notice import Notice
from holkas.roles.faults import told


class FileNotifier(Notifier):
    """Appends to a file that other programs may read meanwhile. A notice whose id is there already is left out."""

    name: ClassVar[str] = "file"

    def __init__(self, path: Path) -> None:
        self._path = path

    def notify(self, notice: Notice) -> None:
        line = json.dumps(as_json(notice), ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        with told(f"cannot write {self._path}"):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            with open(descriptor, "r+b") as file:  # noqa: PTH123 - of a descriptor
                fcntl.flock(file.fileno(), fcntl.LOCK_EX)
                whole = 0
                for known in file:
                    if not known.endswith(b"\n"):
                        break  # somebody was killed while writing it
                    whole += len(known)
                    if _id(known) == notice.id:
                        return
                file.seek(whole)
                file.truncate()
                file.write(line)
                file.flush()
                os.fsync(file.fileno())


def _id(line: bytes) -> str:
    try:
        fields = json.loads(line)
    except ValueError:
        return ""
    return str(fields.get("id", "")) if isinstance(fields, dict) else ""
