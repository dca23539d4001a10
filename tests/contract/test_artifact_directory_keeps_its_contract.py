"""The directory as artifact repository keeps the role's contract."""

from __future__ import annotations

import pytest
from holkas.testing.contracts.artifact_repository import ArtifactRepositoryContract
from holkas_builtin.artifacts.repository import DirectoryRepository


class TestDirectory(ArtifactRepositoryContract):
    @pytest.fixture
    def tool(self, tmp_path):
        with DirectoryRepository(tmp_path / "repository") as tool:
            yield tool
