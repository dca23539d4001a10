"""Why an attempt of a task could not begin."""

from __future__ import annotations

MISSING = "CreateContainerConfigError"
"""The reason for a document or a key that is not there (Kubernetes' kubelet)."""

UNSUPPORTED = "PodCreationFailed"
"""The reason for what only a cluster has."""


class SetupError(Exception):
    """The task's place cannot be made. ``reason`` is the one Tekton or Kubernetes gives; the text names the field."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
