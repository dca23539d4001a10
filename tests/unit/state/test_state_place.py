"""Where the state lies."""

from __future__ import annotations

from pathlib import Path

import platformdirs
import pytest
from holkas.state.errors import StateUnusable
from holkas.state.place import state_directory


def test_a_configured_directory_is_relative_to_its_base(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", "/home/me")
    assert state_directory("state", tmp_path) == tmp_path / "state"
    assert state_directory("/var/x", tmp_path) == Path("/var/x")
    assert state_directory("~/x", tmp_path) == Path("/home/me/x")


def test_without_configuration_it_is_the_xdg_place(tmp_path, monkeypatch):
    monkeypatch.setattr(platformdirs, "user_state_dir", lambda name: str(tmp_path / name))
    assert state_directory("", Path()) == tmp_path / "holkas"


def test_a_user_without_a_home_is_told(monkeypatch):
    monkeypatch.setattr(platformdirs, "user_state_dir", lambda name: f"~/.local/state/{name}")
    with pytest.raises(StateUnusable, match="no home directory"):
        state_directory("", Path())
    with pytest.raises(StateUnusable, match="no place"):
        state_directory("~nobody-of-this-name/x", Path())
