"""Why an attempt of a task could not begin."""

from __future__ import annotations


class SetupError(Exception):
    """The task's place cannot be made. ``reason`` is the one Tekton or Kubernetes gives; the text names the field."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
