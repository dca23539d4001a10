"""A shell with a state directory of its own."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass

import pytest
from holkas_builtin.runner.run_context import secrets_root

from tests.command_line import Commands, Shell


@pytest.fixture
def shell(tmp_path):
    shell = Shell(tmp_path)
    yield shell
    shutil.rmtree(secrets_root("any", shell.state / "work" / "any").parent, ignore_errors=True)


@pytest.fixture
def here(tmp_path, capsys, monkeypatch):
    """The same in this process: for commands that nobody has to kill."""
    shell = Shell(tmp_path)
    for name in list(os.environ):
        if name.startswith("HOLKAS_") or name == "CI":
            monkeypatch.delenv(name)
    for name, value in shell.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    yield Here(tmp_path, capsys, monkeypatch, shell)
    shutil.rmtree(secrets_root("any", shell.state / "work" / "any").parent, ignore_errors=True)


@dataclass
class Here(Commands):
    """Commands with a state of their own; ``shell`` starts those that somebody does kill, with the same state."""

    monkeypatch: pytest.MonkeyPatch
    shell: Shell

    @property
    def state(self):
        return self.shell.state

    def setenv(self, name, value):
        self.monkeypatch.setenv(name, value)

    def move(self, directory, **variables):
        """Go on in another directory, with further variables, for ``shell`` as well."""
        directory.mkdir(parents=True, exist_ok=True)
        self.directory = self.shell.directory = directory
        self.monkeypatch.chdir(directory)
        self.shell.env.update(variables)
        for name, value in self.shell.environment().items():
            self.setenv(name, value)
