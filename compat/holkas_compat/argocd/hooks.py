"""What compat.argocd adds to holkas: the importer and the explanations of its codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from holkas.plugins import Context, Provider, hookimpl

if TYPE_CHECKING:
    from holkas.extensions.importer import Importer
    from holkas.model.code import CodeDoc


def _make(context: Context) -> Importer:
    from holkas_compat.argocd.importer import ArgoCdImporter

    return ArgoCdImporter()


@hookimpl
def holkas_importers() -> Iterator[Provider[Importer]]:
    """Argo CD's manifests."""
    yield Provider(name="argocd", summary="Argo CD applications, sets and projects.", make=_make)


@hookimpl
def holkas_codes() -> Mapping[str, CodeDoc]:
    """Codes of findings in Argo CD's manifests."""
    from holkas_compat.argocd.codes import CODES

    return CODES
