"""Sync policies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas.model.sync_policy import Automated, Backoff, NamespaceMetadata, Retry, SyncPolicy

from holkas_compat.manifest.shape import record, text, texts


def read_sync_policy(value: Mapping[str, Any]) -> SyncPolicy:
    """A policy; what was not said stays unsaid."""
    namespace = value.get("managedNamespaceMetadata")
    return SyncPolicy(
        automated=_automated(value["automated"]) if isinstance(value.get("automated"), Mapping) else None,
        options=tuple(texts(value.get("syncOptions"))),
        retry=read_retry(value["retry"]) if isinstance(value.get("retry"), Mapping) else None,
        namespace_metadata=_namespace(namespace) if isinstance(namespace, Mapping) else None,
    )


def read_retry(value: Mapping[str, Any]) -> Retry:
    """A retry strategy."""
    backoff = value.get("backoff")
    return Retry(
        limit=_number(value.get("limit")),
        backoff=_backoff(backoff) if isinstance(backoff, Mapping) else None,
        refresh=_flag(value.get("refresh")),
    )


def _backoff(value: Mapping[str, Any]) -> Backoff:
    return Backoff(
        duration=text(value.get("duration")),
        factor=_number(value.get("factor")),
        max_duration=text(value.get("maxDuration")),
    )


def _automated(value: Mapping[str, Any]) -> Automated:
    return Automated(
        prune=_flag(value.get("prune")),
        self_heal=_flag(value.get("selfHeal")),
        allow_empty=_flag(value.get("allowEmpty")),
        enabled=_flag(value.get("enabled")),
    )


def _namespace(value: Mapping[str, Any]) -> NamespaceMetadata:
    return NamespaceMetadata(
        labels=dict(record(value.get("labels"))), annotations=dict(record(value.get("annotations")))
    )


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
