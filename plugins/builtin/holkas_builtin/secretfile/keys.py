"""The keys of the encrypted file: where they come from, and how a new one takes their place.

A key is 32 random bytes, written as URL-safe base64. Several may be known: the first is written with, all are read
with, so that a change of the key may be interrupted at any moment.
"""

from __future__ import annotations

import base64
import binascii
import fcntl
import hashlib
import os
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path

from holkas.roles.errors import AccessDenied
from holkas.state.durable import write_durably

VARIABLE = "HOLKAS_SECRETFILE_KEY"
_LENGTH = 32


class KeyRing:
    """Keys from the variable if it is set, else from the file."""

    def __init__(self, path: Path, environ: Mapping[str, str] = os.environ) -> None:
        self.path = path
        self._environ = environ

    @property
    def from_variable(self) -> bool:
        """Whether the variable is set; the file is not looked at then."""
        return bool(self._environ.get(VARIABLE, "").strip())

    def read(self) -> list[bytes]:
        """The keys, that to write with first; none where there is no file. Raises AccessDenied, OSError."""
        if self.from_variable:
            return _decoded(self._environ[VARIABLE].replace(",", " ").split(), f"${VARIABLE}")
        try:
            descriptor = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return []
        with open(descriptor, encoding="ascii", errors="replace") as file:  # noqa: PTH123 - of a descriptor
            if os.fstat(file.fileno()).st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise AccessDenied(
                    f"the key {self.path} can be read by others, and is not used",
                    hint=f"chmod 600 {self.path}, and change the key: holkas secrets rotate",
                )
            return _decoded(file.read(1 << 16).split(), str(self.path))

    def add(self, *, only_if_none: bool = False) -> list[bytes]:
        """Put a new key before the others, which stay: files of other projects may be written with them.

        only_if_none: not when there is one already. The keys as they are then. Raises AccessDenied, OSError.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Not the directory: where the secrets lie in the same one, whoever writes them has locked it already.
        lock = self.path.with_name(f".{self.path.name}.lock")
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            keys = self.read()
            if keys and only_if_none:
                return keys
            keys = [os.urandom(_LENGTH), *keys]
            write_durably(
                self.path, b"".join(base64.urlsafe_b64encode(key) + b"\n" for key in keys), mode=0o600
            )
            return keys
        finally:
            os.close(descriptor)


def fingerprint(key: bytes) -> str:
    """What tells keys apart and says nothing of them."""
    return hashlib.sha256(b"holkas secretfile fingerprint\0" + key).hexdigest()[:16]


def _decoded(words: Sequence[str], where: str) -> list[bytes]:
    keys = []
    for word in words:
        try:
            key = base64.b64decode(word.encode("ascii"), altchars=b"-_", validate=True)
        except (binascii.Error, UnicodeEncodeError, ValueError):
            key = b""
        if len(key) != _LENGTH:
            # The word itself is never told: it may be a key with a typing error.
            raise AccessDenied(
                f"a key of {where} is not {_LENGTH} bytes in base64",
                hint='python3 -c "import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())"',
            )
        keys.append(key)
    return keys
