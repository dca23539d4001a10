"""The two key-value engines as one: names, keys, versions.

Source: Vault, "KV secrets engine - version 1 (API)" and "version 2 (API)".
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from threading import Lock
from typing import Any, Protocol

from holkas.model.secret import Secret
from holkas.roles.errors import NotFound, ToolError

from holkas_vault.session import Session

BYTES = "holkas.base64"
"""Key of the object that a value is kept as when it is not UTF-8: JSON has no bytes."""

_MAX_NAMES = 100_000
_MAX_DEPTH = 64


class KeyValue(Protocol):
    """One mounted engine. Paths are whole, below the mount."""

    def read(self, path: str, version: str) -> Mapping[str, Any]: ...
    def write(self, path: str, values: Mapping[str, Any]) -> None: ...
    def delete(self, path: str) -> None: ...
    def list(self, path: str) -> list[str]: ...


class KeyValueOne:
    """Version 1: one value a key, no history."""

    def __init__(self, session: Session, mount: str) -> None:
        self._session, self._mount = session, mount

    def read(self, path: str, version: str) -> Mapping[str, Any]:
        if version:
            raise NotFound(
                f"secret {path!r} has no version {version!r}", hint="this engine keeps no versions"
            )
        answer = self._session.call(
            f"cannot read secret {path!r}",
            lambda client: client.secrets.kv.v1.read_secret(path, mount_point=self._mount),
        )
        return _object(answer, "data")

    def write(self, path: str, values: Mapping[str, Any]) -> None:
        # By POST: hvac would otherwise ask first whether the secret is there, which not every policy allows.
        self._session.call(
            f"cannot write secret {path!r}",
            lambda client: client.secrets.kv.v1.create_or_update_secret(
                path, dict(values), method="POST", mount_point=self._mount
            ),
        )

    def delete(self, path: str) -> None:
        self._session.call(
            f"cannot delete secret {path!r}",
            lambda client: client.secrets.kv.v1.delete_secret(path, mount_point=self._mount),
        )

    def list(self, path: str) -> list[str]:
        answer = self._session.call(
            f"cannot list secrets below {path!r}",
            lambda client: client.secrets.kv.v1.list_secrets(path, mount_point=self._mount),
        )
        return _names(answer)


class KeyValueTwo:
    """Version 2: each write is a version."""

    def __init__(self, session: Session, mount: str) -> None:
        self._session, self._mount = session, mount

    def read(self, path: str, version: str) -> Mapping[str, Any]:
        if version and not (version.isascii() and version.isdigit() and 0 < int(version) < 1 << 31):
            raise NotFound(f"secret {path!r} has no version {version!r}", hint="versions are numbers from 1")
        answer = self._session.call(
            f"cannot read secret {path!r}",
            lambda client: client.secrets.kv.v2.read_secret_version(
                path,
                version=int(version) if version else None,
                mount_point=self._mount,
                raise_on_deleted_version=True,
            ),
        )
        return _object(_object(answer, "data"), "data")

    def write(self, path: str, values: Mapping[str, Any]) -> None:
        self._session.call(
            f"cannot write secret {path!r}",
            lambda client: client.secrets.kv.v2.create_or_update_secret(
                path, dict(values), mount_point=self._mount
            ),
        )

    def delete(self, path: str) -> None:
        self._session.call(
            f"cannot delete secret {path!r}",
            lambda client: client.secrets.kv.v2.delete_metadata_and_all_versions(
                path, mount_point=self._mount
            ),
        )

    def list(self, path: str) -> list[str]:
        answer = self._session.call(
            f"cannot list secrets below {path!r}",
            lambda client: client.secrets.kv.v2.list_secrets(path, mount_point=self._mount),
        )
        return _names(answer)


class Engine:
    """The mounted engine, of the version that the settings say or that the server tells when it is first asked."""

    def __init__(self, session: Session, mount: str, version: int) -> None:
        self._session, self._mount, self._version = session, mount, version
        self._lock = Lock()

    def get(self) -> KeyValue:
        """The engine. Raises errors of the role."""
        with self._lock:
            if not self._version:
                self._version = self._told()
        return (KeyValueOne if self._version == 1 else KeyValueTwo)(self._session, self._mount)

    def _told(self) -> int:
        what = f"cannot find the mount {self._mount!r}"
        answer = self._session.call(what, lambda client: client.read(f"sys/internal/ui/mounts/{self._mount}"))
        data = answer.get("data") if isinstance(answer, dict) else None
        if not isinstance(data, dict) or data.get("type") not in ("kv", "generic"):
            raise ToolError(f"{self._mount!r} is no key-value engine", hint="set mount of the plugin")
        options = data.get("options")
        return 2 if isinstance(options, dict) and str(options.get("version")) == "2" else 1


def listed(engine: KeyValue, start: str, prefix: str) -> Iterator[str]:
    """Paths below ``start`` that begin with ``prefix``; directories that cannot hold one are not asked for."""
    waiting, found = [start], 0
    while waiting:
        directory = waiting.pop()
        if directory.count("/") > _MAX_DEPTH:
            raise ToolError(f"secrets lie more than {_MAX_DEPTH} directories deep")
        try:
            names = engine.list(directory)
        except NotFound:
            continue
        for name in names:
            path = f"{directory}{name}"
            if name.endswith("/"):
                if path.startswith(prefix) or prefix.startswith(path):
                    waiting.append(path)
            elif path.startswith(prefix):
                found += 1
                if found > _MAX_NAMES:
                    raise ToolError(
                        f"there are more than {_MAX_NAMES} secrets", hint="give a longer beginning"
                    )
                yield path


def stored(secret: Secret) -> Any:
    """A value as JSON keeps it."""
    data = secret.reveal()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return {BYTES: base64.b64encode(data).decode()}


def revealed(value: Any) -> Secret:
    """A value as it was written, by us or by anybody: what is no text is its JSON."""
    if isinstance(value, str):
        return Secret(value)
    if isinstance(value, dict) and value.keys() == {BYTES}:
        try:
            return Secret(base64.b64decode(value[BYTES], validate=True))
        except (binascii.Error, TypeError, ValueError):
            raise ToolError(f"a value says that it is {BYTES}, and is not") from None
    return Secret(json.dumps(value, ensure_ascii=False))


def _object(answer: Any, key: str) -> Mapping[str, Any]:
    value = answer.get(key) if isinstance(answer, dict) else None
    if not isinstance(value, dict):
        raise ToolError(
            "the server does not answer as Vault does: a standby that redirects, or no Vault at all"
        )
    return value


def _names(answer: Any) -> list[str]:
    keys = _object(answer, "data").get("keys")
    return [one for one in (keys if isinstance(keys, list) else ()) if isinstance(one, str)]
