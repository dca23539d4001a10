"""How an application's resources are compared with what is live, and what is told of those that two applications want."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from holkas.extensions.target import Target
from holkas.gitops.application_name import parse_instance
from holkas.gitops.diff import CompareSettings, DryRun, JqPlaces
from holkas.model.resource import Resource, ResourceKey
from holkas.reconciler.live_view import LiveView
from holkas.reconciler.managed import Managed


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
