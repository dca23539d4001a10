"""The artifact repository keeps the contract of its role, and comes in through its hook."""

from __future__ import annotations

import pytest
from holkas.testing.contracts.artifact_repository import ArtifactRepositoryContract

from holkas_NAME import hooks
from holkas_NAME.artifact_repository import NameArtifactRepository


class TestNameArtifactRepository(ArtifactRepositoryContract):
    @pytest.fixture
    def tool(self):
        with NameArtifactRepository() as tool:
            yield tool


def test_the_hook_offers_it(holkas_plugins):
    plugins = holkas_plugins(hooks)
    tool = plugins.make("artifact_repositories", "NAME", {})
    assert isinstance(tool, NameArtifactRepository)
    (provider,) = plugins.providers("artifact_repositories")
    assert tool.capabilities == provider.capabilities
    assert plugins.problems == []
