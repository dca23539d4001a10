"""A secret store in memory, with every capability of the role."""

from __future__ import annotations

import hashlib
import hmac
import itertools
from collections.abc import Callable, Mapping
from dataclasses import replace
from threading import RLock
from time import time as now
from typing import ClassVar

from holkas.model.lease import Lease
from holkas.model.secret import Secret
from holkas.roles.errors import NotFound
from holkas.roles.secret_store import SecretStore


class FakeSecretStore(SecretStore):
    """Secrets given when it is made, and those written later. ``clock`` gives the time, for tests of leases.

    Any role of ``credentials`` and any key of ``sign`` exists. ``leases``: those that were neither revoked
    nor ended by ``close``. ``rotations``: how often the key was replaced.
    """

    name: ClassVar[str] = "fake"
    capabilities: ClassVar[frozenset[str]] = frozenset({"write", "lease", "sign", "dynamic", "rotate"})

    def __init__(
        self,
        secrets: Mapping[str, Mapping[str, str]] | None = None,
        *,
        clock: Callable[[], float] = now,
        default_duration: float = 3600.0,
    ) -> None:
        self._versions: dict[str, list[dict[str, Secret]]] = {}
        self._lock = RLock()
        self._clock = clock
        self._duration = default_duration
        self._numbers = itertools.count(1)
        self.leases: dict[str, Lease] = {}
        self.rotations = 0
        for name, values in (secrets or {}).items():
            self.write(name, {key: Secret(value) for key, value in values.items()})

    def read(self, name: str, key: str = "value", *, version: str = "") -> Secret:
        with self._lock:
            values = self._values(name, version)
        if key not in values:
            raise NotFound(f"secret {name!r} has no key {key!r}", hint=f"it has {', '.join(sorted(values))}")
        return values[key]

    def keys(self, name: str) -> tuple[str, ...]:
        with self._lock:
            return tuple(sorted(self._values(name)))

    def names(self, prefix: str = "") -> tuple[str, ...]:
        with self._lock:
            return tuple(sorted(name for name in self._versions if name.startswith(prefix)))

    def write(self, name: str, values: Mapping[str, Secret]) -> None:
        with self._lock:
            versions = self._versions.setdefault(name, [])
            if not versions or versions[-1] != dict(values):
                versions.append(dict(values))

    def delete(self, name: str) -> None:
        with self._lock:
            self._versions.pop(name, None)

    def lease(self, name: str, *, duration: float = 0.0) -> Lease:
        with self._lock:
            return self._grant(self._values(name), duration)

    def renew(self, lease: Lease, *, duration: float = 0.0) -> Lease:
        with self._lock:
            held = self.leases.get(lease.id)
            if held is None or (held.expires is not None and held.expires <= self._clock()):
                raise NotFound(f"lease {lease.id} has ended")
            renewed = replace(held, granted=self._clock(), duration=duration or self._duration)
            self.leases[lease.id] = renewed
            return renewed

    def revoke(self, lease: Lease) -> None:
        with self._lock:
            self.leases.pop(lease.id, None)

    def credentials(self, role: str) -> Lease:
        with self._lock:
            number = next(self._numbers)
            made = {"username": Secret(f"{role}-{number}"), "password": Secret(f"password-{number}")}
            return self._grant(made, 0.0)

    def sign(self, key: str, data: bytes) -> bytes:
        return hmac.new(key.encode(), data, hashlib.sha256).digest()

    def verify(self, key: str, data: bytes, signature: bytes) -> bool:
        return hmac.compare_digest(self.sign(key, data), signature)

    def rotate(self) -> None:
        self.rotations += 1

    def close(self) -> None:
        with self._lock:
            self.leases.clear()

    def _grant(self, values: Mapping[str, Secret], duration: float) -> Lease:
        lease = Lease(
            id=f"lease-{next(self._numbers)}",
            values=dict(values),
            granted=self._clock(),
            duration=duration or self._duration,
            renewable=True,
        )
        self.leases[lease.id] = lease
        return lease

    def _values(self, name: str, version: str = "") -> dict[str, Secret]:
        versions = self._versions.get(name)
        if not versions:
            raise NotFound(f"there is no secret {name!r}")
        if not version:
            return versions[-1]
        if not version.isdigit() or not 1 <= int(version) <= len(versions):
            raise NotFound(f"secret {name!r} has no version {version!r}")
        return versions[int(version) - 1]
