"""How an application's resources are compared with what is live, and what is told of those that two applications want."""

from __future__ import annotations

from dataclasses import replace

from holkas.gitops.application_name import parse_instance
from holkas.gitops.diff import CompareSettings, JqPlaces
from holkas.model.resource import ResourceKey
from holkas.reconciler.live_view import LiveView
from holkas.reconciler.managed import Managed


def settings_for(managed: Managed, jq: JqPlaces | None) -> CompareSettings:
    """The application's own settings. jq: for expressions that may take long; None refuses these."""
    settings = managed.settings
    return settings if jq is None or not settings.ignore else replace(settings, jq=jq)


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
