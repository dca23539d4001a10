"""Sync policies."""

from __future__ import annotations

from typing import Any

from holkas.model.sync_policy import Automated, Backoff, NamespaceMetadata, Retry, SyncPolicy

from holkas_compat.argocd.writer.fields import said


def write_sync_policy(policy: SyncPolicy) -> dict[str, Any]:
    """A policy; ``false`` that was said comes back."""
    return said(
        automated=None if policy.automated is None else _automated(policy.automated),
        syncOptions=policy.options,
        retry=None if policy.retry is None else _retry(policy.retry),
        managedNamespaceMetadata=None
        if policy.namespace_metadata is None
        else _namespace(policy.namespace_metadata),
    )


def _automated(value: Automated) -> dict[str, Any]:
    return said(
        prune=value.prune, selfHeal=value.self_heal, allowEmpty=value.allow_empty, enabled=value.enabled
    )


def _retry(value: Retry) -> dict[str, Any]:
    return said(
        limit=value.limit,
        backoff=None if value.backoff is None else _backoff(value.backoff),
        refresh=value.refresh,
    )


def _backoff(value: Backoff) -> dict[str, Any]:
    return said(duration=value.duration, factor=value.factor, maxDuration=value.max_duration)


def _namespace(value: NamespaceMetadata) -> dict[str, Any]:
    return said(labels=dict(value.labels) or None, annotations=dict(value.annotations) or None)
