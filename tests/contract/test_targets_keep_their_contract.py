"""Targets without a cluster keep the contract that a plugin's target has to keep."""

from __future__ import annotations

from dataclasses import replace

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


class LeavesTraces(MemoryTarget):
    def dry_run_apply(self, resource, *, manager="argocd-controller"):
        return self.apply(resource).live


class Forgets(MemoryTarget):
    def changes(self, mark=""):
        return replace(super().changes(mark), keys=frozenset())


def test_the_contract_finds_what_is_not_only_tried_out():
    with pytest.raises(AssertionError):
        TargetContract().test_a_server_side_apply_is_tried_out_without_a_trace(LeavesTraces())


def test_the_contract_finds_a_target_that_tells_what_it_does_not_know():
    with pytest.raises(AssertionError):
        TargetContract().test_who_follows_is_told_of_every_change_until_the_end(Forgets())
