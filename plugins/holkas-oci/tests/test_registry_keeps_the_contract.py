"""An OCI registry as artifact repository keeps the role's contract, with and without a login."""

from __future__ import annotations

import pytest
from holkas.testing.contracts.artifact_repository import ArtifactRepositoryContract

pytestmark = pytest.mark.service
USER, PASSWORD = "anna", "s3cr3t-pa55"


class TestOpenRegistry(ArtifactRepositoryContract):
    @pytest.fixture
    def tool(self, registry, make):
        return make(registry)


class TestRegistryWithPassword(ArtifactRepositoryContract):
    @pytest.fixture
    def tool(self, private_registry, make, monkeypatch):
        monkeypatch.setenv("CONTRACT_PASSWORD", PASSWORD)
        return make(private_registry, username=USER, password_variable="CONTRACT_PASSWORD")
