"""Two runs of one store may begin and end at the same moment: neither trips over what the other removes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from holkas.state.run_directory import remove_tree
from holkas.state.store import Store
from holkas_builtin.runner import sweep as sweeping
from holkas_builtin.runner.private import make_private
from holkas_builtin.runner.sweep import sweep


def test_a_directory_that_vanishes_while_it_is_swept_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "secrets_root", lambda *_: tmp_path / "gone" / "x")
    sweep(Store(tmp_path / "state"))
    assert not (tmp_path / "gone").exists()


def test_a_leftover_swept_by_two_is_gone_and_nobody_fails(tmp_path: Path) -> None:
    for turn in range(20):
        leftover = tmp_path / str(turn)
        for number in range(20):
            (leftover / f"d{number}").mkdir(parents=True)
            (leftover / f"d{number}" / "file").write_text("x")
            (leftover / f"d{number}").chmod(0o500)
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(remove_tree, [leftover] * 4))
        assert not leftover.exists()


def test_a_private_directory_is_made_while_others_remove_its_empty_parent(tmp_path: Path) -> None:
    parent = tmp_path / "store"

    def begin_and_end(name: str) -> None:
        for _ in range(100):
            make_private(parent / name)
            assert (parent / name).is_dir()
            (parent / name).rmdir()
            with suppress(OSError):
                parent.rmdir()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(begin_and_end, ["a", "b", "c", "d"]))
