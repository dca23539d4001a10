"""The resolver ``http``: a file behind a URL of http or https."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from holkas.extensions.resolver import (
    MAX_SIZE,
    TIMEOUT,
    ResolvedResource,
    Resolver,
    ResolverRefused,
    ResolverRequest,
)
from holkas.extensions.source_fetcher import SourceRefused
from holkas.gitops.repository_url import sanitized
from holkas.model.reference import RefSource
from holkas.plugins.provider import Context

from holkas_builtin.sources.http import download

from .mirrors import mirrored

_ALGORITHMS = ("sha256", "sha512")


class HttpResolver(Resolver):
    """Options: ``mirrors``. Redirects lead to http and https alone, and take credentials to the same host alone."""

    name: ClassVar[str] = "http"

    def __init__(self, context: Context) -> None:
        self._mirrors: Sequence[Mapping[str, Any]] = context.options.get("mirrors", ())

    def pinned(self, request: ResolverRequest) -> bool:
        return bool(request.fields.get("digest"))

    def resolve(self, request: ResolverRequest) -> ResolvedResource:
        url = request.fields["url"]
        content = fetched(mirrored(url, self._mirrors), headers(request))
        if wanted := request.fields.get("digest", ""):
            _compare(content, wanted, sanitized(url))
        digest = {"sha256": hashlib.sha256(content).hexdigest()}
        return ResolvedResource(content=content, source=RefSource(uri=sanitized(url), digest=digest))


def fetched(url: str, given: Mapping[str, str] | None = None) -> bytes:
    """What is behind a URL, within the limits of a resolution. Raises ResolverRefused and ToolError."""
    try:
        return download(url, MAX_SIZE, given, deadline=TIMEOUT)[0]
    except SourceRefused as error:
        raise ResolverRefused(str(error), error.hint) from None


def headers(request: ResolverRequest) -> dict[str, str]:
    """The header with the request's credentials."""
    if request.password is None:
        return {}
    pair = request.username.encode() + b":" + request.password.reveal()
    return {"Authorization": "Basic " + base64.b64encode(pair).decode()}


def _compare(content: bytes, wanted: str, what: str) -> None:
    algorithm, _, digest = wanted.partition(":")
    if algorithm not in _ALGORITHMS:
        raise ResolverRefused(f"the digest {wanted!r} is of neither sha256 nor sha512")
    found = hashlib.new(algorithm, content).hexdigest()
    if not hmac.compare_digest(found.encode(), digest.lower().encode()):
        raise ResolverRefused(f"{what} has the digest {algorithm}:{found}, and {wanted} is wanted")
