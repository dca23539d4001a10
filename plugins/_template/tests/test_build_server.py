"""The build server keeps the contract of its role, and comes in through its hook."""

from __future__ import annotations

import pytest
from holkas.testing.contracts.build_server import BuildServerContract

from holkas_NAME import hooks
from holkas_NAME.build_server import NameBuildServer


class TestNameBuildServer(BuildServerContract):
    @pytest.fixture
    def tool(self):
        with NameBuildServer(
            failing=["contract-bad"], holding=["contract-long"], files={"report.txt": b"ok"}
        ) as tool:
            yield tool


def test_the_hook_offers_it(holkas_plugins):
    plugins = holkas_plugins(hooks)
    tool = plugins.make("build_servers", "NAME", {})
    assert isinstance(tool, NameBuildServer)
    (provider,) = plugins.providers("build_servers")
    assert tool.capabilities == provider.capabilities
    assert plugins.problems == []
