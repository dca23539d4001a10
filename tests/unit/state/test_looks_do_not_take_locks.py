"""Who looks whether a run is somebody's does not keep anybody from taking it."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from holkas.state import lock as lock_module
from holkas.state.lock import OwnerLock, is_owned


def test_a_look_at_the_same_moment_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "lock"
    path.touch()
    looking = os.open(path, os.O_RDWR)
    fcntl.flock(looking, fcntl.LOCK_SH)
    monkeypatch.setattr(lock_module, "time", SimpleNamespace(sleep=lambda _: os.close(looking)))
    lock = OwnerLock(path)
    assert lock.take()
    assert is_owned(path)
    lock.release()
    assert not is_owned(path)


def test_an_owner_is_not_waited_for_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = OwnerLock(tmp_path / "lock")
    assert owner.take()
    delays: list[float] = []
    monkeypatch.setattr(lock_module, "time", SimpleNamespace(sleep=delays.append))
    assert not OwnerLock(tmp_path / "lock").take()
    assert 0 < sum(delays) < 0.1
    owner.release()
