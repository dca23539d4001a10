"""The automation agent keeps the contract of its role, and comes in through its hook."""

from __future__ import annotations

import pytest
from holkas.testing.contracts.automation_agent import AutomationAgentContract

from holkas_NAME import hooks
from holkas_NAME.automation_agent import NameAutomationAgent


class TestNameAutomationAgent(AutomationAgentContract):
    @pytest.fixture
    def tool(self):
        with NameAutomationAgent() as tool:
            yield tool


def test_the_hook_offers_it(holkas_plugins):
    plugins = holkas_plugins(hooks)
    tool = plugins.make("automation_agents", "NAME", {})
    assert isinstance(tool, NameAutomationAgent)
    (provider,) = plugins.providers("automation_agents")
    assert tool.capabilities == provider.capabilities
    assert plugins.problems == []
