"""The resolver ``hub``: packages of Artifact Hub, and of a Tekton Hub of one's own.

Source: Tekton's docs/hub-resolver.md; Artifact Hub's API (``/api/v1/packages``), Tekton Hub's (``/v1/resource``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import quote

from holkas.extensions.resolver import ResolvedResource, Resolver, ResolverRefused, ResolverRequest
from holkas.gitops.repository_url import sanitized
from holkas.model.reference import RefSource
from holkas.plugins.provider import Context

from .http import fetched
from .mirrors import mirrored
from .version_constraint import VersionConstraint

ARTIFACT_HUB = "https://artifacthub.io"


class HubResolver(Resolver):
    """Options: ``artifact-hub`` and ``tekton-hub`` (URLs), ``mirrors``."""

    name: ClassVar[str] = "hub"

    def __init__(self, context: Context) -> None:
        self._hubs = {
            "artifact": str(context.options.get("artifact-hub", ARTIFACT_HUB)),
            "tekton": str(context.options.get("tekton-hub", "")),
        }
        self._mirrors: Sequence[Mapping[str, Any]] = context.options.get("mirrors", ())

    def pinned(self, request: ResolverRequest) -> bool:
        return VersionConstraint.parse(request.fields["version"]).exact

    def resolve(self, request: ResolverRequest) -> ResolvedResource:
        fields = request.fields
        kind = fields["type"]
        hub = (fields.get("url") or self._hubs.get(kind, "")).rstrip("/")
        if not hub:
            hint = "set plugins.resolvers.hub.tekton-hub to the URL of your Tekton Hub"
            raise ResolverRefused(f"there is no hub of type {kind!r} without its URL", hint)
        words = (fields["catalog"], fields["kind"], fields["name"])
        for word in words:
            if not word or word in (".", "..") or "/" in word:
                raise ResolverRefused(f"{word!r} is no name in a hub")
        catalog, noun, name = (quote(word, safe="") for word in words)
        package = f"{hub}/api/v1/packages/tekton-{noun}/{catalog}/{name}"
        if kind == "tekton":
            package = f"{hub}/v1/resource/{catalog}/{noun}/{name}"
        constraint = VersionConstraint.parse(fields["version"])
        version = fields["version"] if constraint.exact else self._newest(package, kind, constraint)
        url = f"{package}/{quote(_spelled(version, kind), safe='')}" + ("/yaml" if kind == "tekton" else "")
        data = self._json(url).get("data")
        text = data.get("yaml" if kind == "tekton" else "manifestRaw") if isinstance(data, Mapping) else None
        if not isinstance(text, str) or not text:
            raise ResolverRefused(f"{sanitized(url)} has no manifest")
        content = text.encode()
        digest = {"sha256": hashlib.sha256(content).hexdigest()}
        return ResolvedResource(content=content, source=RefSource(uri=sanitized(url), digest=digest))

    def _newest(self, package: str, kind: str, constraint: VersionConstraint) -> str:
        told = self._json(package)
        listed = told.get("available_versions")
        if kind == "tekton":
            data = told.get("data")
            listed = data.get("versions") if isinstance(data, Mapping) else None
        found = [
            str(one.get("version"))
            for one in listed or ()
            if isinstance(one, Mapping) and not one.get("prerelease")
        ]
        newest = constraint.newest(found)
        if not newest:
            hint = f"there are {', '.join(found[:10])}" if found else ""
            raise ResolverRefused(f"no version found for constraint {constraint.text}", hint)
        return newest

    def _json(self, url: str) -> Mapping[str, Any]:
        try:
            value = json.loads(fetched(mirrored(url, self._mirrors), {"Accept": "application/json"}))
        except (ValueError, RecursionError):
            raise ResolverRefused(f"{sanitized(url)} answers with something else than JSON") from None
        return value if isinstance(value, Mapping) else {}


def _spelled(version: str, kind: str) -> str:
    """Artifact Hub has three numbers, Tekton Hub two: either is accepted for both."""
    version = version.strip().removeprefix("=").strip()
    parts = version.split(".")
    if kind == "artifact" and len(parts) == 2:
        return f"{version}.0"
    return ".".join(parts[:2]) if kind == "tekton" and len(parts) == 3 and parts[2] == "0" else version
