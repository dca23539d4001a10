"""The role: one encrypted file as secret store."""

from __future__ import annotations

import base64
import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from holkas.model.secret import Secret
from holkas.plugins.provider import Context
from holkas.roles.errors import AccessDenied, Corrupt, NotFound, ToolError
from holkas.roles.faults import told
from holkas.roles.secret_store import SecretStore
from holkas.state.durable import write_durably

from .keys import VARIABLE, KeyRing, fingerprint
from .sealing import MAX_SIZE, opened, sealed

KEPT_VERSIONS = 10

Versions = list[tuple[int, dict[str, bytes]]]
"""A secret's versions, oldest first: number, and value by key."""


class SecretFile(SecretStore):
    """Secrets in a file that is read and written whole. Writers of all processes take turns; a reader sees the old
    file or the new one. The newest versions of each secret are kept."""

    name: ClassVar[str] = "secretfile"
    capabilities: ClassVar[frozenset[str]] = frozenset({"write", "rotate"})

    def __init__(self, context: Context) -> None:
        options = context.options
        self._path = context.place("file", "secrets.json").absolute()
        if options.get("key-file"):
            key = context.project / Path(options["key-file"]).expanduser()
        else:
            import platformdirs

            key = Path(platformdirs.user_config_dir("holkas")) / "secretfile.key"
        self._keys = KeyRing(key.absolute())

    def fault(self) -> str:
        try:
            self._read()
        except ToolError as error:
            return str(error)
        return ""

    def read(self, name: str, key: str = "value", *, version: str = "") -> Secret:
        values = self._values(name, version)
        if key not in values:
            raise NotFound(f"secret {name!r} has no key {key!r}", hint=f"it has {', '.join(sorted(values))}")
        return Secret(values[key])

    def keys(self, name: str) -> tuple[str, ...]:
        return tuple(sorted(self._values(name, "")))

    def names(self, prefix: str = "") -> tuple[str, ...]:
        return tuple(sorted(name for name in self._read() if name.startswith(prefix)))

    def write(self, name: str, values: Mapping[str, Secret]) -> None:
        if not name or not name.isprintable() or name != name.strip("/") or not values:
            raise ToolError(f"{name!r} is no name of a secret, or no value is given")
        revealed = {key: secret.reveal() for key, secret in values.items()}
        with self._locked():
            secrets = self._read()
            versions = secrets.setdefault(name, [])
            if versions and versions[-1][1] == revealed:
                return
            versions.append((versions[-1][0] + 1 if versions else 1, revealed))
            del versions[:-KEPT_VERSIONS]
            self._write(secrets)

    def delete(self, name: str) -> None:
        with self._locked():
            secrets = self._read()
            if secrets.pop(name, None) is not None:
                self._write(secrets)

    def rotate(self) -> None:
        """Encrypt everything with a new key. Killed at any moment, the file can be read with the keys that are known.

        The old key stays in the key's file, for other files that it has written. With the variable the new key is its
        first, and the file is written anew with that.
        """
        with self._locked():
            secrets, keys = self._read(), self._ring()
            if self._keys.from_variable:
                if self._path.exists() and self._sealed_with(keys[0]):
                    raise ToolError(
                        f"the first key of ${VARIABLE} is in use already",
                        hint=f"put a new key before it: {VARIABLE}=NEW,OLD",
                    )
                self._write(secrets)
                return
            self._keys.add()
            if self._path.exists():
                self._write(secrets)

    def _values(self, name: str, version: str) -> dict[str, bytes]:
        versions = self._read().get(name)
        if not versions:
            raise NotFound(f"there is no secret {name!r}")
        if not version:
            return versions[-1][1]
        for number, values in versions:
            if str(number) == version:
                return values
        raise NotFound(f"secret {name!r} has no version {version!r}")

    def _read(self) -> dict[str, Versions]:
        with told(f"cannot read {self._path}"):
            try:
                with self._path.open("rb") as file:
                    data = file.read(MAX_SIZE + 1)
            except FileNotFoundError:
                return {}
            if len(data) > MAX_SIZE:
                raise Corrupt(f"{self._path} has more than {MAX_SIZE >> 20} MiB")
            return _decoded(opened(data, self._ring(), str(self._path)), self._path)

    def _write(self, secrets: Mapping[str, Versions]) -> None:
        keys = self._ring()
        if not keys:
            if self._path.exists():
                raise AccessDenied(f"there is no key to write {self._path} with")
            keys = self._keys.add(only_if_none=True)
        write_durably(self._path, sealed(_encoded(secrets), keys[0]), mode=0o600)

    def _ring(self) -> list[bytes]:
        with told(f"cannot read the key {self._keys.path}"):
            return self._keys.read()

    def _sealed_with(self, key: bytes) -> bool:
        return bool(json.loads(self._path.read_bytes()).get("key") == fingerprint(key))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One writer at a time: the lock is on the directory, so that nothing more lies beside the file."""
        with told(f"cannot write {self._path}"):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                yield
            finally:
                os.close(descriptor)


def _encoded(secrets: Mapping[str, Versions]) -> bytes:
    return json.dumps(
        {
            name: [
                {
                    "version": number,
                    "values": {key: base64.b64encode(value).decode() for key, value in values.items()},
                }
                for number, values in versions
            ]
            for name, versions in sorted(secrets.items())
        }
    ).encode()


def _decoded(data: bytes, path: Path) -> dict[str, Versions]:
    try:
        return {
            name: [
                (int(one["version"]), {key: base64.b64decode(value) for key, value in one["values"].items()})
                for one in versions
            ]
            for name, versions in json.loads(data).items()
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Corrupt(f"what is in {path} is not what holkas writes") from None
