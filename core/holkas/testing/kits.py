"""Every contract that there is, a row a hook: which class, what it tests, what it asks for, what it leaves behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any

from holkas.plugins.hooks import HookName
from holkas.records import dataclass
from holkas.testing import leftovers


def _nothing(tool: Any) -> list[str]:
    """It stores nothing."""
    return []


def _leave(tool: Any) -> None:
    """Nothing is to be removed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """The contract of a hook's tools.

    contract: module below ``holkas.testing.contracts``, and class. fixture: of the contract, which gives the tool.
    given: attributes of the contract that a plugin's user may set, with what they are without that: empty, so that
    their tests are skipped. That an executor protects the host is tried for real: somebody has to say first that it
    does. fault: the tool's method that says why it does not work here; empty where it has none. stored: what is there
    under names that the contract uses. clean: takes away what a test has left.
    """

    contract: str
    fixture: str = "tool"
    given: Mapping[str, str | bool] = field(default_factory=dict)
    fault: str = ""
    stored: Callable[[Any], list[str]] = _nothing
    clean: Callable[[Any], None] = _leave


KITS: Mapping[HookName, Kit] = {
    "version_controls": Kit(contract="version_control:VersionControlContract", fault="fault"),
    "artifact_repositories": Kit(
        contract="artifact_repository:ArtifactRepositoryContract",
        fault="fault",
        stored=leftovers.artifacts,
        clean=leftovers.remove_artifacts,
    ),
    "build_servers": Kit(contract="build_server:BuildServerContract", fault="fault"),
    "automation_agents": Kit(contract="automation_agent:AutomationAgentContract", fault="fault"),
    "monitoring": Kit(contract="monitoring:MonitoringContract", fault="fault"),
    "secret_stores": Kit(
        contract="secret_store:SecretStoreContract",
        fault="fault",
        given={"signing_key": "", "credentials_role": ""},
        stored=leftovers.secrets,
        clean=leftovers.remove_secrets,
    ),
    "notifiers": Kit(contract="notifier:NotifierContract", fixture="notifier", given={"recipient": ""}),
    "executors": Kit(
        contract="executor:ExecutorContract",
        fixture="executor",
        fault="check",
        given={"isolated": False, "sees_processes": True},
    ),
    "targets": Kit(
        contract="target:TargetContract",
        fixture="target",
        given={"merges": True},
        stored=leftovers.resources,
        clean=leftovers.remove_resources,
    ),
    "renderers": Kit(contract="renderer:RendererContract", fixture="renderer"),
    "source_fetchers": Kit(
        contract="source_fetcher:SourceFetcherContract",
        fixture="fetcher",
        given={"repository": "", "revision": ""},
    ),
    "resolvers": Kit(contract="resolver:ResolverContract", fixture="resolver", given={"fields": ""}),
    "custom_tasks": Kit(contract="custom_task:CustomTaskContract", fixture="task"),
}
