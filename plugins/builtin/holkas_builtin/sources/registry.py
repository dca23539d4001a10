"""What OCI registries are asked: manifests, blobs and tags, digests compared, limits kept.

Source: OCI, "Distribution Specification" (pull, tags); Docker, "Token Authentication Specification".
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any
from urllib.parse import quote, urlencode, urljoin, urlsplit

from holkas.extensions.source_fetcher import SourceRefused

from .http import Denied, basic, download

MAX_MANIFEST = 4 << 20
MAX_PAGES = 100

_ACCEPT = "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json"
_WORD = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_NAME = re.compile(rf"{_WORD}(?:/{_WORD})*")
_HOST = re.compile(r"[A-Za-z0-9.-]+(:\d+)?|\[::1\](:\d+)?")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_CHALLENGE = re.compile(r'(\w+)="([^"]*)"')
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def is_digest(reference: str) -> bool:
    """Whether a text is a digest that we can compare."""
    return _DIGEST.fullmatch(reference) is not None


class Registry:
    """A client for all registries. Plain HTTP is used for this machine's own ones alone. Safe for threads.

    credentials: rules with url, username and the variable that has the password. headers: what a host is told at first.
    """

    def __init__(
        self,
        credentials: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        self._credentials = credentials
        self._given = dict(headers or {})
        self._tokens: dict[str, Mapping[str, str]] = {}
        self._lock = Lock()

    def repository(self, host: str, name: str) -> str:
        """The URL of a repository of a registry. Raises SourceRefused for what names none."""
        if not _NAME.fullmatch(name) or not _HOST.fullmatch(host):
            raise SourceRefused(f"{host!r} with {name!r} names no repository of a registry")
        scheme = "http" if host.startswith(_LOOPBACK) else "https"
        return f"{scheme}://{host}/v2/{quote(name)}"

    def manifest(self, base: str, reference: str, what: str) -> tuple[Mapping[str, Any], str]:
        """The manifest that a tag or digest names, and its digest."""
        if not is_digest(reference) and not _TAG.fullmatch(reference):
            raise SourceRefused(f"{reference!r} is no tag and no digest")
        data, headers = self._get(f"{base}/manifests/{reference}", MAX_MANIFEST, accept=_ACCEPT)
        digest = "sha256:" + hashlib.sha256(data).hexdigest()
        told = headers.get("docker-content-digest", digest)
        if (is_digest(reference) and reference != digest) or told != digest:
            raise SourceRefused(f"{what} gives a manifest with another digest than {reference}")
        return _json(data, what), digest

    def blob(self, base: str, digest: str, limit: int, what: str) -> bytes:
        """A layer by its digest, at most so many bytes."""
        if not is_digest(digest):
            raise SourceRefused(f"{what} has a layer with the digest {digest!r}, which is none of sha256")
        data, _ = self._get(f"{base}/blobs/{digest}", limit)
        if "sha256:" + hashlib.sha256(data).hexdigest() != digest:
            raise SourceRefused(f"{what} gives a layer with another digest than {digest}")
        return data

    def tags(self, base: str) -> list[str]:
        """All tags of a repository."""
        url, found = f"{base}/tags/list?n=1000", list[str]()
        for _ in range(MAX_PAGES):
            data, headers = self._get(url, MAX_MANIFEST)
            found += [str(one) for one in _json(data, url).get("tags") or ()]
            following = re.match(r"<([^>]*)>", headers.get("link", ""))
            if following is None:
                break
            url = urljoin(url, following[1])
            if urlsplit(url).netloc != urlsplit(base).netloc:
                raise SourceRefused(f"{base} sends us to another host for its tags")
        return found

    def _get(self, url: str, limit: int, accept: str = "*/*") -> tuple[bytes, Mapping[str, str]]:
        host = urlsplit(url).netloc
        headers = {"Accept": accept, **self._tokens.get(host, {})}
        try:
            return download(url, limit, headers)
        except Denied as denied:
            with self._lock:
                self._tokens[host] = self._token(url, denied)
            return download(url, limit, {"Accept": accept, **self._tokens[host]})

    def _token(self, url: str, denied: Denied) -> Mapping[str, str]:
        """The header that answers a registry's challenge."""
        own = self._given.get(urlsplit(url).netloc)
        if own is None:
            own = basic("oci://" + url.partition("://")[2].replace("/v2/", "/", 1), self._credentials)
        scheme, _, rest = denied.challenge.partition(" ")
        if scheme.lower() != "bearer":
            if own:
                return own
            raise denied
        fields = dict(_CHALLENGE.findall(rest))
        query = urlencode({key: fields[key] for key in ("service", "scope") if key in fields})
        realm = fields.get("realm", "")
        if realm.startswith("http://") and not url.startswith("http://"):
            raise denied
        data, _ = download(f"{realm}?{query}", MAX_MANIFEST, own)
        value = _json(data, realm)
        return {"Authorization": f"Bearer {value.get('token') or value.get('access_token') or ''}"}


def _json(data: bytes, what: str) -> Mapping[str, Any]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        raise SourceRefused(f"{what} answers with something else than JSON") from None
    return value if isinstance(value, Mapping) else {}
