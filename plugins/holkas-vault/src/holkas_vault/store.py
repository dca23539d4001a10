"""The role: Vault or OpenBao as secret store."""

from __future__ import annotations

import base64
import logging
import os
import re
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, ClassVar
from urllib.parse import quote

from holkas.model.lease import Lease
from holkas.model.secret import Secret
from holkas.roles.errors import AccessDenied, NotFound, ToolError
from holkas.roles.secret_store import SecretStore

from holkas_vault.keeping import Held, Keeper, held
from holkas_vault.key_value import Engine, listed, revealed, stored
from holkas_vault.session import Session, Token
from holkas_vault.settings import Settings

_SIGNATURE = re.compile(r"vault:v[0-9]{1,9}:[A-Za-z0-9+/=_-]+")
log = logging.getLogger("holkas_vault")
_TOKEN = ""
"""Under this id the keeper holds our login; every lease ends with it."""


class VaultStore(SecretStore):
    """Secrets of one key-value mount; credentials and signatures of other engines.

    Static secrets have no leases in Vault, so that ``lease`` is not among the capabilities; credentials have.
    """

    name: ClassVar[str] = "vault"
    capabilities: ClassVar[frozenset[str]] = frozenset({"write", "dynamic", "sign"})

    def __init__(self, settings: Settings, *, environ: Mapping[str, str] = os.environ) -> None:
        self._settings = settings
        self._session = Session(settings, self._logged_in, environ=environ)
        self._engine = Engine(self._session, settings.mount, settings.kv_version)
        self._keeper = Keeper(self._renewed)

    def fault(self) -> str:
        try:
            self._session.ping()
        except ToolError as error:
            return str(error)
        return ""

    def close(self) -> None:
        """Revoke what is leased, then our login. What cannot be revoked is told in the log, and ends by itself."""
        self._keeper.close()
        for id in self._keeper.ids():
            if id != _TOKEN:
                try:
                    self._revoke(id)
                except ToolError as error:
                    log.warning("a lease of Vault is not revoked: %s", error)
        try:
            self._session.close()
        except ToolError as error:
            log.warning("the token of Vault is not revoked: %s", error)

    def read(self, name: str, key: str = "value", *, version: str = "") -> Secret:
        values = self._values(name, version)
        if key not in values:
            raise NotFound(f"secret {name!r} has no key {key!r}", hint=f"it has {', '.join(sorted(values))}")
        return revealed(values[key])

    def keys(self, name: str) -> tuple[str, ...]:
        return tuple(sorted(self._values(name)))

    def names(self, prefix: str = "") -> tuple[str, ...]:
        base = f"{self._settings.prefix}/" if self._settings.prefix else ""
        start = base + prefix[: prefix.rfind("/") + 1]
        if start.strip("/") and not _fit(start.strip("/")):
            return ()
        found = listed(self._engine.get(), start, base + prefix)
        return tuple(sorted(path.removeprefix(base) for path in found))

    def write(self, name: str, values: Mapping[str, Secret]) -> None:
        if not _fit(name):
            raise ToolError(f"{name!r} is no name of a secret")
        self._engine.get().write(self._path(name), {key: stored(secret) for key, secret in values.items()})

    def delete(self, name: str) -> None:
        with suppress(NotFound):
            self._engine.get().delete(self._path(name))

    def credentials(self, role: str) -> Lease:
        if not _fit(role):
            raise NotFound(f"there is no role {role!r}")
        rule = self._settings.credentials.get(role)
        path = str(rule["path"]).strip("/") if rule else f"{self._settings.dynamic_mount}/creds/{role}"
        parameters: Mapping[str, Any] = rule.get("parameters", {}) if rule else {}

        def ask(client: Any) -> Any:
            if parameters:
                return client.write_data(quote(path), data=dict(parameters))
            return client.read(quote(path))

        answer = self._session.call(f"cannot get credentials of {path!r}", ask)
        if answer is None:  # hvac's way to say 404
            raise NotFound(f"there is no role {role!r} at {path!r}")
        lease = _lease(answer, path)
        if lease.id:
            self._keeper.hold(held(lease.id, lease.granted, lease.duration, lease.renewable))
        return lease

    def renew(self, lease: Lease, *, duration: float = 0.0) -> Lease:
        now = time.time()
        try:
            answer = self._session.call(
                "cannot renew a lease",
                lambda client: client.sys.renew_lease(lease.id, increment=round(duration) or None),
            )
        except AccessDenied:
            raise
        except ToolError as error:
            # The server says 400 of a lease that it does not know any more, and of nothing else that can be said here.
            if "lease not found" in str(error) or "invalid lease" in str(error):
                raise NotFound(f"the lease has ended: {error}") from None
            raise
        renewed = Lease(
            id=lease.id,
            values=lease.values,
            granted=now,
            duration=float(answer.get("lease_duration") or 0),
            renewable=bool(answer.get("renewable")),
        )
        self._keeper.hold(held(renewed.id, renewed.granted, renewed.duration, renewed.renewable))
        return renewed

    def revoke(self, lease: Lease) -> None:
        self._revoke(lease.id)

    def sign(self, key: str, data: bytes) -> bytes:
        self._known_key(key)
        answer = self._session.call(
            f"cannot sign with {key!r}",
            lambda client: client.secrets.transit.sign_data(
                key, base64.b64encode(data).decode(), mount_point=self._settings.transit_mount
            ),
        )
        return str(answer["data"]["signature"]).encode()

    def verify(self, key: str, data: bytes, signature: bytes) -> bool:
        self._known_key(key)
        text = signature.decode("ascii", "replace")
        if not _SIGNATURE.fullmatch(text):  # the server calls these a bad request
            return False
        answer = self._session.call(
            f"cannot verify with {key!r}",
            lambda client: client.secrets.transit.verify_signed_data(
                key,
                base64.b64encode(data).decode(),
                signature=text,
                mount_point=self._settings.transit_mount,
            ),
        )
        return answer["data"]["valid"] is True

    def _values(self, name: str, version: str = "") -> Mapping[str, Any]:
        return self._engine.get().read(self._path(name), version)

    def _path(self, name: str) -> str:
        if not _fit(name):
            raise NotFound(f"there is no secret {name!r}")
        return f"{self._settings.prefix}/{name}" if self._settings.prefix else name

    def _known_key(self, key: str) -> None:
        if not _fit(key) or "/" in key:
            raise NotFound(f"there is no key {key!r}")

    def _revoke(self, id: str) -> None:
        # Revoking what the server does not know any more is no error there.
        self._session.call("cannot revoke a lease", lambda client: client.sys.revoke_lease(id))
        self._keeper.drop(id)

    def _logged_in(self, token: Token) -> None:
        self._keeper.hold(held(_TOKEN, token.granted, token.duration, token.renewable))

    def _renewed(self, id: str) -> Held:
        if id == _TOKEN:
            token = self._session.renew_token()
            return held(_TOKEN, token.granted, token.duration, token.renewable)
        now = time.time()
        answer = self._session.call("cannot renew a lease", lambda client: client.sys.renew_lease(id))
        return held(id, now, float(answer.get("lease_duration") or 0), bool(answer.get("renewable")))


def _lease(answer: Any, path: str) -> Lease:
    data = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(data, dict):
        raise ToolError(f"{path!r} gives no credentials")
    return Lease(
        id=str(answer.get("lease_id") or ""),
        values={str(key): revealed(value) for key, value in data.items()},
        granted=time.time(),
        duration=float(answer.get("lease_duration") or 0),
        renewable=bool(answer.get("renewable")),
    )


def _fit(name: str) -> bool:
    """Whether a name stays below its mount: no empty segments, no dots, nothing that cannot be printed."""
    return name.isprintable() and all(part not in ("", ".", "..") for part in name.split("/"))
