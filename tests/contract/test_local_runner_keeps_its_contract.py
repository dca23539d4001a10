"""The built-in build server passes the contract of its role, its steps run by the ``process`` executor."""

from __future__ import annotations

import os

import pytest
from holkas.plugins.manager import PluginManager
from holkas.testing.contracts.build_server import BuildServerContract


class TestLocalBuildServer(BuildServerContract):
    @pytest.fixture
    def tool(self, tmp_path):
        environ = {**os.environ, "HOLKAS_LOAD_PLUGINS": "holkas"}
        plugins = PluginManager.for_project(tmp_path, environ, tmp_path / "state")
        with plugins.make("build_servers", "local", {}) as tool:
            yield tool
