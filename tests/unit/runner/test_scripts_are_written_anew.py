"""A place that is used again keeps the files of its scripts, and nothing that was in them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from holkas_builtin.runner.place_pool import SCRIPTS, PlacePool


@pytest.fixture
def pool(tmp_path: Path) -> PlacePool:
    return PlacePool(tmp_path / "places")


def scripts(place: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (place / SCRIPTS).iterdir()}


def test_scripts_are_executable_and_whole(pool: PlacePool) -> None:
    place = pool.take(1)
    pool.write_scripts(place, {"script-0": b"#!/bin/sh\ntrue\n"})
    assert scripts(place) == {"script-0": b"#!/bin/sh\ntrue\n"}
    assert (place / SCRIPTS / "script-0").stat().st_mode & 0o7777 == 0o755


@pytest.mark.parametrize("following", [b"short", b"a text that is longer than the one before it", b""])
def test_nothing_of_the_script_before_is_left(pool: PlacePool, following: bytes) -> None:
    first = pool.take(1)
    pool.write_scripts(first, {"script-0": b"the script of another task"})
    pool.keep(first) or pool.remove(first)
    again = pool.take(1)
    assert again == first
    pool.write_scripts(again, {"script-0": following})
    assert scripts(again) == {"script-0": following}


def test_scripts_that_the_next_attempt_does_not_have_are_gone(pool: PlacePool) -> None:
    first = pool.take(2)
    pool.write_scripts(first, {"script-0": b"secret of another task", "script-1": b"x"})
    pool.keep(first) or pool.remove(first)
    again = pool.take(2)
    pool.write_scripts(again, {"script-1": b"y"})
    assert again == first
    assert scripts(again) == {"script-1": b"y"}


def _replace(script: Path, make: Callable[[Path], object]) -> None:
    script.unlink()
    make(script)


TRACES: dict[str, Callable[[Path], object]] = {
    "removed": lambda script: script.unlink(),
    "another mode": lambda script: script.chmod(0o644),
    "a second name elsewhere": lambda script: os.link(script, script.parents[4] / "kept"),
    "another file": lambda script: (script.rename(script.parents[4] / "kept"), script.write_text("x")),
    "a link": lambda script: _replace(script, lambda path: path.symlink_to("/etc/passwd")),
    "a directory": lambda script: _replace(script, Path.mkdir),
    "a pipe": lambda script: _replace(script, os.mkfifo),
}


@pytest.mark.parametrize("trace", TRACES)
def test_a_script_that_is_something_else_by_now_removes_the_place(pool: PlacePool, trace: str) -> None:
    place = pool.take(1)
    pool.write_scripts(place, {"script-0": b"x"})
    TRACES[trace](place / SCRIPTS / "script-0")
    pool.keep(place) or pool.remove(place)
    assert not place.exists()
    assert pool.take(1) != place
    assert Path("/etc/passwd").read_bytes()
