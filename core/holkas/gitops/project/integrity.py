"""Whose signatures a project demands.

Source: docs/user-guide/source-integrity: ``sourceIntegrity`` wins; without it ``signatureKeys`` mean that the head of
every git repository is signed by one of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas.model.project import Project


def effective_source_integrity(project: Project) -> Mapping[str, Any] | None:
    """The policies in force, as in ``sourceIntegrity``; None where nothing is demanded."""
    if project.source_integrity is not None or not project.signature_keys:
        return project.source_integrity
    policy = {"repos": [{"url": "*"}], "gpg": {"mode": "head", "keys": list(project.signature_keys)}}
    return {"git": {"policies": [policy]}}
