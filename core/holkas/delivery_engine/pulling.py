"""Pull: the release is committed to a configuration repository, from which the other side applies it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from holkas.delivery.definition import PullRule, Stage
from holkas.delivery.delivery_state import artifact_data, revision_data
from holkas.delivery_engine.job import Job
from holkas.model.change import Change, ChangeKind, Outcome
from holkas.model.release import Release
from holkas.roles.errors import AccessDenied, Retryable, ToolError

FILE = "release.json"


def release_document(project: str, stage: Stage, release: Release, recorded: Mapping[str, Any]) -> bytes:
    """What the other side needs: digests, values, names of files beside it, references to secrets. Nothing secret."""
    document = {
        "apiVersion": "holkas/v1",
        "kind": "Release",
        "project": project,
        "environment": stage.name,
        "release": release.id,
        "artifacts": [artifact_data(artifact) for artifact in release.artifacts],
        "revision": revision_data(release.revision) if release.revision else None,
        "values": recorded["values"],
        "files": recorded["files"],
        "secrets": recorded["secrets"],
    }
    return (json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def commit_release(
    job: Job, stage: Stage, rule: PullRule, release: Release, recorded: Mapping[str, Any]
) -> Outcome:
    """Commit the release; the same again makes no commit."""
    base = PurePosixPath(rule.path or stage.name)
    changes: dict[str, bytes | None] = {
        str(base / FILE): release_document(job.definition.name, stage, release, recorded)
    }
    changes |= {str(base / "files" / path): data for path, data in release.configuration.files.items()}
    version = ", ".join(artifact.version for artifact in release.artifacts)
    message = f"{job.definition.name} {version} to {stage.name}\n\nRelease: {release.id}"
    control = job.tools.version_control()
    try:
        revision = job.retried(lambda: control.commit(rule.repository, rule.branch, changes, message))
    except (Retryable, AccessDenied):
        raise
    except ToolError as error:
        return Outcome(succeeded=False, message=str(error))
    change = Change(kind=ChangeKind.UPDATE, subject=f"{rule.repository} {base / FILE}", detail=revision.id)
    return Outcome(succeeded=True, changes=(change,), message=f"committed {revision.id}")
