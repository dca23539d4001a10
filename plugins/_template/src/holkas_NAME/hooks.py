"""What this plugin offers. Imported whenever holkas needs any plugin: what is heavy is left to ``make``."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING

from holkas.plugins import Provider, hookimpl

if TYPE_CHECKING:
    from holkas.roles.artifact_repository import ArtifactRepository
    from holkas.roles.automation_agent import AutomationAgent
    from holkas.roles.build_server import BuildServer
    from holkas.roles.monitoring import Monitoring
    from holkas.roles.secret_store import SecretStore
    from holkas.roles.version_control import VersionControl


# role: version_control
@hookimpl
def holkas_version_controls() -> Iterator[Provider[VersionControl]]:
    """Revisions of files, in memory."""
    flags = frozenset(
        {
            "begin", "changed-paths", "code-owners", "commit-statuses", "pull-requests", "repositories",
            "tags", "webhooks",
        }
    )  # fmt: skip
    yield Provider(
        name="NAME",
        summary="Revisions of files, in memory.",
        make=lambda context: import_module("holkas_NAME.version_control").NameVersionControl(),
        capabilities=flags,
    )


# role: artifact_repository
@hookimpl
def holkas_artifact_repositories() -> Iterator[Provider[ArtifactRepository]]:
    """Artifacts by digest, in memory."""
    yield Provider(
        name="NAME",
        summary="Artifacts by digest, in memory.",
        make=lambda context: import_module("holkas_NAME.artifact_repository").NameArtifactRepository(),
        capabilities=frozenset({"delete", "referrers", "tag"}),
    )


# role: build_server
@hookimpl
def holkas_build_servers() -> Iterator[Provider[BuildServer]]:
    """Runs of pipelines, in memory."""
    yield Provider(
        name="NAME",
        summary="Runs of pipelines, in memory.",
        make=lambda context: import_module("holkas_NAME.build_server").NameBuildServer(),
        capabilities=frozenset({"artifacts", "parameters", "queue", "retry"}),
    )


# role: automation_agent
@hookimpl
def holkas_automation_agents() -> Iterator[Provider[AutomationAgent]]:
    """Environments in their desired state, in memory."""
    yield Provider(
        name="NAME",
        summary="Environments in their desired state, in memory.",
        make=lambda context: import_module("holkas_NAME.automation_agent").NameAutomationAgent(),
        capabilities=frozenset({"backup", "drift", "operations", "provision", "rollback"}),
    )


# role: monitoring
@hookimpl
def holkas_monitoring() -> Iterator[Provider[Monitoring]]:
    """Events and health, in memory."""
    yield Provider(
        name="NAME",
        summary="Events and health, in memory.",
        make=lambda context: import_module("holkas_NAME.monitoring").NameMonitoring(),
        capabilities=frozenset({"alerts", "dashboards", "logs", "metrics"}),
    )


# role: secret_store
OPTIONS = {
    "type": "object",
    "properties": {"directory": {"type": "string", "description": "Where the secrets lie."}},
    "required": ["directory"],
    "additionalProperties": False,
}


@hookimpl
def holkas_secret_stores() -> Iterator[Provider[SecretStore]]:
    """Secrets from a directory."""
    yield Provider(
        name="NAME",
        summary="Secrets from a directory.",
        make=lambda context: import_module("holkas_NAME.secret_store").DirectoryStore(
            context.project / context.options["directory"]
        ),
        options_schema=OPTIONS,
    )
