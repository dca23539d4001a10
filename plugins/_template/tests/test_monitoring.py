"""The monitoring keeps the contract of its role, and comes in through its hook."""

from __future__ import annotations

import pytest
from holkas.testing.contracts.monitoring import MonitoringContract

from holkas_NAME import hooks
from holkas_NAME.monitoring import NameMonitoring


class TestNameMonitoring(MonitoringContract):
    @pytest.fixture
    def tool(self):
        with NameMonitoring() as tool:
            yield tool


def test_the_hook_offers_it(holkas_plugins):
    plugins = holkas_plugins(hooks)
    tool = plugins.make("monitoring", "NAME", {})
    assert isinstance(tool, NameMonitoring)
    (provider,) = plugins.providers("monitoring")
    assert tool.capabilities == provider.capabilities
    assert plugins.problems == []
