"""Automation agents: bring an environment into its desired state."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import ClassVar

from holkas.model.change import Change, Outcome, Plan
from holkas.model.environment import Environment
from holkas.model.environment_state import EnvironmentState
from holkas.model.release import Release
from holkas.roles.role import Role


def _ignore(change: Change) -> None:
    """Nobody wants to hear of it."""


class AutomationAgent(Role):
    """Changes environments: the built-in local agent, Ansible, Puppet, Salt, a cluster.

    ``plan`` changes nothing, ``apply`` does, ``check`` looks. A release's secrets are revealed only where
    they are handed over to the tool, and stand in no plan, change or message.

    Life cycle: an agent killed in the middle of ``apply`` leaves a state from which the next ``apply`` of
    the same or another release ends as if nothing had happened. Threads: different environments at the same
    time; for one environment the core makes one call after the other, ``check`` apart.

    Capabilities: ``rollback`` (keeps earlier releases), ``drift``, ``provision``, ``backup``, ``operations``.
    """

    known_capabilities: ClassVar[frozenset[str]] = frozenset(
        {"rollback", "drift", "provision", "backup", "operations"}
    )

    @abstractmethod
    def plan(self, environment: Environment, release: Release) -> Plan:
        """What ``apply`` would change, without changing it; no changes where the environment is already so.

        Raises Retryable when the environment cannot be reached, AccessDenied, and ToolError for a release
        that this agent cannot apply.
        """

    @abstractmethod
    def apply(self, plan: Plan, on_change: Callable[[Change], None] = _ignore) -> Outcome:
        """Bring the environment into the planned state and return once it is, or has failed.

        on_change: called for each change as it is made, from any thread. Applying the same plan again changes
        nothing and succeeds. Raises Conflict when the environment has been changed since the plan was made
        in a way that makes it wrong; Retryable, AccessDenied. A failure inside the environment is an Outcome
        that did not succeed, with the changes that were made.
        """

    @abstractmethod
    def check(self, environment: Environment) -> EnvironmentState:
        """What is in place there and how well it is, looked at now. Changes nothing.

        An environment that nothing was ever applied to is a state without a release, no error. Raises
        Retryable, AccessDenied.
        """

    def rollback(self, environment: Environment, release: str = "") -> Outcome:
        """Bring back an earlier release, artifact and configuration; empty for the one before the present
        one.

        Needs nothing but what the agent kept. Bringing back the release that is in place changes nothing.
        Raises NotFound when it was not kept. Capability ``rollback``.
        """
        raise self.unsupported("rollback")

    def drift(self, environment: Environment) -> tuple[Change, ...]:
        """What somebody else changed since the last ``apply``: the changes that would put it right, without
        making them. Capability ``drift``."""
        raise self.unsupported("drift")

    def provision(self, environment: Environment) -> Outcome:
        """Make the environment itself (hosts, directories, accounts); nothing where it exists.

        Capability ``provision``.
        """
        raise self.unsupported("provision")

    def backup(self, environment: Environment, directory: Path) -> Outcome:
        """Write a backup of the environment's data into a directory, which is empty. Capability
        ``backup``."""
        raise self.unsupported("backup")

    def operate(
        self, environment: Environment, operation: str, params: Mapping[str, str] | None = None
    ) -> Outcome:
        """Run a named operation (rotate, restart …) with its params. Not repeated by the core.

        Raises NotFound for a name that the agent does not know. Capability ``operations``.
        """
        raise self.unsupported("operations")
