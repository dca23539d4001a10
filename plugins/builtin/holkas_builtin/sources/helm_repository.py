"""Charts of helm repositories: an index over HTTP, archives with digests.

Source: Helm, "The Chart Repository Guide".
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any, ClassVar
from urllib.parse import urljoin

from holkas.extensions.source_fetcher import SourceFetcher, SourceRefused, SourceRequest, SourceTree
from holkas.gitops.repository_url import sanitized
from holkas.plugins.provider import Context

from .archives import once, unpack
from .directory_tree import DirectoryTree
from .http import basic, download

MAX_INDEX = 64 << 20
MAX_CHART = 64 << 20

_CHART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_WORD = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+_-]*")


class HelmRepositoryFetcher(SourceFetcher):
    """A chart at a version, which is not expected to change; it is fetched once. Options: ``credentials``."""

    name: ClassVar[str] = "helm-repository"

    def __init__(self, context: Context) -> None:
        self._directory = context.state.absolute() / "sources" / "helm"
        self._credentials: Sequence[Mapping[str, Any]] = context.options.get("credentials", ())
        self._indexes: dict[str, Mapping[str, Any]] = {}
        self._lock = Lock()

    def handles(self, request: SourceRequest) -> bool:
        return bool(request.chart) and request.repository.startswith(("https://", "http://"))

    def open(self, request: SourceRequest) -> SourceTree:
        if not _CHART.fullmatch(request.chart):
            raise SourceRefused(f"{request.chart!r} is no name of a chart")
        if not _WORD.fullmatch(request.revision):
            raise SourceRefused(f"{request.revision!r} is no version of a chart")
        key = hashlib.sha256(
            "\0".join((request.repository, request.chart, request.revision)).encode()
        ).hexdigest()
        place = once(self._directory / key[:40], lambda new: self._fetch(request, new))
        return DirectoryTree(place / request.chart, revision=request.revision)

    def versions(self, request: SourceRequest) -> Sequence[str]:
        return [str(one.get("version")) for one in self._entries(request)]

    def _fetch(self, request: SourceRequest, new: Path) -> None:
        for entry in self._entries(request):
            if str(entry.get("version")) == request.revision:
                break
        else:
            raise SourceRefused(
                f"{sanitized(request.repository)} has no {request.chart} {request.revision}",
                "its index lists the versions that it has",
            )
        urls = entry.get("urls")
        if not isinstance(urls, list) or not urls:
            raise SourceRefused(f"{request.chart} {request.revision} has no URL in the index")
        url = urljoin(request.repository.rstrip("/") + "/", str(urls[0]))
        data, _ = download(url, MAX_CHART, basic(url, self._credentials))
        digest = str(entry.get("digest") or "").removeprefix("sha256:")
        if digest and hashlib.sha256(data).hexdigest() != digest.lower():
            raise SourceRefused(f"{sanitized(url)} is not what the index says: its digest is another one")
        unpack(data, new, f"{request.chart} {request.revision}")
        if not (new / request.chart / "Chart.yaml").is_file():
            raise SourceRefused(f"{sanitized(url)} holds no chart {request.chart}")

    def _entries(self, request: SourceRequest) -> list[Mapping[str, Any]]:
        entries = self._index(request.repository).get("entries")
        found = entries.get(request.chart) if isinstance(entries, Mapping) else None
        if not isinstance(found, list):
            raise SourceRefused(f"{sanitized(request.repository)} has no chart {request.chart!r}")
        return [one for one in found if isinstance(one, Mapping)]

    def _index(self, repository: str) -> Mapping[str, Any]:
        from holkas.yaml import YamlError, load

        with self._lock:
            if repository not in self._indexes:
                url = repository.rstrip("/") + "/index.yaml"
                data, _ = download(url, MAX_INDEX, basic(url, self._credentials))
                try:
                    value = load(data, strict=False)
                except YamlError as error:
                    raise SourceRefused(f"{sanitized(url)}: {error.finding.message}") from None
                self._indexes[repository] = value if isinstance(value, Mapping) else {}
            return self._indexes[repository]
