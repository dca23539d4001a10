"""What this plugin offers. Imported whenever holkas needs any plugin, so it imports nothing heavy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from holkas.plugins import Context, Provider, hookimpl

if TYPE_CHECKING:
    from holkas.roles.artifact_repository import ArtifactRepository
    from holkas.roles.automation_agent import AutomationAgent
    from holkas.roles.build_server import BuildServer
    from holkas.roles.monitoring import Monitoring
    from holkas.roles.secret_store import SecretStore
    from holkas.roles.version_control import VersionControl


# role: version_control
def _make_version_control(context: Context) -> VersionControl:
    from holkas_NAME.version_control import NameVersionControl

    return NameVersionControl()


@hookimpl
def holkas_version_controls() -> Iterator[Provider[VersionControl]]:
    """Revisions of files, in memory."""
    flags = frozenset(
        {
            "begin", "changed-paths", "code-owners", "commit-statuses", "pull-requests", "tags", "webhooks",
        }
    )  # fmt: skip
    yield Provider(
        name="NAME",
        summary="Revisions of files, in memory.",
        make=_make_version_control,
        capabilities=flags,
    )


# role: artifact_repository
def _make_artifact_repository(context: Context) -> ArtifactRepository:
    from holkas_NAME.artifact_repository import NameArtifactRepository

    return NameArtifactRepository()


@hookimpl
def holkas_artifact_repositories() -> Iterator[Provider[ArtifactRepository]]:
    """Artifacts by digest, in memory."""
    flags = frozenset({"delete", "referrers", "tag"})
    yield Provider(
        name="NAME",
        summary="Artifacts by digest, in memory.",
        make=_make_artifact_repository,
        capabilities=flags,
    )


# role: build_server
def _make_build_server(context: Context) -> BuildServer:
    from holkas_NAME.build_server import NameBuildServer

    return NameBuildServer()


@hookimpl
def holkas_build_servers() -> Iterator[Provider[BuildServer]]:
    """Runs of pipelines, in memory."""
    flags = frozenset({"artifacts", "parameters", "queue", "retry"})
    yield Provider(
        name="NAME",
        summary="Runs of pipelines, in memory.",
        make=_make_build_server,
        capabilities=flags,
    )


# role: automation_agent
def _make_automation_agent(context: Context) -> AutomationAgent:
    from holkas_NAME.automation_agent import NameAutomationAgent

    return NameAutomationAgent()


@hookimpl
def holkas_automation_agents() -> Iterator[Provider[AutomationAgent]]:
    """Environments in their desired state, in memory."""
    flags = frozenset({"backup", "drift", "operations", "provision", "rollback"})
    yield Provider(
        name="NAME",
        summary="Environments in their desired state, in memory.",
        make=_make_automation_agent,
        capabilities=flags,
    )


# role: monitoring
def _make_monitoring(context: Context) -> Monitoring:
    from holkas_NAME.monitoring import NameMonitoring

    return NameMonitoring()


@hookimpl
def holkas_monitoring() -> Iterator[Provider[Monitoring]]:
    """Events and health, in memory."""
    flags = frozenset({"alerts", "dashboards", "logs", "metrics"})
    yield Provider(
        name="NAME",
        summary="Events and health, in memory.",
        make=_make_monitoring,
        capabilities=flags,
    )


# role: secret_store
OPTIONS = {
    "type": "object",
    "properties": {"directory": {"type": "string", "description": "Where the secrets lie."}},
    "required": ["directory"],
    "additionalProperties": False,
}


def _make_secret_store(context: Context) -> SecretStore:
    from holkas_NAME.secret_store import DirectoryStore

    return DirectoryStore(context.project / context.options["directory"])


@hookimpl
def holkas_secret_stores() -> Iterator[Provider[SecretStore]]:
    """Secrets from a directory."""
    yield Provider(
        name="NAME",
        summary="Secrets from a directory.",
        make=_make_secret_store,
        options_schema=OPTIONS,
    )
