"""A resolver with documents in memory."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import ClassVar

from holkas.extensions.resolver import ResolvedResource, Resolver, ResolverRefused, ResolverRequest
from holkas.model.reference import RefSource


class FakeResolver(Resolver):
    """``documents``: value of the field ``name`` → text. ``asked``: the requests, in their order."""

    name: ClassVar[str] = "fake"

    def __init__(self, documents: Mapping[str, bytes] | None = None, *, always: bool = False) -> None:
        self.documents = dict(documents or {})
        self.always = always
        self.asked: list[ResolverRequest] = []

    def pinned(self, request: ResolverRequest) -> bool:
        return self.always

    def resolve(self, request: ResolverRequest) -> ResolvedResource:
        self.asked.append(request)
        name = request.fields.get("name", "")
        content = self.documents.get(name)
        if content is None:
            raise ResolverRefused(f"there is no document {name!r}")
        digest = {"sha256": sha256(content).hexdigest()}
        return ResolvedResource(content=content, source=RefSource(uri=f"memory:{name}", digest=digest))
