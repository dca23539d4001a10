"""A place is given to the next attempt only when nothing in it was changed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from holkas_builtin.runner.place_pool import FILES, PRIVATE, SCRIPTS, PlacePool, private_name


@pytest.fixture
def pool(tmp_path: Path) -> PlacePool:
    return PlacePool(tmp_path / "places")


def test_an_untouched_place_is_used_again(pool: PlacePool) -> None:
    place = pool.take(1)
    pool.keep(place) or pool.remove(place)
    assert pool.take(1) == place


def test_our_own_scripts_are_no_trace(pool: PlacePool) -> None:
    place = pool.take(1)
    for texts in ({"script-0": b"true"}, {"script-0": b"false"}, {"script-1": b"x", "script-2": b"y"}, {}):
        pool.write_scripts(place, texts)
        assert pool.keep(place)
        assert pool.take(1) == place
        assert {path.name: path.read_bytes() for path in (place / SCRIPTS).iterdir()} == texts


def test_what_was_there_before_our_scripts_is_a_trace(pool: PlacePool) -> None:
    place = pool.take(1)
    (place / "home0/.gitconfig").write_text("credentials")
    pool.write_scripts(place, {"script-0": b"true"})
    assert not pool.keep(place)


def test_places_in_use_are_never_shared(pool: PlacePool) -> None:
    with ThreadPoolExecutor(8) as threads:
        places = list(threads.map(lambda _: pool.take(1), range(50)))
    assert len(set(places)) == 50


def test_each_number_of_steps_has_places_of_its_own(pool: PlacePool) -> None:
    one = pool.take(1)
    pool.keep(one) or pool.remove(one)
    three = pool.take(3)
    assert three != one
    assert all((three / private_name(index, name)).is_dir() for index in range(3) for name in PRIVATE)


def test_directories_for_files_are_made_once_and_stay(pool: PlacePool) -> None:
    place = pool.take(1)
    assert sorted(path.name for path in (place / "tekton").iterdir()) == ["scripts"]
    pool.add_files(place)
    assert pool.keep(place)
    assert pool.take(1) == place
    pool.add_files(place)
    assert sorted(path.name for path in (place / "tekton").iterdir()) == sorted((*FILES, "scripts"))
    assert pool.keep(place)


def test_everybody_can_write_where_steps_write(pool: PlacePool) -> None:
    place = pool.take(3)
    pool.add_files(place)
    names = [
        "workspace",
        private_name(2, "home"),
        private_name(2, "tmp"),
        *(f"tekton/{name}" for name in FILES),
    ]
    assert {(place / name).stat().st_mode & 0o777 for name in names} == {0o777}


def test_who_put_more_into_it_gets_it_removed(pool: PlacePool) -> None:
    place = pool.take(1)
    pool.remove(place)
    assert not place.exists()
    assert pool.take(1) != place


TRACES: dict[str, Callable[[Path], object]] = {
    "a file in HOME": lambda place: (place / "home0/.cache").write_text(""),
    "a result": lambda place: (place / "tekton/results/r").write_text("1"),
    "a directory": lambda place: (place / "workspace/src").mkdir(),
    "a file that came and went": lambda place: _come_and_go(place / "tmp0/x"),
    "another mode": lambda place: (place / "workspace").chmod(0o700),
    "a directory that is gone": lambda place: (place / "tekton/run").rmdir(),
    "a link instead of a directory": lambda place: _replace_by_link(place / "tekton/results"),
    "a link instead of the scripts": lambda place: _replace_by_link(place / SCRIPTS),
    "a file beside the directories": lambda place: (place / "more").write_text(""),
    "a script": lambda place: (place / SCRIPTS / "script-1").write_text("x"),
    "a script that came and went": lambda place: _come_and_go(place / SCRIPTS / "script-1"),
    "a script instead of ours": lambda place: _another_script(place / SCRIPTS / "script-0"),
    "a link to our script": lambda place: (place / "home0/mine").hardlink_to(place / SCRIPTS / "script-0"),
    "another mode of our script": lambda place: (place / SCRIPTS / "script-0").chmod(0o777),
    "a directory among the scripts": lambda place: (place / SCRIPTS / "sub").mkdir(),
    "other times": lambda place: os.utime(place / "workspace"),
    "a file beside the directories of tekton": lambda place: (place / "tekton/own").write_text("x"),
    "times that were set back": lambda place: _set_back(place / "workspace"),
}


def _come_and_go(path: Path) -> None:
    path.write_text("")
    path.unlink()


def _set_back(directory: Path) -> None:
    before = directory.stat()
    (directory / "file").write_text("x")
    os.utime(directory, ns=(before.st_atime_ns, before.st_mtime_ns))


def _another_script(path: Path) -> None:
    path.unlink()
    path.write_text("x")


def _replace_by_link(path: Path) -> None:
    shutil.rmtree(path)
    path.symlink_to("/etc")


@pytest.mark.parametrize("trace", TRACES)
def test_any_trace_of_a_step_removes_the_place(pool: PlacePool, trace: str) -> None:
    place = pool.take(1)
    pool.add_files(place)
    pool.write_scripts(place, {"script-0": b"true"})
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
