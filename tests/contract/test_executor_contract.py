"""The built-in executors keep their contract: ``process``, and ``sandbox`` in both of its ways."""

from __future__ import annotations

import pytest
from holkas.testing.contracts.executor import ExecutorContract
from holkas_builtin.executors import sandbox
from holkas_builtin.executors.launcher_client import LauncherError
from holkas_builtin.executors.process import ProcessExecutor


class TestProcess(ExecutorContract):
    isolated = False

    @pytest.fixture
    def executor(self, tmp_path):
        return ProcessExecutor(bin_directory=tmp_path / "bin")


class TestSandbox(ExecutorContract):
    @pytest.fixture
    def executor(self):
        executor = sandbox.SandboxExecutor()
        if reason := executor.check():
            pytest.skip(f"the sandbox does not work here: {reason}")
        return executor


class TestBubblewrap(ExecutorContract):
    """Where the kernel trusts bwrap but not us."""

    @pytest.fixture
    def executor(self, monkeypatch):
        def refused(base):
            raise LauncherError(1, "namespace")

        monkeypatch.setattr(sandbox, "Namespaces", refused)
        executor = sandbox.SandboxExecutor()
        if reason := executor.check():
            pytest.skip(f"bubblewrap does not work here: {reason}")
        return executor
