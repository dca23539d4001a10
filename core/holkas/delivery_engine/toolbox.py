"""The tools of a project by role, made when they are first needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from holkas.extensions.importer import Importer
    from holkas.extensions.notifier import Notifier
    from holkas.plugins.hooks import HookName
    from holkas.plugins.provider import PluginLookup
    from holkas.roles.artifact_repository import ArtifactRepository
    from holkas.roles.automation_agent import AutomationAgent
    from holkas.roles.build_server import BuildServer
    from holkas.roles.monitoring import Monitoring
    from holkas.roles.secret_store import SecretStore
    from holkas.roles.version_control import VersionControl


class Toolbox(Protocol):
    """What the engine works with. Every method gives the same tool each time; each may raise PluginError."""

    def version_control(self) -> VersionControl:
        """The project's version control."""
        ...

    def artifact_repository(self) -> ArtifactRepository:
        """Where artifacts are kept."""
        ...

    def build_server(self) -> BuildServer:
        """What runs pipelines."""
        ...

    def agent(self, name: str) -> AutomationAgent:
        """An automation agent by name, the project's where it is empty."""
        ...

    def secret_store(self) -> SecretStore:
        """Where secrets come from."""
        ...

    def monitoring(self) -> Mapping[str, Monitoring]:
        """Everything that takes events, by name."""
        ...

    def notifier(self, name: str) -> Notifier:
        """A channel by name."""
        ...

    def importers(self) -> Sequence[Importer]:
        """Readers of pipelines' files."""
        ...

    def custom_tasks(self) -> frozenset[str]:
        """Kinds of custom tasks that pipelines may have."""
        ...


HOOK_OF: Mapping[str, HookName] = {
    "version-control": "version_controls",
    "artifact-repository": "artifact_repositories",
    "build-server": "build_servers",
    "automation-agent": "automation_agents",
    "secret-store": "secret_stores",
    "monitoring": "monitoring",
}
"""Role → the hook of its tools."""


def listed(names: str) -> list[str]:
    """The names of a list with commas."""
    return [name.strip() for name in names.split(",") if name.strip()]


class PluginToolbox:
    """Tools of plugins. ``names``: role (``version-control`` …) → provider; of ``monitoring`` several with commas."""

    def __init__(self, plugins: PluginLookup, names: Mapping[str, str]) -> None:
        self._plugins = plugins
        self._names = dict(names)
        self._made: dict[tuple[str, str], Any] = {}

    def version_control(self) -> VersionControl:
        return self._by_role("version-control")  # type: ignore[no-any-return]  # by hook

    def artifact_repository(self) -> ArtifactRepository:
        return self._by_role("artifact-repository")  # type: ignore[no-any-return]  # by hook

    def build_server(self) -> BuildServer:
        return self._by_role("build-server")  # type: ignore[no-any-return]  # by hook

    def agent(self, name: str) -> AutomationAgent:
        return self._by_role("automation-agent", name)  # type: ignore[no-any-return]  # by hook

    def secret_store(self) -> SecretStore:
        return self._by_role("secret-store")  # type: ignore[no-any-return]  # by hook

    def monitoring(self) -> Mapping[str, Monitoring]:
        return {name: self._by_role("monitoring", name) for name in listed(self._names["monitoring"])}

    def notifier(self, name: str) -> Notifier:
        return self._tool("notifiers", name)  # type: ignore[no-any-return]  # by hook

    def importers(self) -> Sequence[Importer]:
        return [self._tool("importers", provider.name) for provider in self._plugins.providers("importers")]

    def custom_tasks(self) -> frozenset[str]:
        from holkas.plugins.custom_kinds import served_kinds

        return served_kinds(self._plugins)

    def close(self) -> None:
        """Close every tool that was made."""
        while self._made:
            _, tool = self._made.popitem()
            if hasattr(tool, "close"):
                tool.close()

    def _by_role(self, role: str, name: str = "") -> Any:
        return self._tool(HOOK_OF[role], name or self._names[role])

    def _tool(self, hook: Any, name: str) -> Any:
        if (hook, name) not in self._made:
            self._made[hook, name] = self._plugins.make(hook, name)
        return self._made[hook, name]
