"""What the contracts write into a tool, and take away again."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from holkas.extensions.target import Target
from holkas.model.resource import ResourceKey
from holkas.roles.artifact_repository import ArtifactRepository
from holkas.roles.errors import ToolError
from holkas.roles.secret_store import SecretStore

ARTIFACTS = ("contract/app", "contract/tree", "contract/other")
"""Names that the contract of artifact repositories uses."""

SECRETS = "contract/"
"""What names begin with that the contract of secret stores uses."""

NAMESPACE = "contract"
"""Where the contract of targets has its resources."""


def artifacts(tool: ArtifactRepository) -> list[str]:
    """Artifacts that go by the contract's names."""
    return [f"{one.name} {one.version}" for name in ARTIFACTS for one in tool.artifacts(name)]


def remove_artifacts(tool: ArtifactRepository) -> None:
    """Remove them, where the tool can."""
    if "delete" not in tool.capabilities:
        return
    for name in ARTIFACTS:
        with suppress(ToolError):
            for artifact in list(tool.artifacts(name)):
                tool.delete(artifact)


def secrets(tool: SecretStore) -> list[str]:
    """Secrets that go by the contract's names."""
    return list(tool.names(SECRETS))


def remove_secrets(tool: SecretStore) -> None:
    """Remove them, where the tool can."""
    if "write" in tool.capabilities:
        for name in secrets(tool):
            tool.delete(name)


def resources(tool: Target) -> list[str]:
    """Resources in the contract's namespace."""
    return [str(key) for key in _keys(tool)]


def remove_resources(tool: Target) -> None:
    """Remove them."""
    for key in _keys(tool):
        tool.delete(key)


def _keys(tool: Any) -> list[ResourceKey]:
    return [one.key for one in tool.list() if one.key.namespace == NAMESPACE]
