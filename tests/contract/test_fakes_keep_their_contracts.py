"""The fakes of the six roles pass the contract tests that a plugin's author runs."""

from __future__ import annotations

import pytest
from holkas.testing.contracts.artifact_repository import ArtifactRepositoryContract
from holkas.testing.contracts.automation_agent import AutomationAgentContract
from holkas.testing.contracts.build_server import BuildServerContract
from holkas.testing.contracts.monitoring import MonitoringContract
from holkas.testing.contracts.secret_store import SecretStoreContract
from holkas.testing.contracts.version_control import VersionControlContract
from holkas.testing.fakes.artifact_repository import FakeArtifactRepository
from holkas.testing.fakes.automation_agent import FakeAutomationAgent
from holkas.testing.fakes.build_server import FakeBuildServer
from holkas.testing.fakes.monitoring import FakeMonitoring
from holkas.testing.fakes.secret_store import FakeSecretStore
from holkas.testing.fakes.version_control import FakeVersionControl


class TestFakeSecretStore(SecretStoreContract):
    @pytest.fixture
    def tool(self):
        with FakeSecretStore() as tool:
            yield tool


class TestFakeMonitoring(MonitoringContract):
    @pytest.fixture
    def tool(self):
        with FakeMonitoring() as tool:
            yield tool


class TestFakeArtifactRepository(ArtifactRepositoryContract):
    @pytest.fixture
    def tool(self):
        with FakeArtifactRepository() as tool:
            yield tool


class TestFakeVersionControl(VersionControlContract):
    @pytest.fixture
    def tool(self):
        with FakeVersionControl() as tool:
            yield tool

    @pytest.fixture
    def repository(self, tool):
        return tool.create("https://example.org/team/contract.git")

    @pytest.fixture
    def comments(self, tool):
        return tool.comments


class TestFakeBuildServer(BuildServerContract):
    @pytest.fixture
    def tool(self):
        with FakeBuildServer(
            failing=["contract-bad"], holding=["contract-long"], files={"report.txt": b"ok"}
        ) as tool:
            yield tool


class TestFakeAutomationAgent(AutomationAgentContract):
    @pytest.fixture
    def tool(self):
        with FakeAutomationAgent() as tool:
            yield tool


class WithoutCapabilities(FakeSecretStore):
    """A store that only reads; the methods behind flags are the role's own."""

    capabilities = frozenset()
    lease = SecretStoreContract.role.lease
    renew = SecretStoreContract.role.renew
    revoke = SecretStoreContract.role.revoke
    sign = SecretStoreContract.role.sign
    verify = SecretStoreContract.role.verify
    credentials = SecretStoreContract.role.credentials
    write = SecretStoreContract.role.write
    delete = SecretStoreContract.role.delete
    rotate = SecretStoreContract.role.rotate


class TestStoreThatOnlyReads(SecretStoreContract):
    @pytest.fixture
    def tool(self):
        return WithoutCapabilities()

    @pytest.fixture
    def put(self, tool):
        def put(name, **values):
            FakeSecretStore.write(tool, name, {key: self.secret(value) for key, value in values.items()})

        return put

    def secret(self, value):
        from holkas.model.secret import Secret

        return Secret(value)
