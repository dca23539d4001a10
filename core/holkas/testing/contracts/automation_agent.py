"""The contract of automation agents."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest

from holkas.model.artifact import Artifact
from holkas.model.change import Change
from holkas.model.environment import Environment
from holkas.model.release import Configuration, Release
from holkas.model.secret import Secret
from holkas.roles.automation_agent import AutomationAgent
from holkas.roles.errors import NotFound
from holkas.testing.contracts.role import Needs, RoleContract

_ANY = Environment(name="x")
CANARY = "contract-s3cr3t"


class AutomationAgentContract(RoleContract):
    """Give ``tool``, and ``environment``: one that the tool may change and that nothing was applied to.

    An agent that needs more of a release than a file and a value overrides ``release``.
    """

    role = AutomationAgent
    behind: ClassVar[Any] = {
        "rollback": (lambda tool: tool.rollback(_ANY),),
        "drift": (lambda tool: tool.drift(_ANY),),
        "provision": (lambda tool: tool.provision(_ANY),),
        "backup": (lambda tool: tool.backup(_ANY, Path()),),
        "operations": (lambda tool: tool.operate(_ANY, "x"),),
    }

    @pytest.fixture
    def environment(self, tmp_path: Path) -> Environment:
        """An environment to change."""
        return Environment(name="contract", destination=str(tmp_path / "environment"))

    @pytest.fixture
    def release(self, tmp_path: Path) -> Callable[[str], Release]:
        """Makes a release whose only artifact is a file with this text."""

        def release(text: str) -> Release:
            path = tmp_path / "content" / text
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
            digest = f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
            return Release(
                id=f"release-{text}",
                artifacts=(Artifact(name="app", version=text, digest=digest, size=len(text)),),
                configuration=Configuration(
                    values={"colour": text},
                    secrets={"password": Secret(CANARY)},
                    files={"etc/app.conf": f"colour = {text}\n".encode()},
                ),
                content={"app": path},
            )

        return release

    def apply(self, tool: AutomationAgent, environment: Environment, release: Release) -> list[Change]:
        """Plan and apply, and return the changes; it must succeed."""
        told: list[Change] = []
        outcome = tool.apply(tool.plan(environment, release), told.append)
        assert outcome.succeeded, outcome.message
        assert sorted(map(str, told)) == sorted(map(str, outcome.changes)), (
            "each change is told as it is made"
        )
        return list(outcome.changes)

    def test_a_new_environment_has_no_release(self, tool: AutomationAgent, environment: Environment) -> None:
        state = tool.check(environment)
        assert (state.environment, state.release, state.kept) == (environment.name, "", ())

    def test_a_plan_changes_nothing(
        self, tool: AutomationAgent, environment: Environment, release: Callable[[str], Release]
    ) -> None:
        plan = tool.plan(environment, release("red"))
        assert plan.changes
        assert plan.release.id == "release-red"
        assert tool.check(environment).release == ""

    def test_a_release_is_in_place_once_it_is_applied(
        self, tool: AutomationAgent, environment: Environment, release: Callable[[str], Release]
    ) -> None:
        assert self.apply(tool, environment, release("red"))
        assert tool.check(environment).release == "release-red"
        assert self.apply(tool, environment, release("blue"))
        assert tool.check(environment).release == "release-blue"

    def test_applying_again_changes_nothing(
        self, tool: AutomationAgent, environment: Environment, release: Callable[[str], Release]
    ) -> None:
        plan = tool.plan(environment, release("red"))
        assert tool.apply(plan).succeeded
        again = tool.apply(plan)
        assert again.succeeded
        assert again.changes == ()
        assert tool.plan(environment, release("red")).changes == ()

    def test_no_secret_is_told(
        self, tool: AutomationAgent, environment: Environment, release: Callable[[str], Release]
    ) -> None:
        plan = tool.plan(environment, release("red"))
        outcome = tool.apply(plan)
        assert CANARY not in f"{plan} {outcome} {tool.check(environment)}"

    def test_environments_are_apart(
        self,
        tool: AutomationAgent,
        environment: Environment,
        release: Callable[[str], Release],
        tmp_path: Path,
    ) -> None:
        other = Environment(name="contract-other", destination=str(tmp_path / "other"))
        self.apply(tool, environment, release("red"))
        assert tool.check(other).release == ""

    def test_the_release_before_comes_back(
        self, tool: AutomationAgent, environment: Environment, release: Callable[[str], Release], needs: Needs
    ) -> None:
        needs("rollback")
        self.apply(tool, environment, release("red"))
        self.apply(tool, environment, release("blue"))
        assert tool.check(environment).kept[0] == "release-red"
        assert tool.rollback(environment).succeeded
        assert tool.check(environment).release == "release-red"
        assert tool.rollback(environment, "release-red").changes == ()

    def test_a_release_that_was_not_kept_is_not_found(
        self, tool: AutomationAgent, environment: Environment, release: Callable[[str], Release], needs: Needs
    ) -> None:
        needs("rollback")
        with pytest.raises(NotFound):
            tool.rollback(environment)
        self.apply(tool, environment, release("red"))
        with pytest.raises(NotFound):
            tool.rollback(environment, "release-none")
        assert tool.check(environment).release == "release-red"

    def test_nothing_drifts_by_itself(
        self, tool: AutomationAgent, environment: Environment, release: Callable[[str], Release], needs: Needs
    ) -> None:
        needs("drift")
        self.apply(tool, environment, release("red"))
        assert tool.drift(environment) == ()

    def test_an_environment_is_made_once(
        self, tool: AutomationAgent, environment: Environment, needs: Needs
    ) -> None:
        needs("provision")
        assert tool.provision(environment).succeeded
        again = tool.provision(environment)
        assert again.succeeded
        assert again.changes == ()

    def test_a_backup_is_written(
        self,
        tool: AutomationAgent,
        environment: Environment,
        release: Callable[[str], Release],
        needs: Needs,
        tmp_path: Path,
    ) -> None:
        needs("backup")
        self.apply(tool, environment, release("red"))
        (tmp_path / "backup").mkdir()
        assert tool.backup(environment, tmp_path / "backup").succeeded
        assert any((tmp_path / "backup").iterdir())

    def test_an_unknown_operation_is_not_found(
        self, tool: AutomationAgent, environment: Environment, needs: Needs
    ) -> None:
        needs("operations")
        with pytest.raises(NotFound):
            tool.operate(environment, "contract-none")
