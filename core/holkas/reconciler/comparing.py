"""How an application's resources are compared with what is live, and what is told of those that two applications want."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from holkas.extensions.target import Target
from holkas.gitops.application_name import parse_instance
from holkas.gitops.diff import CompareSettings, DryRun, IgnoreRuleError, JqPlaces
from holkas.gitops.health import HealthOverride
from holkas.gitops.status import ApplicationStatus
from holkas.gitops.status_memory import StatusMemory
from holkas.model.resource import Resource, ResourceKey
from holkas.reconciler.health_of import health_for
from holkas.reconciler.live_view import LiveView
from holkas.reconciler.managed import Managed
from holkas.reconciler.permission import Live, Permissions
from holkas.roles.errors import ToolError


class Comparer:
    """Compares one application with a view of its target. Not safe for threads.

    unsure: whether the last comparison failed because of the target, so that it may go well without anything changing
    that is seen here. cannot: is told, once, what the target cannot do for it.
    """

    def __init__(
        self,
        managed: Managed,
        view: LiveView,
        health: HealthOverride | None,
        jq: JqPlaces | None,
        *,
        cannot: Callable[[str], None],
    ) -> None:
        self.unsure = False
        self._view = view
        self._memory = StatusMemory()
        self._judge = health_for(view.target, health)
        self._jq = jq
        self._permissions = Permissions(managed)
        self._tried = TryingOut(view.target, cannot)

    def status(self, managed: Managed) -> ApplicationStatus:
        """How the application is, by the view as it is."""
        shared = tuple(("SharedResourceWarning", told) for told in shared_resources(managed, self._view))
        conditions = managed.desired.conditions + shared
        settings = self.settings(managed)
        self.unsure = False
        try:
            return self._look(managed, settings, conditions)
        except (IgnoreRuleError, ToolError) as error:
            self.unsure = isinstance(error, ToolError)
            told = (*conditions, ("ComparisonError", str(error)))
            return self._look(managed, replace(settings, ignore=(), dry_run=None), told)

    def _look(
        self, managed: Managed, settings: CompareSettings, conditions: tuple[tuple[str, str], ...]
    ) -> ApplicationStatus:
        live = self.live(managed)
        return self._memory.look(
            managed.desired.manifests,
            live,
            settings,
            health=self._judge,
            conditions=conditions,
            forbidden=self._permissions.forbidden(managed.desired.keys),
        )

    def settings(self, managed: Managed) -> CompareSettings:
        """How its resources are compared."""
        return settings_for(managed, self._jq, self._tried)

    def live(self, managed: Managed) -> Live:
        """What is live of it, as far as its project lets it have it."""
        if not self._permissions.are_of(managed):
            self._permissions = Permissions(managed)
        return self._permissions.seen(self._view.live_for(managed.name, managed.desired.keys))


class TryingOut:
    """Callable as :data:`holkas.gitops.diff.DryRun`, of one target. A target that cannot do it is told once."""

    def __init__(self, target: Target, cannot: Callable[[str], None]) -> None:
        self._target = target
        self._cannot = cannot
        self._told = False

    def __call__(self, manifest: Mapping[str, Any]) -> Mapping[str, Any] | None:
        tried = self._target.dry_run_apply(Resource(manifest=manifest))
        if tried is None and not self._told:
            self._told = True
            self._cannot(
                f"the target {self._target.name} cannot try out a server-side apply: what it would change is worked "
                "out without it (ServerSideDiff=true)"
            )
        return None if tried is None else tried.manifest


def settings_for(managed: Managed, jq: JqPlaces | None, dry_run: DryRun | None = None) -> CompareSettings:
    """The application's own settings.

    jq: for expressions that may take long; None refuses these. dry_run: for applications that want to be tried out.
    """
    settings = managed.settings
    if jq is not None and settings.ignore:
        settings = replace(settings, jq=jq)
    if dry_run is not None and managed.is_tried_out:
        settings = replace(settings, dry_run=dry_run, mutations=managed.counts_mutations)
    return settings


def shared_resources(managed: Managed, view: LiveView) -> tuple[str, ...]:
    """What is told of resources that an application desires and that are live as another one's.

    Source: Argo CD, controller/state.go (SharedResourceWarning).
    """
    found = view.shared(managed.name, managed.desired.keys)
    return tuple(_told(managed, key, owner) for key, owner in found)


def _told(managed: Managed, key: ResourceKey, owner: str) -> str:
    application = managed.application
    own = f"{application.namespace}/{application.name}" if application.namespace else application.name
    name, namespace = parse_instance(owner)
    other = f"{namespace}/{name}" if namespace else name
    return f"{key.kind}/{key.name} is part of applications {own} and {other}"
