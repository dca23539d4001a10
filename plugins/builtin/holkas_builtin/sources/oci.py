"""Charts and plain files of OCI registries.

Source: OCI, "Distribution Specification" (pull, tags); Helm, "Use OCI-based registries"; Argo CD, "OCI".
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any, ClassVar
from urllib.parse import quote, urlencode, urljoin, urlsplit

from holkas.extensions.source_fetcher import SourceFetcher, SourceRefused, SourceRequest, SourceTree
from holkas.gitops.repository_url import normalize_oci
from holkas.plugins.provider import Context

from .archives import once, unpack
from .directory_tree import DirectoryTree
from .http import Denied, basic, download

MAX_MANIFEST = 4 << 20
MAX_LAYER = 256 << 20
MAX_PAGES = 100

HELM_LAYER = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
LAYERS = (
    HELM_LAYER,
    "application/vnd.oci.image.layer.v1.tar",
    "application/vnd.oci.image.layer.v1.tar+gzip",
)
_ACCEPT = "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json"
_NAME = re.compile(r"[a-z0-9]+(?:[._/-]+[a-z0-9]+)*")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_CHALLENGE = re.compile(r'(\w+)="([^"]*)"')
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class OciFetcher(SourceFetcher):
    """An artifact by tag or digest; files are kept by digest. Options: ``credentials``.

    Plain HTTP is used for this machine's own registries alone.
    """

    name: ClassVar[str] = "oci"

    def __init__(self, context: Context) -> None:
        self._directory = context.state.absolute() / "sources" / "oci"
        self._credentials: Sequence[Mapping[str, Any]] = context.options.get("credentials", ())
        self._tokens: dict[str, dict[str, str]] = {}
        self._lock = Lock()

    def handles(self, request: SourceRequest) -> bool:
        return request.repository.startswith("oci://") or (
            bool(request.chart) and "://" not in request.repository
        )

    def open(self, request: SourceRequest) -> SourceTree:
        base, what = self._base(request)
        reference = request.revision.replace("+", "_") or "latest"
        if not _DIGEST.fullmatch(reference) and not _TAG.fullmatch(reference):
            raise SourceRefused(f"{request.revision!r} is no tag and no digest")
        data, headers = self._get(f"{base}/manifests/{reference}", MAX_MANIFEST, accept=_ACCEPT)
        digest = "sha256:" + hashlib.sha256(data).hexdigest()
        told = headers.get("docker-content-digest", digest)
        if (_DIGEST.fullmatch(reference) and reference != digest) or told != digest:
            raise SourceRefused(f"{what} gives a manifest with another digest than {reference}")
        layer = _layer(data, what)
        place = once(self._directory / digest[7:47], lambda new: self._fetch(base, layer, new, what))
        root = place
        if layer["mediaType"] == HELM_LAYER:
            inner = [path for path in place.iterdir() if (path / "Chart.yaml").is_file()]
            root = inner[0] if len(inner) == 1 else place
        return DirectoryTree(root, revision=digest, pinned=bool(_DIGEST.fullmatch(reference)))

    def versions(self, request: SourceRequest) -> Sequence[str]:
        base, _ = self._base(request)
        url, found = f"{base}/tags/list?n=1000", list[str]()
        for _ in range(MAX_PAGES):
            data, headers = self._get(url, MAX_MANIFEST)
            listed = _json(data, url).get("tags")
            found += [str(one).replace("_", "+") for one in listed or ()]
            following = re.match(r"<([^>]*)>", headers.get("link", ""))
            if following is None:
                break
            url = urljoin(url, following[1])
            if urlsplit(url).netloc != urlsplit(base).netloc:
                raise SourceRefused(f"{base} sends us to another host for its tags")
        return found

    def _base(self, request: SourceRequest) -> tuple[str, str]:
        host, _, name = normalize_oci(request.repository).partition("/")
        name = "/".join(part for part in (name, request.chart) if part)
        if not _NAME.fullmatch(name) or not re.fullmatch(r"[A-Za-z0-9.-]+(:\d+)?|\[::1\](:\d+)?", host):
            raise SourceRefused(f"{request.repository!r} with {name!r} names no repository of a registry")
        scheme = "http" if host.startswith(_LOOPBACK) else "https"
        return f"{scheme}://{host}/v2/{quote(name)}", f"{host}/{name}"

    def _fetch(self, base: str, layer: Mapping[str, Any], new: Path, what: str) -> None:
        digest = str(layer["digest"])
        data, _ = self._get(f"{base}/blobs/{digest}", MAX_LAYER)
        if "sha256:" + hashlib.sha256(data).hexdigest() != digest:
            raise SourceRefused(f"{what} gives a layer with another digest than {digest}")
        unpack(data, new, what)

    def _get(self, url: str, limit: int, accept: str = "*/*") -> tuple[bytes, Mapping[str, str]]:
        host = urlsplit(url).netloc
        headers = {"Accept": accept, **self._tokens.get(host, {})}
        try:
            return download(url, limit, headers)
        except Denied as denied:
            with self._lock:
                self._tokens[host] = self._token(url, denied)
            return download(url, limit, {"Accept": accept, **self._tokens[host]})

    def _token(self, url: str, denied: Denied) -> dict[str, str]:
        """The header that answers a registry's challenge. Source: "Token Authentication Specification"."""
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


def _layer(data: bytes, what: str) -> Mapping[str, Any]:
    layers = _json(data, what).get("layers")
    found = [one for one in layers or () if isinstance(one, Mapping) and one.get("mediaType") in LAYERS]
    if len(found) != 1 or not _DIGEST.fullmatch(str(found[0].get("digest"))):
        raise SourceRefused(f"{what} has {len(found)} layers with files; one is wanted")
    return found[0]


def _json(data: bytes, what: str) -> Mapping[str, Any]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        raise SourceRefused(f"{what} answers with something else than JSON") from None
    return value if isinstance(value, Mapping) else {}
