"""What compat.tekton adds to holkas: the importer and the explanations of its codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from holkas.plugins import Context, Provider, hookimpl

if TYPE_CHECKING:
    from holkas.extensions.importer import Importer
    from holkas.model.code import CodeDoc


def _make(context: Context) -> Importer:
    from holkas_compat.tekton.importer import TektonImporter

    return TektonImporter(context)


@hookimpl
def holkas_importers() -> Iterator[Provider[Importer]]:
    """Tekton's manifests."""
    yield Provider(name="tekton", summary="Tekton tasks, pipelines and runs.", make=_make)


@hookimpl
def holkas_codes() -> Mapping[str, CodeDoc]:
    """Codes of findings in Tekton's manifests."""
    from holkas_compat.tekton.codes import CODES
    from holkas_compat.tekton.lint.codes import LINT_CODES
    from holkas_compat.tekton.lint.rules.registry import RULE_CODES
    from holkas_compat.tekton.triggers.codes import TRIGGER_CODES

    return {**CODES, **LINT_CODES, **RULE_CODES, **TRIGGER_CODES}
