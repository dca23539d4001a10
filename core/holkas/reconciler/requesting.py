"""What an operation asks of its plan: what is desired, what is live, and how, from the last look at the target."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from holkas.gitops.deletion import DeletionRequest
from holkas.gitops.diff import CompareSettings, respecting_ignored
from holkas.gitops.hooks import is_hook
from holkas.gitops.plan import SyncRequest
from holkas.gitops.sync_options import is_deletion_approved
from holkas.model.resource import ResourceKey
from holkas.model.sync import key_of
from holkas.reconciler.live_view import LiveView
from holkas.reconciler.managed import Managed
from holkas.reconciler.operation import Operation
from holkas.reconciler.permission import Live, Permissions

Going = Callable[[str], Live]
"""Applications that an application brought along and that take their time to go, as if they were still live."""


def nothing_goes(name: str) -> Live:
    """For who does not drive the deletion of other applications, and so must not wait for it."""
    return {}


class Requests:
    """Of one application. settings: how its resources are compared. declared: its manifest as it is now."""

    def __init__(
        self,
        managed: Managed,
        view: LiveView,
        settings: CompareSettings,
        *,
        declared: Mapping[str, Any],
        going: Going = nothing_goes,
    ) -> None:
        self.settings = settings
        self.permissions = Permissions(managed)
        self._managed = managed
        self._view = view
        self._declared = declared
        self._going = going

    def sync(self, operation: Operation) -> SyncRequest:
        """What is asked of a sync. Raises IgnoreRuleError."""
        managed = self._managed
        desired = managed.desired.manifests
        live = self._with_going(self._view.live_for(managed.name, managed.desired.keys))
        if operation.options.respect_ignore_differences:
            rules = managed.application.ignore_differences
            desired = tuple(
                respecting_ignored(one, live[key_of(one)], rules, self.settings.jq)
                if key_of(one) in live
                else one
                for one in desired
            )
        metadata = managed.application.policy.namespace_metadata
        return SyncRequest(
            desired=desired,
            live=live,
            live_hooks=self._others(),
            options=replace(operation.options, prune_confirmed=self._confirmed(operation)),
            namespace=managed.application.destination.namespace,
            revision=operation.revisions[0] if operation.revisions else "",
            operation=operation.mark,
            started_at=operation.attempt_at,
            selected=operation.selected,
            namespace_metadata={}
            if metadata is None
            else {"labels": dict(metadata.labels), "annotations": dict(metadata.annotations)},
        )

    def deletion(self, operation: Operation) -> DeletionRequest:
        """What is asked of a deletion."""
        managed = self._managed
        return DeletionRequest(
            desired=managed.desired.manifests,
            live=self._with_going(self._view.owned(managed.name)),
            live_hooks=self._others(),
            sync_options=managed.application.policy.options,
            confirmed=self._confirmed(operation),
            itself=managed.itself,
            operation=operation.mark,
            revision=operation.revisions[0] if operation.revisions else "",
            started_at=operation.attempt_at,
        )

    def _with_going(self, live: Live) -> Live:
        seen = self.permissions.seen(live)
        going = self._going(self._managed.name)
        return {**going, **seen} if going else seen

    def _confirmed(self, operation: Operation) -> bool:
        """Whether somebody agreed that resources go that ask for it: by a command, or in the application's manifest."""
        approved = is_deletion_approved(self._declared, operation.started_at)
        return operation.options.prune_confirmed or approved

    def _others(self) -> Live:
        """Live hooks that have no mark of the application, and the namespace."""
        keys = [key_of(one) for one in self._managed.desired.manifests if is_hook(one)]
        keys.append(ResourceKey(kind="Namespace", name=self._managed.application.destination.namespace))
        found = {key: self._view.get(key) for key in keys}
        return {key: manifest for key, manifest in found.items() if manifest is not None}
