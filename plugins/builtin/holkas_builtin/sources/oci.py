"""Charts and plain files of OCI registries.

Source: OCI, "Distribution Specification" (pull, tags); Helm, "Use OCI-based registries"; Argo CD, "OCI".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from holkas.extensions.source_fetcher import SourceFetcher, SourceRefused, SourceRequest, SourceTree
from holkas.gitops.repository_url import normalize_oci
from holkas.plugins.provider import Context

from .archives import once, unpack
from .directory_tree import DirectoryTree
from .registry import Registry, is_digest

MAX_LAYER = 256 << 20

HELM_LAYER = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
LAYERS = (
    HELM_LAYER,
    "application/vnd.oci.image.layer.v1.tar",
    "application/vnd.oci.image.layer.v1.tar+gzip",
)


class OciFetcher(SourceFetcher):
    """An artifact by tag or digest; files are kept by digest. Options: ``credentials``.

    Plain HTTP is used for this machine's own registries alone.
    """

    name: ClassVar[str] = "oci"

    def __init__(self, context: Context) -> None:
        self._directory = context.state.absolute() / "sources" / "oci"
        self._registry = Registry(context.options.get("credentials", ()))

    def handles(self, request: SourceRequest) -> bool:
        return request.repository.startswith("oci://") or (
            bool(request.chart) and "://" not in request.repository
        )

    def open(self, request: SourceRequest) -> SourceTree:
        base, what = self._base(request)
        reference = request.revision.replace("+", "_") or "latest"
        manifest, digest = self._registry.manifest(base, reference, what)
        layer = _layer(manifest, what)
        place = once(self._directory / digest[7:47], lambda new: self._fetch(base, layer, new, what))
        root = place
        if layer["mediaType"] == HELM_LAYER:
            inner = [path for path in place.iterdir() if (path / "Chart.yaml").is_file()]
            root = inner[0] if len(inner) == 1 else place
        return DirectoryTree(root, revision=digest, pinned=is_digest(reference))

    def versions(self, request: SourceRequest) -> Sequence[str]:
        base, _ = self._base(request)
        return [tag.replace("_", "+") for tag in self._registry.tags(base)]

    def _base(self, request: SourceRequest) -> tuple[str, str]:
        host, _, name = normalize_oci(request.repository).partition("/")
        name = "/".join(part for part in (name, request.chart) if part)
        return self._registry.repository(host, name), f"{host}/{name}"

    def _fetch(self, base: str, layer: Mapping[str, Any], new: Path, what: str) -> None:
        unpack(self._registry.blob(base, str(layer["digest"]), MAX_LAYER, what), new, what)


def _layer(manifest: Mapping[str, Any], what: str) -> Mapping[str, Any]:
    layers = manifest.get("layers")
    found = [one for one in layers or () if isinstance(one, Mapping) and one.get("mediaType") in LAYERS]
    if len(found) != 1 or not is_digest(str(found[0].get("digest"))):
        raise SourceRefused(f"{what} has {len(found)} layers with files; one is wanted")
    return found[0]
