"""The hooks by name: which class each one's providers make, and whether it is one of the six roles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from holkas.records import dataclass

HookName = Literal[
    "version_controls",
    "artifact_repositories",
    "build_servers",
    "automation_agents",
    "monitoring",
    "secret_stores",
    "notifiers",
    "executors",
    "targets",
    "importers",
    "renderers",
    "source_fetchers",
    "resolvers",
    "custom_tasks",
    "checks",
    "commands",
]
"""Hooks that hand over providers. ``holkas_codes`` is the one hook that does not."""

PREFIX = "holkas_"
HOOK_NAMES: tuple[HookName, ...] = get_args(HookName)


@dataclass(frozen=True, slots=True)
class Hook:
    """``interface``: module and class that a provider's ``make`` returns an instance of. ``noun``: for
    messages."""

    interface: str
    noun: str
    role: bool = False


HOOKS: Mapping[HookName, Hook] = {
    "version_controls": Hook("holkas.roles.version_control:VersionControl", "version control", True),
    "artifact_repositories": Hook(
        "holkas.roles.artifact_repository:ArtifactRepository", "artifact repository", True
    ),
    "build_servers": Hook("holkas.roles.build_server:BuildServer", "build server", True),
    "automation_agents": Hook("holkas.roles.automation_agent:AutomationAgent", "automation agent", True),
    "monitoring": Hook("holkas.roles.monitoring:Monitoring", "monitoring", True),
    "secret_stores": Hook("holkas.roles.secret_store:SecretStore", "secret store", True),
    "notifiers": Hook("holkas.extensions.notifier:Notifier", "notifier"),
    "executors": Hook("holkas.extensions.executor:Executor", "executor"),
    "targets": Hook("holkas.extensions.target:Target", "target"),
    "importers": Hook("holkas.extensions.importer:Importer", "importer"),
    "renderers": Hook("holkas.extensions.renderer:Renderer", "renderer"),
    "source_fetchers": Hook("holkas.extensions.source_fetcher:SourceFetcher", "source fetcher"),
    "resolvers": Hook("holkas.extensions.resolver:Resolver", "resolver"),
    "custom_tasks": Hook("holkas.extensions.custom_task:CustomTask", "custom task"),
    "checks": Hook("holkas.extensions.check:Check", "check"),
    "commands": Hook("click:Command", "command"),
}
