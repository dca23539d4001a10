"""Names of the claims behind workspaces."""

from __future__ import annotations

import hashlib

from holkas.model.workspace import WorkspaceBinding


def claim_name(binding: WorkspaceBinding, owner: str) -> str:
    """Name of the claim behind a binding, empty when it is none. ``owner``: the run that a template belongs to."""
    if binding.kind == "persistentVolumeClaim":
        return str(binding.source.get("claimName", ""))
    if binding.kind == "volumeClaimTemplate":
        digest = hashlib.sha256(f"{binding.name}/{owner}".encode()).hexdigest()
        return f"pvc-{digest[:10]}"
    return ""
