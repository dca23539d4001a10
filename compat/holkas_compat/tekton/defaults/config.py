"""The cluster's defaults (ConfigMap ``config-defaults``) as far as they change an object at admission."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from holkas.records import dataclass


class Operation(StrEnum):
    """Why an object is being looked at; only creation filters reserved annotations."""

    CREATE = "create"
    UPDATE = "update"
    NONE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultsConfig:
    """``config-defaults``, with Tekton's own values where a cluster sets none.

    timeout_minutes: 0 is no time-out. pod_template: merged under the run's own.
    Source: Tekton's config/config-defaults.yaml.
    """

    timeout_minutes: int = 60
    service_account: str = "default"
    managed_by: str = "tekton-pipelines"
    resolver: str = ""
    pod_template: Mapping[str, Any] | None = None
    operation: Operation = Operation.CREATE
