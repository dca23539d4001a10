"""The command line in this process."""

from __future__ import annotations

import os

import pytest

from tests.command_line import Commands


@pytest.fixture
def holkas(tmp_path, monkeypatch, capsys):
    for name in list(os.environ):
        if name.startswith("HOLKAS_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOLKAS_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("HOLKAS_RUN_EXECUTOR", "process")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    project = tmp_path / "project"
    (project / ".git").mkdir(parents=True)
    monkeypatch.chdir(project)
    return Commands(project, capsys)
