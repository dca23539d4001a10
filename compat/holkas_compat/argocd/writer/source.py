"""Sources."""

from __future__ import annotations

from typing import Any

from holkas.model.application_source import ApplicationSource, SourceHydrator

from holkas_compat.argocd.writer.fields import said


def write_source(source: ApplicationSource) -> dict[str, Any]:
    """A source; options come back as they were."""
    return {
        **said(name=source.name),
        "repoURL": source.repository,
        **said(
            chart=source.chart,
            path=source.path,
            targetRevision=source.revision,
            tagPrefix=source.tag_prefix,
            ref=source.ref,
            helm=source.helm,
            kustomize=source.kustomize,
            directory=source.directory,
            plugin=source.plugin,
        ),
    }


def write_hydrator(hydrator: SourceHydrator) -> dict[str, Any]:
    """A source hydrator; its required fields are there even when they are empty."""
    dry = {"path": hydrator.dry_source.path, "targetRevision": hydrator.dry_source.revision}
    return {
        "drySource": {**write_source(hydrator.dry_source), **dry},
        "syncSource": {"targetBranch": hydrator.sync_branch, "path": hydrator.sync_path},
        **said(hydrateTo={"targetBranch": hydrator.hydrate_to} if hydrator.hydrate_to else None),
    }
