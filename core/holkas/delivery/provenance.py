"""Provenance: where an artifact comes from, as an in-toto statement with SLSA's predicate.

Sources: in-toto Attestation Framework, "Statement layer specification v1"; SLSA, "Provenance", predicate v1.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from holkas.delivery.delivery_state import DeliveryState
from holkas.model.artifact import Artifact
from holkas.model.canonical_json import canonical

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "https://slsa.dev/provenance/v1"
BUILD_TYPE = "https://holkas.dev/delivery/v1"
MEDIA_TYPE = "application/vnd.in-toto+json"
"""Of a statement that nobody signed."""


def statement(state: DeliveryState, artifact: Artifact, pipeline: Mapping[str, Any], builder: str) -> bytes:
    """The statement about an artifact; the same bytes each time it is made of the same delivery.

    pipeline: what was run with which params (``externalParameters``). builder: who ran it.
    """
    revision = state.revision
    uri = revision.repository if "://" in revision.repository else f"file:{revision.repository}"
    ref = f"@{revision.ref}" if revision.ref else ""
    form: dict[str, Any] = {
        "_type": STATEMENT_TYPE,
        "subject": [{"name": artifact.name, "digest": {"sha256": artifact.digest.removeprefix("sha256:")}}],
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "buildDefinition": {
                "buildType": BUILD_TYPE,
                "externalParameters": {"project": state.project, "version": artifact.version, **pipeline},
                "internalParameters": {"delivery": state.number, "attempt": state.builds},
                "resolvedDependencies": [{"uri": f"git+{uri}{ref}", "digest": {"gitCommit": revision.id}}],
            },
            "runDetails": {
                "builder": {"id": builder},
                "metadata": {
                    "invocationId": state.run or f"{state.project}/{state.number}",
                    "startedOn": _timestamp(state.build_started),
                    "finishedOn": _timestamp(state.build_finished),
                },
            },
        },
    }
    return canonical(form).encode("utf-8", "replace")


def fault(payload: bytes, artifact: Artifact, revision: str) -> str:
    """Why a statement does not vouch for this artifact of this revision; empty when it does."""
    try:
        said = json.loads(payload)
        subjects = {one["digest"].get("sha256", "") for one in said["subject"]}
        kinds = said["_type"], said["predicateType"]
        sources = {
            one.get("digest", {}).get("gitCommit", "")
            for one in said["predicate"]["buildDefinition"].get("resolvedDependencies", ())
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return "its provenance cannot be read"
    if kinds != (STATEMENT_TYPE, PREDICATE_TYPE):
        return "its provenance is of another kind"
    if artifact.digest.removeprefix("sha256:") not in subjects:
        return "its provenance is about other content"
    if revision not in sources:
        return "its provenance names another revision"
    return ""


def _timestamp(moment: float | None) -> str:
    return datetime.fromtimestamp(moment or 0.0, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
