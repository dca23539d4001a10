"""This machine as automation agent keeps the role's contract."""

from __future__ import annotations

import pytest
from holkas.testing.contracts.automation_agent import AutomationAgentContract
from holkas_builtin.agent.agent import LocalAgent


class TestLocalAgent(AutomationAgentContract):
    @pytest.fixture
    def tool(self, holkas_context):
        with LocalAgent(holkas_context) as tool:
            yield tool
