"""What an application's project lets it have, resource by resource (Argo CD, "Projects")."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from holkas.gitops.project import is_group_kind_permitted
from holkas.gitops.project.judgement import resource_refusals
from holkas.model.resource import ResourceKey
from holkas.reconciler.managed import Managed

Live = Mapping[ResourceKey, Mapping[str, Any]]


class Permissions:
    """Of one application; everything is permitted where no project is declared. Not safe for threads.

    What is live and not permitted is as if it were not there: it is neither compared nor pruned nor deleted. What is
    desired and not permitted is Unknown, and a sync with it fails before anything is applied.
    Source: Argo CD, controller/state.go (CompareAppState), controller/sync.go (validateSyncPermissions).
    """

    def __init__(self, managed: Managed) -> None:
        self._project = managed.project
        self._application = managed.application
        self._keys: frozenset[ResourceKey] = frozenset()
        self._hidden: Mapping[ResourceKey, str] = {}
        self._desired: tuple[ResourceKey, ...] = ()
        self._forbidden: frozenset[ResourceKey] = frozenset()

    def are_of(self, managed: Managed) -> bool:
        """Whether they still hold for an application."""
        return managed.project is self._project and managed.application is self._application

    def refusals(self, keys: Iterable[ResourceKey]) -> Mapping[ResourceKey, str]:
        """Those that the application may not have, each with the reason."""
        return {} if self._project is None else resource_refusals(self._project, self._application, keys)

    def reason(self, key: ResourceKey) -> str:
        """Why the application may not have a resource; empty where it may."""
        return self.refusals((key,)).get(key, "")

    def seen(self, live: Live) -> Live:
        """What there is of live resources, for the application; the same object where it may have them all."""
        if self._project is None:
            return live
        if live.keys() != self._keys:
            self._keys = frozenset(live)
            self._hidden = self.refusals(live)
        if not self._hidden:
            return live
        return {key: manifest for key, manifest in live.items() if key not in self._hidden}

    def forbidden(self, desired: tuple[ResourceKey, ...]) -> frozenset[ResourceKey]:
        """Those of a kind that the application may not have, wherever it is."""
        project = self._project
        if project is not None and desired is not self._desired:
            self._desired = desired
            self._forbidden = frozenset(
                key
                for key in desired
                if not is_group_kind_permitted(
                    project, key.group, key.kind, namespaced=bool(key.namespace), name=key.name
                )
            )
        return self._forbidden
