"""Directories of attempts are used again only while nobody left anything in them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from holkas_builtin.runner.place_pool import PlacePool

CHANGES: list[Callable[[Path], object]] = [
    lambda place: (place / "workspace" / "file").write_text("x"),
    lambda place: (place / "containers" / "0" / "home" / ".hidden").mkdir(),
    lambda place: (place / "tekton" / "results").rmdir(),
    lambda place: (place / "tekton" / "own").write_text("x"),
    lambda place: (place / "workspace").chmod(0o700),
    lambda place: [(place / "workspace" / "f").write_text("x"), (place / "workspace" / "f").unlink()],
    lambda place: [(place / "tekton" / "scripts").rmdir(), (place / "tekton" / "scripts").symlink_to("/")],
    lambda place: (place / "tekton" / "scripts" / "directory").mkdir(),
    lambda place: (place / "new").mkdir(),
]


@pytest.fixture
def pool(tmp_path: Path) -> PlacePool:
    return PlacePool(tmp_path / "places")


@pytest.mark.parametrize("change", range(len(CHANGES)))
def test_a_changed_place_is_removed(pool: PlacePool, change: int) -> None:
    place = pool.take(1)
    CHANGES[change](place)
    pool.keep(place) or pool.remove(place)
    assert not place.exists()
    assert pool.take(1) != place


def test_a_clean_place_is_used_again_without_its_scripts(pool: PlacePool) -> None:
    place = pool.take(2)
    (place / "tekton" / "scripts" / "script-0").write_text("x")
    pool.keep(place) or pool.remove(place)
    assert pool.take(1) != place
    again = pool.take(2)
    assert again == place
    assert list((again / "tekton" / "scripts").iterdir()) == []


def test_a_place_that_must_not_be_used_again_is_not(pool: PlacePool) -> None:
    place = pool.take(1)
    pool.remove(place)
    assert not place.exists()


def test_times_set_back_do_not_hide_a_change(pool: PlacePool) -> None:
    place = pool.take(1)
    directory = place / "workspace"
    before = directory.stat()
    (directory / "file").write_text("x")
    os.utime(directory, ns=(before.st_atime_ns, before.st_mtime_ns))
    pool.keep(place) or pool.remove(place)
    assert not place.exists()


def test_everybody_can_write_where_steps_write(pool: PlacePool) -> None:
    place = pool.take(3)
    for name in ("workspace", "tekton/results", "tekton/steps", "containers/2/home", "containers/2/tmp"):
        assert (place / name).stat().st_mode & 0o777 == 0o777
