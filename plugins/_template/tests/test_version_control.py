"""The version control keeps the contract of its role, and comes in through its hook."""

from __future__ import annotations

import pytest
from holkas.testing.contracts.version_control import VersionControlContract

from holkas_NAME import hooks
from holkas_NAME.version_control import NameVersionControl


class TestNameVersionControl(VersionControlContract):
    @pytest.fixture
    def tool(self):
        with NameVersionControl() as tool:
            yield tool

    @pytest.fixture
    def repository(self, tool):
        return tool.create("https://example.org/team/contract.git")


def test_the_hook_offers_it(holkas_plugins):
    plugins = holkas_plugins(hooks)
    tool = plugins.make("version_controls", "NAME", {})
    assert isinstance(tool, NameVersionControl)
    (provider,) = plugins.providers("version_controls")
    assert tool.capabilities == provider.capabilities
    assert plugins.problems == []
