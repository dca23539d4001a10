"""Downloads over HTTP: bounded in time and size, credentials for their own host alone."""

from __future__ import annotations

import base64
import os
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from email.message import Message
from typing import IO, Any
from urllib.parse import urlsplit

from holkas.extensions.source_fetcher import SourceRefused
from holkas.gitops.repository_url import sanitized
from holkas.roles.errors import AccessDenied, NotFound, Retryable

TIMEOUT = 30.0
"""Seconds without a byte."""

DEADLINE = 300.0
"""Seconds for one download."""


class Denied(AccessDenied):
    """The server wants to know who asks. ``challenge``: its ``WWW-Authenticate``."""

    def __init__(self, message: str, challenge: str) -> None:
        super().__init__(message)
        self.challenge = challenge


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows redirects over HTTP, and takes the credentials along only to the same host."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> urllib.request.Request | None:
        _checked(newurl)
        made = super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]  # an HTTPMessage
        if made is not None and urlsplit(newurl).netloc != urlsplit(req.full_url).netloc:
            made.remove_header("Authorization")
        return made


def download(
    url: str, limit: int, headers: Mapping[str, str] | None = None, deadline: float = DEADLINE
) -> tuple[bytes, Mapping[str, str]]:
    """What a URL gives, at most so many bytes, with the answer's headers in lower case.

    Raises SourceRefused, NotFound, Denied, Retryable.
    """
    request = urllib.request.Request(_checked(url), headers={"User-Agent": "holkas", **(headers or {})})  # noqa: S310 - checked
    opener = urllib.request.build_opener(_SameHost())
    shown = sanitized(url)
    end = time.monotonic() + deadline
    try:
        with opener.open(request, timeout=min(TIMEOUT, deadline)) as answer:
            pieces, size = [], 0
            while piece := answer.read1(1 << 18):
                size += len(piece)
                if size > limit:
                    raise SourceRefused(f"{shown} gives more than {limit >> 20} MiB")
                if time.monotonic() > end:
                    raise Retryable(f"{shown} takes longer than {deadline:g} s")
                pieces.append(piece)
            return b"".join(pieces), {name.lower(): value for name, value in answer.headers.items()}
    except urllib.error.HTTPError as error:
        if error.code in (401, 403):
            raise Denied(
                f"{shown} denies access ({error.code})", error.headers.get("WWW-Authenticate", "")
            ) from None
        if error.code in (404, 410):
            raise NotFound(f"{shown} does not exist") from None
        raise Retryable(f"{shown} answers with {error.code}") from None
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise Retryable(f"{shown} cannot be reached: {getattr(error, 'reason', error)}") from None


def _checked(url: str) -> str:
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        host = None
    if host is None or parts.scheme not in ("http", "https") or any(ord(one) <= 32 for one in url):
        raise SourceRefused(f"{sanitized(url)!r} is no URL of http or https")
    return url


def basic(url: str, credentials: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The header with the credentials that are set for a URL, if there are any. Raises AccessDenied."""
    for rule in credentials:
        start = str(rule["url"]).rstrip("/")
        if url != start and not url.startswith(start + "/"):
            continue
        secret = os.environ.get(str(rule["variable"]))
        if not secret:
            raise AccessDenied(
                f"the credentials of {start} are wanted from ${rule['variable']}, which is not set"
            )
        pair = f"{rule.get('username', '')}:{secret}".encode()
        return {"Authorization": "Basic " + base64.b64encode(pair).decode()}
    return {}
