"""Caches forget what nobody wanted for long."""

import os

from holkas.state.aging import DAY, forget_old, wanted

NOW = 1_800_000_000.0


def make(path, days):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")
    os.utime(path, (NOW - days * DAY, NOW - days * DAY))
    return path


def test_old_ones_go_and_new_ones_stay(tmp_path):
    old, new = make(tmp_path / "a" / "old", 31), make(tmp_path / "a" / "new", 29)
    forget_old(tmp_path, now=NOW)
    assert (old.exists(), new.exists()) == (False, True)


def test_what_was_wanted_stays(tmp_path):
    path = make(tmp_path / "a", 31)
    wanted(path, now=NOW)
    forget_old(tmp_path, now=NOW)
    assert path.exists()
    before = path.stat().st_mtime
    wanted(path, now=NOW + DAY / 2)
    assert path.stat().st_mtime == before


def test_it_is_looked_for_once_a_day(tmp_path):
    forget_old(tmp_path, now=NOW)
    path = make(tmp_path / "a", 31)
    forget_old(tmp_path, now=NOW + DAY / 2)
    assert path.exists()
    forget_old(tmp_path, now=NOW + 2 * DAY)
    assert not path.exists()


def test_what_is_not_there_is_no_error(tmp_path):
    forget_old(tmp_path / "nowhere", now=NOW)
    wanted(tmp_path / "nowhere", now=NOW)
    assert not (tmp_path / "nowhere").exists()
