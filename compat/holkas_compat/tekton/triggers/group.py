"""The API group of Tekton Triggers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

GROUP = "triggers.tekton.dev"


def is_trigger_document(value: Any) -> bool:
    """Whether a document is of the API group of Triggers, whatever the version."""
    if not isinstance(value, Mapping):
        return False
    version = value.get("apiVersion")
    return isinstance(version, str) and version.partition("/")[0] == GROUP
