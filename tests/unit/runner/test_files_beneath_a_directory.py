"""Nothing outside of the directory is read or written, whatever lies in it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pytest
from holkas_builtin.runner.beneath import NotPlain, open_beneath, read_beneath, write_beneath
from hypothesis import given
from hypothesis import strategies as st


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret").write_text("outside")
    root = tmp_path / "root"
    root.mkdir()
    (root / "file").write_text("inside")
    (root / "dir").mkdir()
    (root / "link").symlink_to(tmp_path / "outside" / "secret")
    (root / "up").symlink_to(tmp_path / "outside")
    (root / "loop").symlink_to("loop")
    os.mkfifo(root / "fifo")
    return root


HOSTILE = [
    "link",
    "up/secret",
    "loop",
    "fifo",
    "dir",
    "file/x",
    "../outside/secret",
    "dir/../../outside/secret",
    "",
]


@pytest.mark.parametrize("path", HOSTILE)
def test_hostile_paths_are_not_read(root: Path, path: str) -> None:
    with pytest.raises(NotPlain):
        read_beneath(root, path, 100)


@pytest.mark.parametrize("path", HOSTILE)
def test_hostile_paths_are_not_written(root: Path, path: str) -> None:
    with pytest.raises(NotPlain):
        write_beneath(root, path, b"new")
    assert (root.parent / "outside" / "secret").read_text() == "outside"
    assert [entry.name for entry in (root.parent / "outside").iterdir()] == ["secret"]


def test_devices_are_no_plain_files() -> None:
    with pytest.raises(NotPlain):
        read_beneath(Path("/dev"), "zero", 10)


def test_what_is_missing_is_told_apart(root: Path) -> None:
    for path in ("no", "dir/no", "no/where"):
        with pytest.raises(FileNotFoundError):
            read_beneath(root, path, 10)


def test_at_most_one_byte_more_than_the_limit_is_read(root: Path) -> None:
    assert read_beneath(root, "/./file", 3) == b"insi"
    assert read_beneath(root, "file", 6) == b"inside"


def test_a_file_is_written_whole_with_its_mode(root: Path) -> None:
    write_beneath(root, "new/deep/file", b"longer than this", 0o600)
    write_beneath(root, "new/deep/file", b"short", 0o640)
    path = root / "new" / "deep" / "file"
    assert path.read_bytes() == b"short"
    assert path.stat().st_mode & 0o777 == 0o640


def test_no_descriptor_is_left_open(root: Path) -> None:
    before = sorted(os.listdir("/proc/self/fd"))
    for path in HOSTILE:
        with pytest.raises(NotPlain):
            open_beneath(root, path, os.O_RDONLY)
    assert sorted(os.listdir("/proc/self/fd")) == before


PARTS = st.lists(st.sampled_from(["..", ".", "a", "link", "up", "dir", "file"]), min_size=1, max_size=5)


@given(PARTS)
def test_whatever_is_written_stays_inside(tmp_path_factory: pytest.TempPathFactory, parts: list[str]) -> None:
    base = tmp_path_factory.mktemp("beneath")
    root = base / "root"
    (root / "dir").mkdir(parents=True)
    (root / "link").symlink_to(base)
    (root / "up").symlink_to("..")
    with suppress(NotPlain, FileNotFoundError):
        write_beneath(root, "/".join(parts), b"x")
    assert [entry.name for entry in base.iterdir()] == ["root"]
