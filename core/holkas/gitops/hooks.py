"""Hooks: resources that run at a point of a sync (Argo CD, "Resource Hooks"; "Helm", "Helm Hooks")."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from holkas.gitops.annotations import (
    HELM_HOOK,
    HELM_HOOK_DELETE_POLICY,
    HOOK,
    HOOK_DELETE_POLICY,
    annotations_of,
    listed,
)
from holkas.gitops.order import is_crd
from holkas.model.sync import SyncPhase


class HookType(StrEnum):
    """When a hook runs. Skip: never applied. The delete hooks run when the application is deleted."""

    PRE_SYNC = "PreSync"
    SYNC = "Sync"
    POST_SYNC = "PostSync"
    SYNC_FAIL = "SyncFail"
    SKIP = "Skip"
    PRE_DELETE = "PreDelete"
    POST_DELETE = "PostDelete"


class DeletePolicy(StrEnum):
    """When a hook's resource is deleted."""

    BEFORE_HOOK_CREATION = "BeforeHookCreation"
    HOOK_SUCCEEDED = "HookSucceeded"
    HOOK_FAILED = "HookFailed"


_HELM_TYPES = {
    "pre-install": HookType.PRE_SYNC,
    "pre-upgrade": HookType.PRE_SYNC,
    "post-install": HookType.POST_SYNC,
    "post-upgrade": HookType.POST_SYNC,
    "pre-delete": HookType.PRE_DELETE,
    "post-delete": HookType.POST_DELETE,
}
_HELM_POLICIES = {
    "before-hook-creation": DeletePolicy.BEFORE_HOOK_CREATION,
    "hook-succeeded": DeletePolicy.HOOK_SUCCEEDED,
    "hook-failed": DeletePolicy.HOOK_FAILED,
}
_TYPES = {hook.value: hook for hook in HookType}
_POLICIES = {policy.value: policy for policy in DeletePolicy}
_PHASES = {hook: SyncPhase(hook.value) for hook in HookType if hook.value in {*SyncPhase}}


def hook_types(manifest: Mapping[str, Any]) -> tuple[HookType, ...]:
    """The known types that a manifest names; Helm's only where it names none of Argo CD's."""
    own = tuple(_TYPES[text] for text in listed(manifest, HOOK) if text in _TYPES)
    return own or tuple(_HELM_TYPES[text] for text in listed(manifest, HELM_HOOK) if text in _HELM_TYPES)


def is_skipped(manifest: Mapping[str, Any]) -> bool:
    """Whether a manifest is never to be applied (``hook: Skip`` and nothing else)."""
    return hook_types(manifest) == (HookType.SKIP,)


def is_hook(manifest: Mapping[str, Any]) -> bool:
    """Whether a manifest is a hook, of a known type or not. Helm's ``crd-install`` on a definition is none."""
    found = annotations_of(manifest)
    if HOOK in found:
        return not is_skipped(manifest)
    if HELM_HOOK not in found:
        return False
    return not (is_crd(manifest) and "crd-install" in listed(manifest, HELM_HOOK))


def is_ignored(manifest: Mapping[str, Any]) -> bool:
    """Whether a manifest is a hook of no known type, which is as if it were not there."""
    return is_hook(manifest) and not hook_types(manifest)


def phases(manifest: Mapping[str, Any]) -> tuple[SyncPhase, ...]:
    """The phases in which a manifest is applied: Sync for all that are no hooks, none for skipped ones."""
    if is_skipped(manifest):
        return ()
    if not is_hook(manifest):
        return (SyncPhase.SYNC,)
    found = {_PHASES[hook] for hook in hook_types(manifest) if hook in _PHASES}
    return tuple(sorted(found, key=lambda phase: phase.rank))


def delete_policies(manifest: Mapping[str, Any]) -> tuple[DeletePolicy, ...]:
    """The known delete policies of a hook; BeforeHookCreation where it names none."""
    found = [_POLICIES[text] for text in listed(manifest, HOOK_DELETE_POLICY) if text in _POLICIES]
    found += [
        _HELM_POLICIES[text] for text in listed(manifest, HELM_HOOK_DELETE_POLICY) if text in _HELM_POLICIES
    ]
    return tuple(found) or (DeletePolicy.BEFORE_HOOK_CREATION,)


def is_delete_hook(manifest: Mapping[str, Any], hook: HookType) -> bool:
    """Whether a manifest runs before (PreDelete) or after (PostDelete) an application is deleted."""
    return is_hook(manifest) and hook in hook_types(manifest)


def named(
    manifest: Mapping[str, Any], *, revision: str, phase: SyncPhase, started_at: float
) -> dict[str, Any]:
    """A hook with a name: its own, or ``generateName`` and a part that is the same throughout one operation.

    started_at: of the operation, seconds since the epoch.
    """
    given = manifest.get("metadata")
    metadata = dict(given) if isinstance(given, Mapping) else {}
    if not metadata.get("name"):
        short = revision[:7] if len(revision) >= 8 else revision
        mark = f"{short}-{phase}-{int(started_at)}".lower()
        metadata["name"] = f"{metadata.get('generateName') or ''}{mark}"
    return {**manifest, "metadata": metadata}
