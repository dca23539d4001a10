"""Names of child runs."""

from __future__ import annotations

import hashlib

from holkas.pipeline.names import child_name, run_names
from hypothesis import given
from hypothesis import strategies as st

NAMES = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=70)


def test_what_fits_stays() -> None:
    assert child_name("run", "-build") == "run-build"
    assert child_name("r" * 57, "-build") == "r" * 57 + "-build"


def test_a_long_parent_is_cut_and_hashed() -> None:
    parent = "r" * 58
    assert child_name(parent, "-build") == "r" * 25 + hashlib.md5(parent.encode()).hexdigest() + "-build"


def test_a_long_suffix_is_hashed_with_the_parent() -> None:
    suffix = "-" + "s" * 62
    digest = hashlib.md5(("run" + suffix).encode()).hexdigest()
    assert child_name("run", suffix) == ("run" + digest + suffix)[:63]


def test_a_cut_name_does_not_end_in_a_dash() -> None:
    name = child_name("r" * 29, "-" + "-" * 40)
    assert len(name) <= 63
    assert name[-1].isalnum()


def test_one_combination_has_no_index() -> None:
    assert run_names("run", "build", 1) == ["run-build"]
    assert run_names("run", "build", 3) == ["run-build-0", "run-build-1", "run-build-2"]


def test_an_index_survives_the_cut() -> None:
    names = run_names("run", "t" * 63, 12)
    assert [name.rpartition("-")[2] for name in names] == [str(index) for index in range(12)]


@given(NAMES, NAMES, st.integers(1, 200))
def test_names_are_short_and_different(run: str, name: str, count: int) -> None:
    names = run_names(run, name, count)
    assert len(set(names)) == count
    assert all(len(each) <= 63 for each in names)
