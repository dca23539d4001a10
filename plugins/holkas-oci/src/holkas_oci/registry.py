"""The API of a registry: blobs, manifests, tags, referrers.

Source: OCI, "Distribution Specification" 1.1.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import quote, urlencode, urljoin

from holkas.records import dataclass
from holkas.roles.errors import Corrupt, NotFound, Retryable, ToolError

from holkas_oci.names import is_digest
from holkas_oci.packing import Blob
from holkas_oci.transport import Transport, parsed
from holkas_oci.unpacking import Verified

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
_ATTEMPTS = 4
_MAX_PAGES = 1000
_NEXT = re.compile(r'<([^>]*)>\s*;\s*rel="?next"?')
_RANGE = re.compile(r"(?:bytes=)?0-(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A manifest as it is stored: its digest is that of its bytes."""

    digest: str
    data: bytes
    value: Mapping[str, Any]


class Registry:
    """One registry. ``chunk``: bytes that a request carries at most."""

    def __init__(self, transport: Transport, chunk: int) -> None:
        self._http = transport
        self._chunk = chunk

    def ping(self) -> None:
        """Whether it answers and lets us in. Raises AccessDenied, Retryable, ToolError."""
        self._http.send("GET", "/v2/")

    def manifest(self, repository: str, reference: str) -> Manifest:
        """A manifest by tag or digest. Raises NotFound, Corrupt where the digest is another one."""
        url = f"{_base(repository)}/manifests/{quote(reference, safe=':')}"
        _, headers, data = self._http.send(
            "GET", url, repository=repository, headers={"Accept": f"{MANIFEST}, {INDEX}"}
        )
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
        told = headers.get("docker-content-digest", digest)
        if (is_digest(reference) and reference != digest) or (is_digest(told) and told != digest):
            raise Corrupt(f"the manifest {reference} of {repository} is not what its digest says")
        return Manifest(digest=digest, data=data, value=parsed(data, url))

    def put_manifest(self, repository: str, reference: str, data: bytes, kind: str = MANIFEST) -> bool:
        """Store a manifest under a tag or its digest; whether the registry took note of its subject."""
        url = f"{_base(repository)}/manifests/{quote(reference, safe=':')}"
        _, headers, _ = self._http.send(
            "PUT",
            url,
            repository=repository,
            body=data,
            headers={"Content-Type": kind},
            expected=(201, 202),
            again=True,
        )
        return "oci-subject" in headers

    def delete_manifest(self, repository: str, digest: str) -> None:
        """Remove a manifest and the tags that mean it; harmless when it is gone. Raises ToolError."""
        try:
            self._http.send(
                "DELETE",
                f"{_base(repository)}/manifests/{digest}",
                repository=repository,
                expected=(202, 200, 204),
            )
        except NotFound:
            return
        except ToolError as error:
            if ": 405" in str(error):
                hint = "the registry has to allow it (docker-registry: storage.delete.enabled)"
                raise ToolError(str(error), hint=hint) from None
            raise

    def tags(self, repository: str) -> Iterator[str]:
        """All tags; none where there is no such repository."""
        with suppress(NotFound):
            yield from self._listed(f"{_base(repository)}/tags/list", "tags", repository)

    def repositories(self) -> Iterator[str]:
        """All repositories. Raises NotFound, AccessDenied where the registry does not tell."""
        yield from self._listed("/v2/_catalog", "repositories", "")

    def referrers(self, repository: str, digest: str) -> list[Mapping[str, Any]] | None:
        """Descriptors of manifests about a manifest; None where the registry has no such API."""
        url: str | None = f"{_base(repository)}/referrers/{digest}"
        found: list[Mapping[str, Any]] = []
        for _ in range(_MAX_PAGES):
            if url is None:
                break
            try:
                _, headers, data = self._http.send(
                    "GET", url, repository=repository, headers={"Accept": INDEX}
                )
            except NotFound:
                return None
            found += descriptors(parsed(data, url))
            url = _following(url, headers)
        return found

    def upload(self, repository: str, blob: Blob) -> None:
        """Store a blob that is not there yet; after a broken connection from where the registry has it."""
        with suppress(NotFound):
            self._http.send("HEAD", f"{_base(repository)}/blobs/{blob.digest}", repository=repository)
            return
        start = f"{_base(repository)}/blobs/uploads/"
        _, headers, _ = self._http.send("POST", start, repository=repository, body=b"", expected=(202,))
        place = _place(headers, start)
        done = 0
        if blob.size > self._chunk:
            place, done = self._in_chunks(repository, blob, place)
        last = b"".join(_from(blob, done)) if blob.size <= self._chunk else b""
        closing = f"{place}{'&' if '?' in place else '?'}{urlencode({'digest': blob.digest})}"
        try:
            self._http.send(
                "PUT",
                closing,
                repository=repository,
                body=last,
                headers={"Content-Type": "application/octet-stream"},
                expected=(201,),
            )
        except ToolError as error:
            if "DIGEST_INVALID" in str(error):
                raise ToolError("what is published changes while it is read") from None
            raise

    @contextmanager
    def download(self, repository: str, digest: str, size: int) -> Iterator[Verified]:
        """A blob to be read once; goes on from where it was when the connection breaks. Raises NotFound."""
        yield Verified(self._resumed(f"{_base(repository)}/blobs/{digest}", repository), size)

    def _resumed(self, url: str, repository: str) -> Iterator[bytes]:
        done = 0
        for attempt in range(_ATTEMPTS):
            try:
                with self._http.stream(url, repository=repository, offset=done) as (start, pieces):
                    skip = done - start
                    for piece in pieces:
                        fresh, skip = piece[skip:], max(0, skip - len(piece))
                        done += len(fresh)
                        if fresh:
                            yield fresh
                return
            except Retryable:
                if attempt == _ATTEMPTS - 1 or not done:
                    raise

    def _in_chunks(self, repository: str, blob: Blob, place: str) -> tuple[str, int]:
        done = attempts = 0
        pieces = _chunked(blob, done, self._chunk)
        while done < blob.size:
            piece = next(pieces, b"")
            if not piece:
                raise ToolError("what is published changes while it is read")
            try:
                _, headers, _ = self._http.send(
                    "PATCH",
                    place,
                    repository=repository,
                    body=piece,
                    headers={
                        "Content-Type": "application/octet-stream",
                        "Content-Range": f"{done}-{done + len(piece) - 1}",
                    },
                    expected=(202,),
                )
                place, done = _place(headers, place), done + len(piece)
            except Retryable:
                attempts += 1
                if attempts >= _ATTEMPTS:
                    raise
                place, done = self._reached(repository, place)
                pieces = _chunked(blob, done, self._chunk)
        return place, done

    def _reached(self, repository: str, place: str) -> tuple[str, int]:
        """Where an upload goes on: how many bytes the registry has."""
        _, headers, _ = self._http.send("GET", place, repository=repository, expected=(204,))
        range_ = _RANGE.fullmatch(headers.get("range", ""))
        last = int(range_[1]) if range_ else 0
        return _place(headers, place), last + 1 if last else 0

    def _listed(self, path: str, key: str, repository: str) -> Iterator[str]:
        url: str | None = f"{path}?n=1000"
        for _ in range(_MAX_PAGES):
            if url is None:
                return
            _, headers, data = self._http.send("GET", url, repository=repository)
            found = parsed(data, url).get(key)
            yield from (one for one in found or () if isinstance(one, str))
            url = _following(url, headers)


def descriptors(index: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The manifests of an index that are described as they must be."""
    listed = index.get("manifests")
    return [
        one
        for one in (listed if isinstance(listed, list) else ())
        if isinstance(one, dict) and is_digest(str(one.get("digest")))
    ]


def _base(repository: str) -> str:
    return f"/v2/{quote(repository)}"


def _place(headers: Mapping[str, str], url: str) -> str:
    place = headers.get("location")
    if not place:
        raise ToolError("the registry does not say where an upload goes")
    return urljoin(url, place)


def _following(url: str, headers: Mapping[str, str]) -> str | None:
    found = _NEXT.search(headers.get("link", ""))
    return urljoin(url, found[1]) if found else None


def _from(blob: Blob, offset: int) -> Iterator[bytes]:
    """A blob's pieces from a byte on."""
    for piece in blob.read():
        if offset >= len(piece):
            offset -= len(piece)
            continue
        yield piece[offset:]
        offset = 0


def _chunked(blob: Blob, offset: int, size: int) -> Iterator[bytes]:
    """A blob from a byte on, in pieces of one size; the last may be shorter."""
    waiting = bytearray()
    for piece in _from(blob, offset):
        waiting += piece
        while len(waiting) >= size:
            yield bytes(waiting[:size])
            del waiting[:size]
    if waiting:
        yield bytes(waiting)
