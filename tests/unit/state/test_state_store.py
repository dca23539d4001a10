"""The store: what was recorded is there, whoever wrote it and however the writer ended."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from holkas.model.run_event import RunEvent, RunEventKind
from holkas.model.run_request import CancelMode
from holkas.state.cancel_request import request_cancel, take_cancel_request
from holkas.state.errors import StateUnusable
from holkas.state.lock import OwnerLock, is_owned
from holkas.state.run_directory import RUN_ID, RunDirectory, new_run_id, remove_tree
from holkas.state.run_summary import RunSummary
from holkas.state.schema import VERSION, StoreTooNew
from holkas.state.store import RunNotFound, Store


def summary(run_id="20260101-000000-aaaa", *, created=1.0, name="build", **changes):
    given = {
        "kind": "TaskRun", "source": "f.yaml", "project": "/p", "executor": "process", "command": ("holkas", "run"),
        "finished": None, "status": "Unknown", "reason": "Started", "message": "", "alive": True,
    }  # fmt: skip
    return RunSummary(id=run_id, name=name, created=created, **{**given, **changes})


def event(run_id="20260101-000000-aaaa", kind=RunEventKind.NOTE, **data):
    return RunEvent(time=2.0, kind=kind, run=run_id, data=data)


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "state")
    yield store
    store.close()


def test_a_run_comes_back_as_it_was_recorded(store):
    store.add_run(summary())
    store.add_event(event(text="one"))
    store.add_event(event(text="two"))
    found = store.run("build")
    assert found == summary(alive=False)
    assert [item.data["text"] for _, item in store.events(found.id)] == ["one", "two"]


def test_events_after_a_number_are_the_rest(store):
    for text in "abc":
        store.add_event(event(text=text))
    (first, _), *_ = store.events("20260101-000000-aaaa")
    assert [item.data["text"] for _, item in store.events("20260101-000000-aaaa", after=first)] == ["b", "c"]


def test_the_end_of_a_run_is_one_commit(store):
    store.add_run(summary())
    end = event(kind=RunEventKind.RUN_FINISHED, status="True")
    store.finish_run(end, status="True", reason="Succeeded", message="fine")
    found = store.run("latest")
    assert (found.status, found.state, found.message, found.finished) == ("True", "Succeeded", "fine", 2.0)
    assert [item.kind for _, item in store.events(found.id)] == [RunEventKind.RUN_FINISHED]


def test_a_run_whose_process_is_gone_was_interrupted(store):
    store.add_run(summary())
    assert store.run("latest").state == "Interrupted"
    directory = store.directory("20260101-000000-aaaa")
    directory.path.mkdir(parents=True)
    lock = OwnerLock(directory.lock)
    assert lock.take()
    assert store.run("latest").state == "Running"
    assert not OwnerLock(directory.lock).take()
    lock.release()
    lock.release()
    assert store.run("latest").state == "Interrupted"
    assert not is_owned(directory.path / "none")


def test_runs_are_listed_newest_first(store):
    for number in range(5):
        store.add_run(
            summary(f"2026010{number}-000000-aaaa", created=float(number), project=f"/p{number % 2}")
        )
    assert [run.created for run in store.runs(limit=2)] == [4.0, 3.0]
    assert [run.created for run in store.runs(project="/p1")] == [3.0, 1.0]
    assert store.run("build").created == 4.0


def test_an_id_goes_before_a_name(store):
    store.add_run(summary("20260101-000000-aaaa", created=1.0))
    store.add_run(summary("20260102-000000-aaaa", created=2.0, name="20260101-000000-aaaa"))
    assert store.run("20260101-000000-aaaa").created == 1.0


@pytest.mark.parametrize(("wanted", "said"), [("latest", "no runs yet"), ("x", "no run is called 'x'")])
def test_a_run_that_is_not_there(store, wanted, said):
    with pytest.raises(RunNotFound, match=said):
        store.run(wanted)


def test_a_removed_run_is_gone_with_its_directory(store):
    store.add_run(summary())
    store.add_event(event())
    store.directory("20260101-000000-aaaa").path.mkdir(parents=True)
    assert store.remove_run("20260101-000000-aaaa")
    assert not store.directory("20260101-000000-aaaa").path.exists()
    assert store.runs() == []
    assert list(store.events("20260101-000000-aaaa")) == []
    assert store.remove_run("20260101-000000-aaaa")


def test_a_run_that_goes_on_is_not_removed(store):
    store.add_run(summary())
    directory = store.directory("20260101-000000-aaaa")
    directory.path.mkdir(parents=True)
    lock = OwnerLock(directory.lock)
    lock.take()
    assert not store.remove_run("20260101-000000-aaaa")
    assert directory.path.exists()
    assert len(store.runs()) == 1
    lock.release()


def test_threads_share_a_store(store):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: store.add_event(event(number=number)), range(200)))
    assert {item.data["number"] for _, item in store.events("20260101-000000-aaaa")} == set(range(200))


def test_processes_share_a_store(tmp_path):
    """Two that make it and write to it at the same time."""
    code = (
        "import sys; from pathlib import Path; from holkas.state.store import Store\n"
        "from holkas.model.run_event import RunEvent, RunEventKind\n"
        "store = Store(Path(sys.argv[1]))\n"
        "for n in range(100):\n"
        "    store.add_event(RunEvent(time=0.0, kind=RunEventKind.NOTE, run=sys.argv[2], data={'n': n}))\n"
    )
    root = str(tmp_path / "state")
    writers = [subprocess.Popen([sys.executable, "-c", code, root, name]) for name in ("a", "b", "c")]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    store = Store(tmp_path / "state")
    for name in ("a", "b", "c"):
        assert [item.data["n"] for _, item in store.events(name)] == list(range(100))
    store.close()


def test_a_store_of_a_newer_holkas_is_left_alone(tmp_path):
    Store(tmp_path).close()
    with sqlite3.connect(tmp_path / "holkas.db") as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(StoreTooNew, match=f"version {VERSION + 1}"):
        Store(tmp_path)


def test_a_state_directory_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StateUnusable, match="cannot be made: Not a directory"):
        Store(tmp_path / "file" / "state")


def test_a_database_that_is_none(tmp_path):
    (tmp_path / "holkas.db").write_bytes(b"no database " * 100)
    with pytest.raises(StateUnusable, match="not a database"):
        Store(tmp_path)


def test_a_database_that_cannot_be_opened(tmp_path):
    (tmp_path / "holkas.db").mkdir()
    with pytest.raises(StateUnusable, match="unable to open"):
        Store(tmp_path)


def test_a_store_that_fails_later_says_so_and_keeps_what_it_had(store):
    store.add_run(summary())
    with pytest.raises(StateUnusable, match="UNIQUE"):
        store.add_run(summary())
    store.add_event(event(text="goes on"))
    assert len(store.runs()) == 1
    store._connection.execute("DROP TABLE runs")
    with pytest.raises(StateUnusable, match="no such table"):
        store.finish_run(event(), status="True", reason="", message="")
    assert len(list(store.events("20260101-000000-aaaa"))) == 1


def test_a_locked_database_is_waited_for(tmp_path):
    store = Store(tmp_path)
    with (
        sqlite3.connect(tmp_path / "holkas.db", isolation_level=None) as other,
        ThreadPoolExecutor(1) as pool,
    ):
        other.execute("BEGIN IMMEDIATE")
        writing = pool.submit(store.add_event, event())
        time.sleep(0.05)
        assert not writing.done()
        other.execute("COMMIT")
        writing.result()
    store.close()


def test_cancel_requests_are_taken_once(tmp_path):
    directory = RunDirectory(tmp_path)
    assert take_cancel_request(directory) is None
    request_cancel(directory, CancelMode.STOP)
    assert take_cancel_request(directory) is CancelMode.STOP
    assert take_cancel_request(directory) is None
    directory.cancel_request.write_text("nonsense")
    assert take_cancel_request(directory) is CancelMode.CANCELLED


def test_run_ids_sort_by_time_and_differ():
    ids = [new_run_id(1_700_000_000.0 + number) for number in range(50)]
    assert ids == sorted(ids)
    assert len({new_run_id(0.0) for _ in range(50)}) > 40
    assert all(RUN_ID.fullmatch(name) for name in ids)


def test_the_places_of_a_run(tmp_path):
    directory = RunDirectory(tmp_path / "runs" / "x")
    assert directory.work == tmp_path / "work" / "x"
    assert directory.manifest == tmp_path / "runs" / "x" / "manifest.yaml"
    assert directory.log_name("build", "compile") == "logs/build/compile.log"
    (directory.work / "deep").mkdir(parents=True)
    directory.remove_work()
    directory.remove_work()
    assert not directory.work.exists()


def test_trees_are_removed_without_write_permission_and_links_are_not_followed(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir(mode=0o500)
    (tmp_path / "outside-file").write_text("stays")
    closed = tmp_path / "tree" / "closed" / "deeper"
    closed.mkdir(parents=True)
    (closed / "file").write_text("")
    (closed / "link").symlink_to(outside)
    (closed / "file-link").symlink_to(tmp_path / "outside-file")
    closed.chmod(0o000)
    closed.parent.chmod(0o500)
    remove_tree(tmp_path / "tree")
    assert not (tmp_path / "tree").exists()
    assert outside.stat().st_mode & 0o777 == 0o500
    assert (tmp_path / "outside-file").read_text() == "stays"


def test_what_resists_the_first_attempt_is_opened_and_removed(tmp_path, monkeypatch):
    """As root nothing resists; so the first attempt fails here by arrangement."""
    real = shutil.rmtree
    attempts = []

    def reluctant(path, ignore_errors=False):
        attempts.append(path)
        if len(attempts) > 1:
            real(path)

    monkeypatch.setattr(shutil, "rmtree", reluctant)
    closed = tmp_path / "tree" / "closed"
    closed.mkdir(parents=True)
    (tmp_path / "tree" / "link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere").mkdir(mode=0o500)
    closed.chmod(0o000)
    remove_tree(tmp_path / "tree")
    assert not (tmp_path / "tree").exists()
    assert (tmp_path / "elsewhere").stat().st_mode & 0o777 == 0o500
