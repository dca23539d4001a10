"""What counts as a change of what a run is made of."""

from __future__ import annotations

import os
import signal
import threading
from itertools import count

import pytest
from holkas.cli.errors import CommandError
from holkas.cli.run_again import Invocation
from holkas.cli.watching import Watched, keep_running, stamps, watched
from holkas.model.finding import Finding, Place

FINDING = Finding(code="Y001", message="no YAML", place=Place(source="a.yaml"))


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


class Session:
    """A run that goes until it is abandoned, or ends at once."""

    def __init__(self):
        self.interrupted = False
        self.given_up = threading.Event()

    def abandon(self):
        self.given_up.set()


@pytest.fixture
def invocation(place):
    return Invocation(files=("a.yaml",), workspaces=("w=src",))


def interrupt():
    """As Ctrl-C between runs, or while one goes."""
    os.kill(os.getpid(), signal.SIGINT)


def test_it_runs_after_each_change_until_somebody_interrupts(place, invocation, capsys):
    runs = []

    def once(started):
        session = Session()
        started(session)
        runs.append(session)
        if len(runs) == 1:  # goes until its file changes
            touch(place / "a.yaml")
            assert session.given_up.wait(60)
        elif len(runs) == 2:
            raise CommandError("the file is broken", findings=[FINDING])
        elif len(runs) == 3:  # ends by itself; a change comes while nobody runs
            threading.Timer(0.3, lambda: touch(place / "src" / "main.go")).start()
        else:
            session.interrupted = True
        return 0

    def mended():
        while len(runs) < 2:
            idle.wait(0.01)
        idle.wait(0.3)
        touch(place / "a.yaml")

    idle = threading.Event()
    mender = threading.Thread(target=mended)
    mender.start()
    assert keep_running(invocation, once) == 130
    mender.join()
    assert len(runs) == 4
    said = capsys.readouterr().err
    assert said.count("note: changed: ") == 3
    assert "error: the file is broken" in said
    assert "error[Y001]: no YAML" in said
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_ctrl_c_ends_the_waiting(place, invocation):
    threading.Timer(0.5, interrupt).start()
    assert keep_running(invocation, lambda started: 0) == 130


def test_ctrl_c_before_a_run_has_begun_ends_it_at_its_begin(place, invocation):
    def once(started):
        interrupt()
        session = Session()
        started(session)
        assert session.given_up.wait(60)
        return 0

    assert keep_running(invocation, once) == 130


def test_a_bug_is_not_waited_out(place, invocation):
    def once(started):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        keep_running(invocation, once)
