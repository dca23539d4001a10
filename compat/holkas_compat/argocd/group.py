"""Which documents are Argo CD's; apart from the tables of its kinds, which a file without any does not need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

GROUP = "argoproj.io"

OWN_KINDS = frozenset(("Application", "ApplicationSet", "AppProject"))

OTHER_KINDS = frozenset(
    (
        "AnalysisRun", "AnalysisTemplate", "ClusterAnalysisTemplate", "Experiment", "Rollout",
        "ClusterWorkflowTemplate", "CronWorkflow", "Workflow", "WorkflowArtifactGCTask", "WorkflowEventBinding",
        "WorkflowTaskResult", "WorkflowTaskSet", "WorkflowTemplate",
        "EventBus", "EventSource", "Sensor",
        "ArgoCD", "ArgoCDExport", "NotificationsConfiguration", "RolloutManager", "NamespaceManagement", "GitopsService",
        "ImageUpdater",
    )
)  # fmt: skip
"""Kinds of the same group that belong to Argo Rollouts, Workflows, Events and the operators, not to Argo CD."""


def is_argocd(value: Any) -> bool:
    """Whether a document is Argo CD's, or was meant to be.

    Of the group it is every kind that none of Argo's other projects has. One of Argo CD's kinds without a group, or
    with one that is nearly its, is taken for a misspelling; others have an Application, too.
    """
    if not isinstance(value, Mapping):
        return False
    group, slash, _ = _text(value.get("apiVersion")).rpartition("/")
    kind = _text(value.get("kind"))
    if group == GROUP:
        return kind not in OTHER_KINDS
    return kind in OWN_KINDS and (not slash or _nearly(group))


def _nearly(group: str) -> bool:
    from difflib import SequenceMatcher

    return SequenceMatcher(None, group.lower(), GROUP).ratio() > 0.75


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
