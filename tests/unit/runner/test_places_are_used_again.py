"""A place is given to the next attempt only when nothing in it was changed."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from holkas_builtin.runner.place_pool import PRIVATE, SCRIPTS, PlacePool


@pytest.fixture
def pool(tmp_path: Path) -> PlacePool:
    return PlacePool(tmp_path / "places")


def test_an_untouched_place_is_used_again(pool: PlacePool) -> None:
    place = pool.take(1)
    pool.keep(place) or pool.remove(place)
    assert pool.take(1) == place


def test_scripts_are_no_trace(pool: PlacePool) -> None:
    place = pool.take(1)
    (place / SCRIPTS / "script-0").write_text("true")
    pool.keep(place) or pool.remove(place)
    assert pool.take(1) == place
    assert list((place / SCRIPTS).iterdir()) == []


def test_places_in_use_are_never_shared(pool: PlacePool) -> None:
    with ThreadPoolExecutor(8) as threads:
        places = list(threads.map(lambda _: pool.take(1), range(50)))
    assert len(set(places)) == 50


def test_each_number_of_steps_has_places_of_its_own(pool: PlacePool) -> None:
    one = pool.take(1)
    pool.keep(one) or pool.remove(one)
    three = pool.take(3)
    assert three != one
    assert all((three / f"containers/{index}/{name}").is_dir() for index in range(3) for name in PRIVATE)


def test_who_put_more_into_it_gets_it_removed(pool: PlacePool) -> None:
    place = pool.take(1)
    pool.remove(place)
    assert not place.exists()
    assert pool.take(1) != place


TRACES: dict[str, Callable[[Path], object]] = {
    "a file in HOME": lambda place: (place / "containers/0/home/.cache").write_text(""),
    "a result": lambda place: (place / "tekton/results/r").write_text("1"),
    "a directory": lambda place: (place / "workspace/src").mkdir(),
    "a file that came and went": lambda place: _come_and_go(place / "containers/0/tmp/x"),
    "another mode": lambda place: (place / "workspace").chmod(0o700),
    "a directory that is gone": lambda place: (place / "tekton/run").rmdir(),
    "a link instead of a directory": lambda place: _replace_by_link(place / "tekton/results"),
    "a link instead of the scripts": lambda place: _replace_by_link(place / SCRIPTS),
    "a file beside the directories": lambda place: (place / "more").write_text(""),
    "a directory among the scripts": lambda place: (place / SCRIPTS / "sub").mkdir(),
    "other times": lambda place: os.utime(place / "workspace"),
}


def _come_and_go(path: Path) -> None:
    path.write_text("")
    path.unlink()


def _replace_by_link(path: Path) -> None:
    path.rmdir()
    path.symlink_to("/etc")


@pytest.mark.parametrize("trace", TRACES)
def test_any_trace_of_a_step_removes_the_place(pool: PlacePool, trace: str) -> None:
    place = pool.take(1)
    TRACES[trace](place)
    pool.keep(place) or pool.remove(place)
    assert not place.exists()
    assert pool.take(1) != place
    assert Path("/etc/passwd").exists()


def test_kept_places_are_cleared_and_others_stay(pool: PlacePool, tmp_path: Path) -> None:
    kept, used = pool.take(2), pool.take(1)
    pool.write_scripts(kept, {"script-0": b"x", "script-1": b"y"})
    assert pool.keep(kept)
    pool.clear()
    assert [path.name for path in (tmp_path / "places").iterdir()] == [used.name]
    assert pool.take(2) not in (kept, used)


def test_clearing_leaves_what_somebody_put_there_meanwhile(pool: PlacePool) -> None:
    place = pool.take(1)
    assert pool.keep(place)
    (place / "workspace" / "late").write_text("x")
    pool.clear()
    assert (place / "workspace" / "late").read_text() == "x"
