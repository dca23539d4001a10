"""A login at one server that lasts as long as it is needed.

Source: Vault, "Tokens" and "AppRole auth method".
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from threading import RLock
from typing import Any, TypeVar

from holkas.records import dataclass
from holkas.roles.errors import AccessDenied, ToolError

from holkas_vault.faults import told
from holkas_vault.settings import Settings

T = TypeVar("T")
_MAX_FILE = 64 << 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """How long a login lasts: ``duration`` seconds from ``granted``, 0 for ever. ``ours``: made by this session."""

    granted: float
    duration: float
    renewable: bool
    ours: bool


class Session:
    """Logs in with the first call, and again when the server does not know the token any more. Threads: all methods.

    ``logged_in`` is called with each login.
    """

    def __init__(
        self,
        settings: Settings,
        logged_in: Callable[[Token], None] = lambda _: None,
        *,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self._settings = settings
        self._environ = environ
        self._logged_in = logged_in
        self._lock = RLock()
        self._client: Any = None
        self._token: Token | None = None

    def call(self, what: str, do: Callable[[Any], T]) -> T:
        """Do something with hvac's client. ``what``: a beginning of a sentence. Raises errors of the role."""
        client, token = self._ready()
        try:
            with told(what):
                return do(client)
        except AccessDenied:
            # Either the policy does not allow it, or the token has ended: then a new login helps.
            if not self._renewed_login(client, token):
                raise
        with told(what):
            return do(self._ready()[0])

    def ping(self) -> None:
        """Whether the server answers, is unsealed and lets us in. Raises errors of the role."""
        client = self._made()
        with told(f"{self._settings.address} is not ready"):
            health = client.sys.read_health_status(method="GET")
            if isinstance(health, dict) and health.get("sealed"):
                raise ToolError(f"{self._settings.address} is sealed")
        self.call("cannot log in", lambda client: client.auth.token.lookup_self())

    def renew_token(self) -> Token:
        """Let the login last longer. Raises errors of the role."""
        answer = self.call("cannot renew the token", lambda client: client.auth.token.renew_self())
        with self._lock:
            self._token = _token_of(auth_of(answer), ours=self._token is not None and self._token.ours)
            return self._token

    def close(self) -> None:
        """Revoke the token where it was made by us. Raises errors of the role."""
        with self._lock:
            client, token = self._client, self._token
            self._client = self._token = None
        if client is None:
            return
        try:
            if token is not None and token.ours:
                with told("cannot revoke the token"):
                    client.auth.token.revoke_self()
        finally:
            client.adapter.close()

    def _ready(self) -> tuple[Any, Token]:
        with self._lock:
            client = self._made()
            if self._token is None:
                self._log_in(client)
            assert self._token is not None
            return client, self._token

    def _made(self) -> Any:
        with self._lock:
            if self._client is None:
                import hvac

                given = self._settings
                self._client = hvac.Client(
                    url=given.address,
                    token="",
                    namespace=given.namespace or None,
                    verify=given.ca_file or True,
                    cert=given.client_certificate,
                    timeout=given.timeout,
                    allow_redirects=False,  # requests would take the token along to any host
                )
            return self._client

    def _renewed_login(self, client: Any, token: Token) -> bool:
        """Whether there is a new login, by us or by another thread."""
        with self._lock:
            if self._token is not token or self._client is not client:
                return True
            before = client.token
            try:
                with told("cannot look at the token"):
                    client.auth.token.lookup_self()
            except AccessDenied:
                self._token = None
                self._log_in(client)
                return token.ours or client.token != before
            return False

    def _log_in(self, client: Any) -> None:
        if self._settings.auth == "approle":
            secret_id = self._secret_id()
            client.token = ""
            with told("cannot log in with AppRole"):
                answer = client.auth.approle.login(
                    self._settings.role_id, secret_id, mount_point=self._settings.auth_mount
                )
                self._token = _token_of(auth_of(answer), ours=True)
        else:
            client.token = self._given_token()
            with told("cannot log in with the token"):
                answer = client.auth.token.lookup_self()
                data = answer.get("data") or {}
                self._token = _token_of(
                    {"lease_duration": data.get("ttl", 0), "renewable": data.get("renewable", False)},
                    ours=False,
                )
        self._logged_in(self._token)

    def _given_token(self) -> str:
        for name in self._settings.token_variables:
            if token := self._environ.get(name, "").strip():
                return token
        file = self._settings.token_file
        if file is not None and file.is_file():
            return _read(file, "the token")
        names = " or ".join(f"${name}" for name in self._settings.token_variables)
        raise AccessDenied(
            "there is no token for Vault", hint=f"set {names}{f', or write {file}' if file else ''}"
        )

    def _secret_id(self) -> str:
        if self._settings.secret_id_file is not None:
            return _read(self._settings.secret_id_file, "the secret id")
        name = self._settings.secret_id_variable
        if secret_id := self._environ.get(name, "").strip():
            return secret_id
        raise AccessDenied("there is no secret id for the AppRole", hint=f"set ${name}, or secret-id-file")


def auth_of(answer: Any) -> Mapping[str, Any]:
    """The part of an answer that is about a token."""
    auth = answer.get("auth") if isinstance(answer, dict) else None
    return auth if isinstance(auth, dict) else {}


def _token_of(auth: Mapping[str, Any], *, ours: bool) -> Token:
    return Token(
        granted=time.time(),
        duration=float(auth.get("lease_duration") or 0),
        renewable=bool(auth.get("renewable")),
        ours=ours,
    )


def _read(path: Any, what: str) -> str:
    try:
        with path.open("rb") as file:
            text: str = file.read(_MAX_FILE).decode("ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise AccessDenied(f"{what} cannot be read from {path}") from None
    if not text:
        raise AccessDenied(f"{path} is empty, and should hold {what}")
    return text
