"""What lies in a state directory and belongs to nothing any more."""

from __future__ import annotations

import os
import time

from holkas.state.leftovers import old_cache_entries, stray_directories
from holkas.state.lock import OwnerLock
from holkas.state.store import Store


def test_directories_without_a_run_are_found_when_nobody_makes_one_of_them(tmp_path):
    store = Store(tmp_path)
    assert stray_directories(store) == old_cache_entries(store, time.time()) == []
    for name in ("20200101-000000-aaaa", "20200101-000000-bbbb", "20200101-000000-cccc", "something"):
        (tmp_path / "runs" / name).mkdir(parents=True)
        os.utime(tmp_path / "runs" / name, (1, 1))
    owned = OwnerLock(store.directory("20200101-000000-bbbb").lock)
    assert owned.take()
    os.utime(tmp_path / "runs" / "20200101-000000-bbbb", (1, 1))
    os.utime(tmp_path / "runs" / "20200101-000000-cccc")
    assert [path.name for path in stray_directories(store)] == ["20200101-000000-aaaa"]
    owned.release()
    store.close()


def test_old_files_of_the_cache_are_found(tmp_path):
    store = Store(tmp_path)
    store.cache.mkdir()
    for name, age in (("old.json", 100.0), ("new.json", 300.0)):
        (store.cache / name).write_text("{}")
        os.utime(store.cache / name, (age, age))
    assert [path.name for path in old_cache_entries(store, 200.0)] == ["old.json"]
    store.close()


def test_a_name_that_leads_out_is_no_file_of_a_run(tmp_path):
    store = Store(tmp_path)
    directory = store.directory("20200101-000000-aaaa")
    assert directory.inside("logs/a/s.log") == directory.path / "logs/a/s.log"
    assert directory.inside("../../holkas.db") is None
    assert directory.inside("") is None
    store.close()


def test_a_lock_comes_free_or_not(tmp_path):
    first, second = OwnerLock(tmp_path / "lock"), OwnerLock(tmp_path / "lock")
    assert first.take_within(0.0)
    assert not second.take_within(0.0)
    first.release()
    assert second.take_within(5.0)
    second.release()
