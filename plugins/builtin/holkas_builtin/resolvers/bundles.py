"""The resolver ``bundles``: a layer of an image in a registry.

Source: Tekton's docs/tekton-bundle-contracts.md and docs/bundle-resolver.md.
"""

from __future__ import annotations

import io
import tarfile
import zlib
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import urlsplit

from holkas.extensions.resolver import MAX_SIZE, ResolvedResource, Resolver, ResolverRefused, ResolverRequest
from holkas.extensions.source_fetcher import SourceRefused
from holkas.model.reference import RefSource
from holkas.plugins.provider import Context

from holkas_builtin.sources.registry import Registry, is_digest

from .http import headers
from .mirrors import mirrored

MAX_OBJECTS = 20
"""Layers of a bundle (Tekton's limit)."""

_KEY = "dev.tekton.image."
_DOCKER = "index.docker.io"
_GZIP = b"\x1f\x8b"


class BundlesResolver(Resolver):
    """Options: ``mirrors``, ``credentials``. A mirror must have the same digest where one is asked for."""

    name: ClassVar[str] = "bundles"

    def __init__(self, context: Context) -> None:
        self._mirrors: Sequence[Mapping[str, Any]] = context.options.get("mirrors", ())
        self._credentials: Sequence[Mapping[str, Any]] = context.options.get("credentials", ())

    def pinned(self, request: ResolverRequest) -> bool:
        return is_digest(request.fields["bundle"].partition("@")[2])

    def resolve(self, request: ResolverRequest) -> ResolvedResource:
        bundle, name, kind = (request.fields[key] for key in ("bundle", "name", "kind"))
        host, repository, _ = parts_of(bundle)
        asked_host, asked, reference = parts_of(mirrored(bundle, self._mirrors))
        try:
            given = {asked_host: headers(request)} if request.password is not None else {}
            registry = Registry(self._credentials, given)
            base = registry.repository(asked_host, asked)
            manifest, digest = registry.manifest(base, reference, bundle)
            layer = _layer(manifest, bundle, name, kind)
            data = registry.blob(base, str(layer.get("digest")), MAX_SIZE, bundle)
        except SourceRefused as error:
            raise ResolverRefused(str(error), error.hint) from None
        algorithm, _, value = digest.partition(":")
        source = RefSource(uri=f"{host}/{repository}", digest={algorithm: value}, entry_point=name)
        return ResolvedResource(content=_document(data, bundle), source=source)


def parts_of(bundle: str) -> tuple[str, str, str]:
    """Host, repository, and tag or digest of an image's name, as Docker reads it. Raises ResolverRefused."""
    rest, _, digest = bundle.partition("@")
    head, _, last = rest.rpartition("/")
    last, _, tag = last.partition(":")
    names = f"{head}/{last}" if head else last
    first, _, others = names.partition("/")
    if not others or not (first == "localhost" or any(one in first for one in ".:")):
        first, others = _DOCKER, names
    if first in ("docker.io", _DOCKER):
        first, others = _DOCKER, others if "/" in others else f"library/{others}"
    if "://" in bundle or urlsplit(f"//{first}").username is not None or not others.strip("/"):
        raise ResolverRefused("the bundle's name is no name of an image")
    return first, others, digest or tag or "latest"


def _layer(manifest: Mapping[str, Any], bundle: str, name: str, kind: str) -> Mapping[str, Any]:
    layers = manifest.get("layers")
    if not isinstance(layers, list) or len(layers) > MAX_OBJECTS:
        raise ResolverRefused(f"{bundle} is no bundle: it has no layers, or more than {MAX_OBJECTS}")
    known = []
    for number, layer in enumerate(layers):
        notes = layer.get("annotations") if isinstance(layer, Mapping) else None
        told = [
            notes.get(_KEY + key) if isinstance(notes, Mapping) else None
            for key in ("apiVersion", "name", "kind")
        ]
        if not all(isinstance(one, str) for one in told):
            raise ResolverRefused(f"{bundle} is no bundle: its layer {number} lacks annotations {_KEY}*")
        if (told[1], told[2]) == (name, kind):
            return layer  # type: ignore[no-any-return]  # JSON, a mapping as was asked above
        known.append(f"{told[2]} {told[1]}")
    there = ", ".join(known)
    raise ResolverRefused(f"{bundle} has no {kind} {name!r}", f"it has {there}" if there else "it is empty")


def _document(data: bytes, bundle: str) -> bytes:
    """The one file of a layer: in a tar archive or as it is, compressed or not."""
    if data[:2] == _GZIP:
        unpacker = zlib.decompressobj(wbits=31)
        try:
            data = unpacker.decompress(data, MAX_SIZE + 1)
        except zlib.error as error:
            raise ResolverRefused(f"{bundle} has a layer that cannot be unpacked: {error}") from None
        if len(data) > MAX_SIZE:
            raise ResolverRefused(f"{bundle} has a layer that unpacks to more than {MAX_SIZE >> 20} MiB")
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            member = archive.next()
            file = archive.extractfile(member) if member is not None and member.isreg() else None
            if file is None:
                raise ResolverRefused(f"{bundle} has a layer that does not begin with a file")
            return file.read(MAX_SIZE)
    except (tarfile.TarError, EOFError):
        return data
