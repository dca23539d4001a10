"""What counts as a change of what a run is made of."""

from __future__ import annotations

import os
from itertools import count

import pytest
from holkas.cli.run_again import Invocation
from holkas.cli.watching import Watched, stamps, watched


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text("a")
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "main.go").write_text("package main")
    return tmp_path


COUNT = count(1)


def touch(path):
    """Another time, whatever the clock's steps are."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(path.read_text() if path.exists() else "")
    os.utime(path, ns=(10**18, 10**18 + next(COUNT)))


def names(paths):
    return sorted(os.path.basename(path) for path in paths)


@pytest.fixture
def found(place):
    found = Watched([place / "a.yaml"], [place / "src"])
    found.begin()
    return found


def test_what_is_looked_at(place):
    (place / "param.txt").write_text("x")
    (place / "src" / ".git").mkdir()
    (place / "src" / ".git" / "index").write_text("x")
    found = watched(
        Invocation(files=("a.yaml",), params=("x=@param.txt", "y=@@no", "z=1"), workspaces=("w=src",))
    )
    for path in (place / "param.txt", place / "src" / "main.go", place / "src" / ".git" / "index"):
        touch(path)
    assert names(found.changed()) == ["main.go", "param.txt"]


def test_of_directories_only_manifests_count(place):
    (place / "src" / "b.yml").write_text("b")
    assert names(stamps([place], (".yaml", ".yml"))) == ["a.yaml", "b.yml"]
    assert names(stamps([place / "missing.yaml"])) == []


def test_any_change_between_runs_counts(place, found):
    found.ended(frozenset())
    assert not found.changed()
    touch(place / "src" / "new.go")
    (place / "a.yaml").unlink()
    assert names(found.changed()) == ["a.yaml", "new.go"]


def test_a_manifest_ends_the_run_that_goes(place, found):
    assert not found.changed_while_running()
    touch(place / "a.yaml")
    assert names(found.changed_while_running()) == ["a.yaml"]


def test_what_a_run_makes_does_not_end_it_nor_begin_another(place, found):
    touch(place / "src" / "out" / "binary")
    assert not found.changed_while_running()
    found.ended(frozenset())
    assert not found.changed()


def test_a_source_ends_the_run_that_goes(place, found):
    touch(place / "src" / "main.go")
    assert names(found.changed_while_running()) == ["main.go"]


def test_a_run_that_changes_its_sources_ends_itself_once(place, found):
    source = place / "src" / "main.go"
    touch(source)
    because = found.changed_while_running()
    found.ended(because)
    found.begin()
    touch(source)
    assert not found.changed_while_running()
    found.ended(frozenset())
    assert not found.changed()
    touch(source)
    assert names(found.changed()) == ["main.go"]
    found.begin()
    touch(source)
    assert names(found.changed_while_running()) == ["main.go"], "now it is a person's again"
