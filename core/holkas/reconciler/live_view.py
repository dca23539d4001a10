"""What is live in a target, by application; a look at which nothing has changed asks for nothing but that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from threading import RLock
from typing import Any

from holkas.extensions.target import Target
from holkas.gitops.identity import Tracking, owner_of
from holkas.model.resource import Resource, ResourceKey
from holkas.records import dataclass

Manifest = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """changed: keys of what is not as it was. owners: applications that they belong to or belonged to."""

    changed: frozenset[ResourceKey] = frozenset()
    owners: frozenset[str] = frozenset()


_NOTHING = Refreshed()


class LiveView:
    """One target as it was at the last refresh. Safe for threads; manifests that it hands out are never changed."""

    def __init__(self, target: Target, tracking: Tracking | None = None) -> None:
        self.target = target
        self._tracking = tracking or Tracking()
        self._mark = ""
        self._begun = False
        self._listed: list[Resource] | None = None
        self._live: dict[ResourceKey, Manifest] = {}
        self._owner: dict[ResourceKey, str] = {}
        self._owned: dict[str, dict[ResourceKey, Manifest]] = {}
        self._changed: set[ResourceKey] = set()
        self._owners: set[str] = set()
        self._lock = RLock()

    def track(self, tracking: Tracking) -> None:
        """Say how resources tell whose they are; where that is another way than before, everything is looked at anew."""
        with self._lock:
            if tracking != self._tracking:
                self._tracking = tracking
                self._begun = False
                self._live, self._owner, self._owned = {}, {}, {}

    def take(self, *, whole: bool = False) -> Refreshed:
        """Refresh, and tell everything that changed since the last call, whoever refreshed the view in between.

        For the one who has to look at every change; a sync refreshes for itself.
        """
        with self._lock:
            self.refresh(whole=whole)
            found = Refreshed(changed=frozenset(self._changed), owners=frozenset(self._owners))
            self._changed.clear()
            self._owners.clear()
            return found

    def refresh(self, *, whole: bool = False) -> Refreshed:
        """Bring the view up to now. whole: look at every resource, whatever the target says of changes.

        Raises what the target raises.
        """
        with self._lock:
            changes = self.target.changes(self._mark)
            self._mark = changes.mark if changes is not None else ""
            if changes is None or changes.keys is None or whole or not self._begun:
                return self._relist()
            if not changes.keys:
                return _NOTHING
            self._listed = None  # what it was is not what it is
            found = {key: self.target.get(key) for key in changes.keys}
            return self._take(found.items())

    def _relist(self) -> Refreshed:
        listed = list(self.target.list())
        if self._begun and listed == self._listed:
            return _NOTHING
        self._listed, self._begun = listed, True
        now: dict[ResourceKey, Resource | None] = {resource.key: resource for resource in listed}
        gone = {key: None for key in self._live if key not in now}
        return self._take([*now.items(), *gone.items()])

    def _take(self, found: Iterable[tuple[ResourceKey, Resource | None]]) -> Refreshed:
        changed, owners = set(), set()
        for key, resource in found:
            before = self._live.get(key)
            if resource is None:
                if before is None:
                    continue
                del self._live[key]
            elif before == resource.manifest:
                continue
            else:
                self._live[key] = resource.manifest
            changed.add(key)
            owners |= self._own(key, resource)
        self._changed |= changed
        self._owners |= owners
        return Refreshed(changed=frozenset(changed), owners=frozenset(owners))

    def _own(self, key: ResourceKey, resource: Resource | None) -> set[str]:
        """Note whose a resource is now; whose it is and was."""
        before = self._owner.pop(key, "")
        if before:
            # Whoever compares has the mapping of before in hand: it must stay as it was.
            self._owned[before] = {k: m for k, m in self._owned[before].items() if k != key}
        after = owner_of(resource.manifest, self._tracking) if resource is not None else ""
        if after and resource is not None:
            self._owner[key] = after
            self._owned[after] = {**self._owned.get(after, {}), key: resource.manifest}
        return {name for name in (before, after) if name}

    def owned(self, application: str) -> Mapping[ResourceKey, Manifest]:
        """The live resources of an application; the same object as long as none of them changes."""
        with self._lock:
            return self._owned.get(application, {})

    def applications(self) -> list[str]:
        """The applications that have live resources."""
        with self._lock:
            return sorted(name for name, owned in self._owned.items() if owned)

    def get(self, key: ResourceKey) -> Manifest | None:
        """A live resource, whoever it belongs to."""
        with self._lock:
            return self._live.get(key)

    def owner(self, key: ResourceKey) -> str:
        """Whose a live resource is; empty for nobody's."""
        with self._lock:
            return self._owner.get(key, "")

    def live_for(self, application: str, desired: Iterable[ResourceKey]) -> Mapping[ResourceKey, Manifest]:
        """An application's live resources, and those that it desires and are there, whoever made them."""
        with self._lock:
            owned = self._owned.get(application, {})
            others = {key: self._live[key] for key in desired if key not in owned and key in self._live}
            return {**owned, **others} if others else owned

    def shared(self, application: str, desired: Iterable[ResourceKey]) -> tuple[tuple[ResourceKey, str], ...]:
        """Resources that an application desires and that are live as another one's, with that one's name."""
        with self._lock:
            owned = self._owned.get(application, {})
            others = ((key, self._owner.get(key, "")) for key in desired if key not in owned)
            return tuple((key, owner) for key, owner in others if owner)

    def namespaced(self) -> Callable[[str, str], bool | None]:
        """Where kinds live, as the target says; it is asked once for each as long as the function is used."""
        known: dict[tuple[str, str], bool | None] = {}

        def namespaced(group: str, kind: str) -> bool | None:
            if (group, kind) not in known:
                known[group, kind] = self.target.namespaced(group, kind)
            return known[group, kind]

        return namespaced
