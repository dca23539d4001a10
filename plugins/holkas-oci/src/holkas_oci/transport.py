"""HTTP to one registry: who asks, redirects, and what an answer means as an error of the role."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urljoin, urlsplit

import urllib3
from holkas.roles.errors import AccessDenied, Conflict, NotFound, Retryable, ToolError

from holkas_oci.credentials import Login

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

MAX_MANIFEST = 4 << 20
_MAX_ERROR = 64 << 10
_MAX_REDIRECTS = 5
_WAITS = (0.05, 0.2, 0.8)
"""Seconds before a request is sent again."""
_CHALLENGE = re.compile(r'(\w+)="([^"]*)"')
_SECRET = re.compile(r"[?#].*")
_REDIRECTS = (301, 302, 303, 307, 308)


class Transport:
    """Requests to a registry. Threads: all methods.

    base: scheme and host. ca_file: certificates to trust, the system's where it is empty. timeout: seconds without
    a byte. login: asked when the registry wants to know who we are, with the repository.
    """

    def __init__(
        self, base: str, *, ca_file: str, timeout: float, login: Callable[[str], Login | None]
    ) -> None:
        self.base = base
        limits = urllib3.Timeout(connect=min(timeout, 10.0), read=timeout)
        self._pool = _pool(
            base, {"timeout": limits, "retries": False, **({"ca_certs": ca_file} if ca_file else {})}
        )
        self._login = login
        self._headers: dict[str, str] = {}
        self._lock = Lock()

    def close(self) -> None:
        """Give back the connections."""
        self._pool.clear()

    def send(
        self,
        method: str,
        url: str,
        *,
        repository: str = "",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        expected: tuple[int, ...] = (200,),
        again: bool | None = None,
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Status, headers and body of a small answer. ``url``: a path, or an address that the registry gave.

        again: whether it may be sent again at once when the registry fails (some do while others write the same tag);
        what reads may, without it. Raises NotFound, AccessDenied, Conflict, Retryable, ToolError for a status that is
        not expected.
        """
        waits = _WAITS if (method in ("GET", "HEAD") if again is None else again) else ()
        for wait in waits:
            try:
                return self._send(method, url, repository, body, headers or {}, expected)
            except Retryable as error:
                if error.after > 1.0:
                    raise
                time.sleep(wait)
        return self._send(method, url, repository, body, headers or {}, expected)

    def _send(
        self,
        method: str,
        url: str,
        repository: str,
        body: bytes | None,
        headers: Mapping[str, str],
        expected: tuple[int, ...],
    ) -> tuple[int, Mapping[str, str], bytes]:
        with self._answer(method, url, repository, body, headers) as answer:
            data = _read(answer, MAX_MANIFEST if answer.status in expected else _MAX_ERROR)
            if answer.status not in expected:
                raise _refused(method, self._absolute(url), answer.status, answer.headers, data)
            return answer.status, {name.lower(): value for name, value in answer.headers.items()}, data

    @contextmanager
    def stream(self, url: str, *, repository: str, offset: int = 0) -> Iterator[tuple[int, Iterator[bytes]]]:
        """A large answer in pieces, from a byte on where the registry can do that: the byte that it begins with, and
        the pieces. Raises as :meth:`send`."""
        headers = {"Range": f"bytes={offset}-"} if offset else {}
        with self._answer("GET", url, repository, None, headers) as answer:
            if answer.status not in (200, 206):
                data = _read(answer, _MAX_ERROR)
                raise _refused("GET", self._absolute(url), answer.status, answer.headers, data)
            yield offset if answer.status == 206 else 0, self._pieces(answer, url)

    def _pieces(self, answer: BaseHTTPResponse, url: str) -> Iterator[bytes]:
        try:
            yield from answer.stream(1 << 20, decode_content=False)
        except urllib3.exceptions.HTTPError as error:
            raise Retryable(f"{_shown(self._absolute(url))} ends early: {_kind(error)}") from None

    @contextmanager
    def _answer(
        self, method: str, url: str, repository: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Iterator[BaseHTTPResponse]:
        answer = self._asked(method, url, repository, body, headers)
        try:
            yield answer
            answer.drain_conn()
        except BaseException:
            answer.close()  # what was not read of it must not be the next answer's beginning
            raise
        finally:
            answer.release_conn()

    def _asked(
        self, method: str, url: str, repository: str, body: bytes | None, headers: Mapping[str, str]
    ) -> BaseHTTPResponse:
        known = self._headers.get(repository, "")
        answer = self._followed(method, url, body, headers, known)
        if answer.status != 401:
            return answer
        challenge = answer.headers.get("WWW-Authenticate", "")
        answer.drain_conn()
        answer.release_conn()
        with self._lock:
            # Another thread may have answered the same challenge meanwhile; a token may have ended, or be for reading.
            if self._headers.get(repository, "") == known:
                self._headers[repository] = self._authorization(challenge, repository)
        return self._followed(method, url, body, headers, self._headers[repository])

    def _followed(
        self, method: str, url: str, body: bytes | None, headers: Mapping[str, str], authorization: str
    ) -> BaseHTTPResponse:
        address = self._absolute(url)
        for _ in range(_MAX_REDIRECTS):
            # The registry's own host alone is told who we are: blobs often lie elsewhere, with a signed address.
            own = urlsplit(address).netloc == urlsplit(self.base).netloc
            sent = {"User-Agent": "holkas", **headers}
            if own and authorization:
                sent["Authorization"] = authorization
            answer = self._sent(method, address, body, sent)
            target = answer.headers.get("Location", "")
            if answer.status not in _REDIRECTS or method not in ("GET", "HEAD") or not target:
                return answer
            answer.drain_conn()
            answer.release_conn()
            address = self._absolute(urljoin(address, target))
        raise ToolError(f"{_shown(address)} is redirected again and again")

    def _sent(
        self, method: str, address: str, body: bytes | None, headers: Mapping[str, str]
    ) -> BaseHTTPResponse:
        try:
            return self._pool.request(
                method, address, body=body, headers=dict(headers), redirect=False, preload_content=False
            )
        except urllib3.exceptions.SSLError as error:
            raise ToolError(
                f"{_shown(address)} is not trusted: {_kind(error)}",
                hint="set ca-file to the registry's certificate, or plain-http for one without TLS",
            ) from None
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise Retryable(f"{_shown(address)} cannot be reached: {_kind(error)}") from None

    def _absolute(self, url: str) -> str:
        """An address that may be asked. Raises ToolError for one that is not, or that gives up TLS."""
        address = urljoin(self.base, url)
        scheme = urlsplit(address).scheme
        if scheme not in ("http", "https") or (scheme == "http" and self.base.startswith("https:")):
            raise ToolError(f"the registry sends us to {_shown(address)}, which is not safe")
        return address

    def _authorization(self, challenge: str, repository: str) -> str:
        """The header that answers a challenge. Source: Distribution, "Token Authentication Specification"."""
        scheme, _, rest = challenge.partition(" ")
        login = self._login(repository)
        if scheme.lower() == "basic":
            if login is None:
                raise AccessDenied(
                    f"{self.base} wants a login, and there is none",
                    hint="docker login, or the plugin's settings username and password-variable",
                )
            return login.header()
        if scheme.lower() != "bearer":
            raise AccessDenied(f"{self.base} denies access and does not say what it wants")
        fields = dict(_CHALLENGE.findall(rest))
        realm = self._absolute(fields.get("realm", ""))
        query = urlencode([(key, fields[key]) for key in ("service", "scope") if key in fields])
        headers = {"User-Agent": "holkas", **({"Authorization": login.header()} if login else {})}
        answer = self._sent("GET", f"{realm}{'&' if '?' in realm else '?'}{query}", None, headers)
        try:
            data = _read(answer, MAX_MANIFEST)
        finally:
            answer.release_conn()
        if answer.status != 200:
            raise _refused("GET", realm, answer.status, answer.headers, b"")
        value = parsed(data, realm)
        token = value.get("token") or value.get("access_token")
        if not isinstance(token, str):
            raise AccessDenied(f"{_shown(realm)} gives no token")
        return f"Bearer {token}"


def parsed(data: bytes, what: str) -> Mapping[str, Any]:
    """JSON that is an object. Raises ToolError."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise ToolError(f"{_shown(what)} does not answer as a registry does")
    return value


def _pool(base: str, settings: Mapping[str, Any]) -> urllib3.PoolManager:
    from urllib.request import getproxies, proxy_bypass

    parts = urlsplit(base)
    proxy = getproxies().get(parts.scheme)
    if proxy and parts.hostname and not proxy_bypass(parts.hostname) and not _loopback(parts.hostname):
        return urllib3.ProxyManager(proxy, maxsize=8, **settings)
    return urllib3.PoolManager(maxsize=8, **settings)


def _loopback(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")


def _read(answer: BaseHTTPResponse, limit: int) -> bytes:
    try:
        data: bytes = answer.read(limit + 1, decode_content=True)
    except urllib3.exceptions.HTTPError as error:
        raise Retryable(f"the registry's answer ends early: {_kind(error)}") from None
    if len(data) > limit:
        raise ToolError(f"the registry answers with more than {limit >> 10} KiB")
    return data


def _refused(method: str, url: str, status: int, headers: Mapping[str, str], data: bytes) -> ToolError:
    reason = _reason(data)
    message = f"{method} {_shown(url)}: {status}{reason and f' {reason}'}"
    if status in (401, 403):
        return AccessDenied(
            message, hint="docker login, or the plugin's settings username and password-variable"
        )
    if status in (404, 410):
        return NotFound(message)
    if status in (409, 412):
        return Conflict(message)
    # docker-registry says so of a manifest that somebody else writes at the same moment; the digest is computed here.
    torn = status == 400 and "DIGEST_INVALID" in reason and "/manifests/" in url
    if torn or status == 429 or status >= 500:
        wait = headers.get("Retry-After", "")
        return Retryable(message, after=float(wait) if wait.isdigit() else 1.0)
    return ToolError(message)


def _reason(data: bytes) -> str:
    """The registry's own code and sentence."""
    try:
        first = json.loads(data)["errors"][0]
        return " ".join(f"{first.get('code', '')} {first.get('message', '')}".split())[:200]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return ""


def _shown(url: str) -> str:
    """Without a query: signed addresses and tokens are in it."""
    return _SECRET.sub("", url)


def _kind(error: Exception) -> str:
    reason = getattr(error, "reason", None) or error
    text = str(reason).rpartition(": ")[2] or type(error).__name__
    return _SECRET.sub("", text)[:200]
