"""Sync options: of the whole application, and of one resource by annotation (Argo CD, "Sync Options")."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from holkas.gitops.annotations import (
    DELETION_APPROVED,
    HELM_RESOURCE_POLICY,
    SYNC_OPTIONS,
    annotation,
    listed,
)
from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncOptions:
    """``syncPolicy.syncOptions`` and what a sync's request may say besides.

    propagation: ``foreground``, ``background`` or ``orphan``. apply_out_of_sync_only: leave alone what is in sync.
    """

    prune: bool = False
    dry_run: bool = False
    force: bool = False
    validate: bool = True
    replace: bool = False
    server_side: bool = False
    prune_last: bool = False
    prune_confirmed: bool = False
    create_namespace: bool = False
    apply_out_of_sync_only: bool = False
    respect_ignore_differences: bool = False
    fail_on_shared_resource: bool = False
    skip_dry_run_on_missing: bool = False
    client_side_migration: bool = True
    skip_hooks: bool = False
    propagation: str = "foreground"


_SWITCHES = {
    "Validate": "validate",
    "Replace": "replace",
    "Force": "force",
    "ServerSideApply": "server_side",
    "PruneLast": "prune_last",
    "CreateNamespace": "create_namespace",
    "ApplyOutOfSyncOnly": "apply_out_of_sync_only",
    "RespectIgnoreDifferences": "respect_ignore_differences",
    "FailOnSharedResource": "fail_on_shared_resource",
    "SkipDryRunOnMissingResource": "skip_dry_run_on_missing",
    "ClientSideApplyMigration": "client_side_migration",
}


def read_options(written: Iterable[str], **given: Any) -> SyncOptions:
    """Options as an application has them (``Name=value``). given: what the request says besides. Unknown ones do
    nothing, as in Argo CD."""
    found: dict[str, Any] = {}
    for text in written:
        name, _, value = (part.strip() for part in text.partition("="))
        if name in _SWITCHES and value in ("true", "false"):
            found[_SWITCHES[name]] = value == "true"
        elif name == "PrunePropagationPolicy" and value in ("foreground", "background", "orphan"):
            found["propagation"] = value
    return SyncOptions(**{**found, **given})


def has_option(manifest: Mapping[str, Any] | None, option: str) -> bool:
    """Whether a resource's annotation holds an option, ``Prune=false`` for example."""
    return option in listed(manifest, SYNC_OPTIONS)


def value_of(manifest: Mapping[str, Any] | None, written: Iterable[str], name: str) -> str:
    """The value of an option for one resource: its own, else the application's, else empty."""
    for source in (listed(manifest, SYNC_OPTIONS), tuple(written)):
        for text in source:
            found, sign, value = text.partition("=")
            if sign and found.strip() == name:
                return value.strip()
    return ""


def validates(manifest: Mapping[str, Any], options: SyncOptions) -> bool:
    """Whether a resource is checked against the target's schema."""
    return options.validate and not has_option(manifest, "Validate=false")


def keeps_when_pruned(manifest: Mapping[str, Any] | None) -> bool:
    """Whether a resource stays although it is no longer desired."""
    return has_option(manifest, "Prune=false") or annotation(manifest, HELM_RESOURCE_POLICY) == "keep"


def keeps_when_deleted(manifest: Mapping[str, Any] | None) -> bool:
    """Whether a resource stays although its application is deleted."""
    return has_option(manifest, "Delete=false") or annotation(manifest, HELM_RESOURCE_POLICY) == "keep"


def needs_delete_confirmation(manifest: Mapping[str, Any] | None, written: Iterable[str] = ()) -> bool:
    """Whether somebody must agree before a resource goes with its application; its own option outweighs."""
    options = tuple(written)
    return any(value_of(manifest, options, name) == "confirm" for name in ("Delete", "Prune"))


def is_deletion_approved(application: Mapping[str, Any], since: float) -> bool:
    """Whether somebody agreed by an annotation of the application, a time of RFC 3339 that is not before ``since``.

    since: when the operation began, seconds since the epoch. Source: Argo CD, ``Application.IsDeletionConfirmed``.
    """
    text = annotation(application, DELETION_APPROVED)
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        return False
    # A time without a zone is none of RFC 3339.
    return moment is not None and moment.tzinfo is not None and moment.timestamp() >= since
