"""Targets without a cluster keep the contract that a plugin's target has to keep."""

from __future__ import annotations

import pytest
from holkas.testing.contracts.target import TargetContract
from holkas.testing.fakes.target import FakeTarget
from holkas_builtin.targets.directory import DirectoryTarget
from holkas_builtin.targets.memory import MemoryTarget


class TestFake(TargetContract):
    merges = False

    @pytest.fixture
    def target(self):
        return FakeTarget()


class TestMemory(TargetContract):
    @pytest.fixture
    def target(self):
        return MemoryTarget()


class TestDirectory(TargetContract):
    @pytest.fixture
    def target(self, tmp_path):
        return DirectoryTarget(
            tmp_path / "live", destination="in-cluster", history=True, patience=0.0, pulse=0.01
        )

    @pytest.fixture
    def reopen(self, tmp_path):
        return lambda: DirectoryTarget(tmp_path / "live", destination="in-cluster")
