"""Events may wait for the next of their task, but never get lost, change their order, or follow an act."""

from __future__ import annotations

from pathlib import Path

import pytest
from holkas.model.run_event import RunEvent, RunEventKind
from holkas.state.errors import StateUnusable
from holkas.state.masking import Masker
from holkas.state.store import Store
from holkas_builtin.runner.journal import Journal

RUN = "20260101-000000-abcd"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


@pytest.fixture
def journal(store: Store) -> Journal:
    return Journal(store, RUN, Masker())


def stored(store: Store) -> list[tuple[RunEventKind, str]]:
    return [(event.kind, event.task) for _, event in store.events(RUN)]


def test_a_held_event_is_recorded_with_the_next_of_its_task(store: Store, journal: Journal) -> None:
    journal.hold(RunEventKind.TASK_STARTED, task="a")
    assert stored(store) == []
    journal.tell(RunEventKind.STEP_STARTED, task="a", step="s")
    assert stored(store) == [(RunEventKind.TASK_STARTED, "a"), (RunEventKind.STEP_STARTED, "a")]


def test_events_of_other_tasks_do_not_release_it(store: Store, journal: Journal) -> None:
    journal.hold(RunEventKind.TASK_STARTED, task="a")
    journal.tell(RunEventKind.TASK_SKIPPED, task="b")
    assert stored(store) == [(RunEventKind.TASK_SKIPPED, "b")]


def test_output_of_a_step_releases_it_and_is_not_stored(store: Store, journal: Journal) -> None:
    journal.hold(RunEventKind.TASK_STARTED, task="a")
    journal.tell(RunEventKind.LOG, task="a", step="sidecar-s", text="hello")
    assert stored(store) == [(RunEventKind.TASK_STARTED, "a")]


def test_both_are_one_commit(store: Store, journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    commits: list[int] = []
    real = Store.add_event

    def counted(store: Store, *events: RunEvent) -> None:
        commits.append(len(events))
        real(store, *events)

    monkeypatch.setattr(Store, "add_event", counted)
    journal.hold(RunEventKind.STEP_FINISHED, task="a", step="s")
    journal.tell(RunEventKind.TASK_FINISHED, task="a")
    assert commits == [2]


def test_release_spares_what_is_young(store: Store, journal: Journal) -> None:
    journal.release()
    journal.hold(RunEventKind.TASK_STARTED, task="a")
    journal.release(older_than=60.0)
    assert stored(store) == []
    journal.release()
    assert stored(store) == [(RunEventKind.TASK_STARTED, "a")]
    journal.tell(RunEventKind.TASK_FINISHED, task="a")
    assert stored(store) == [(RunEventKind.TASK_STARTED, "a"), (RunEventKind.TASK_FINISHED, "a")]


def test_the_end_of_the_run_releases_everything(store: Store, journal: Journal) -> None:
    journal.hold(RunEventKind.STEP_FINISHED, task="a", step="s")
    journal.hold(RunEventKind.STEP_FINISHED, task="b", step="s")
    journal.finish(status="False", reason="Failed", message="", results={})
    told = [(event.kind, event.task) for event in journal.follow()]
    assert told == [
        (RunEventKind.STEP_FINISHED, "a"),
        (RunEventKind.STEP_FINISHED, "b"),
        (RunEventKind.RUN_FINISHED, ""),
    ]
    assert stored(store) == told


def test_what_the_store_refuses_stays_held(
    store: Store, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(store: Store, *events: RunEvent) -> None:
        raise StateUnusable("the disk is full")

    journal.hold(RunEventKind.TASK_STARTED, task="a")
    with monkeypatch.context() as broken:
        broken.setattr(Store, "add_event", full)
        with pytest.raises(StateUnusable):
            journal.release()
    journal.release()
    assert stored(store) == [(RunEventKind.TASK_STARTED, "a")]


def test_held_events_are_masked(store: Store) -> None:
    journal = Journal(store, RUN, Masker([b"hunter2hunter2"]))
    journal.hold(RunEventKind.STEP_FINISHED, task="a", step="s", results={"r": "hunter2hunter2"})
    journal.release()
    [(_, event)] = store.events(RUN)
    assert "hunter2" not in str(event.data)


def test_ends_of_tasks_are_gathered_until_something_else_is_told(store: Store, journal: Journal) -> None:
    journal.gather()
    heard: list[str] = []
    journal.hold(RunEventKind.STEP_FINISHED, task="a", step="s")
    journal.tell(RunEventKind.TASK_FINISHED, task="a", kept={"x": 1}, then=lambda: heard.append("a"))
    journal.tell(RunEventKind.TASK_FINISHED, task="b", then=lambda: heard.append("b"))
    assert heard == ["a", "b"]
    assert stored(store) == []
    journal.tell(RunEventKind.TASK_STARTED, task="c")
    assert stored(store) == [
        (RunEventKind.STEP_FINISHED, "a"),
        (RunEventKind.TASK_FINISHED, "a"),
        (RunEventKind.TASK_FINISHED, "b"),
        (RunEventKind.TASK_STARTED, "c"),
    ]
    assert next(store.events(RUN, after=1, kept=True))[1].data["kept"] == {"x": 1}


def test_who_is_about_to_wait_settles_first(store: Store, journal: Journal) -> None:
    journal.gather()
    journal.settle()
    journal.tell(RunEventKind.TASK_FINISHED, task="a")
    journal.settle()
    assert stored(store) == [(RunEventKind.TASK_FINISHED, "a")]


def test_gathered_ends_outlast_a_full_disk(
    store: Store, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(store: Store, *events: RunEvent) -> None:
        raise StateUnusable("the disk is full")

    journal.gather()
    journal.tell(RunEventKind.TASK_FINISHED, task="a")
    with monkeypatch.context() as broken:
        broken.setattr(Store, "add_event", full)
        journal.settle()
        with pytest.raises(StateUnusable):
            journal.tell(RunEventKind.TASK_STARTED, task="b")
    journal.finish(status="False", reason="Failed", message="", results={})
    assert stored(store) == [(RunEventKind.TASK_FINISHED, "a"), (RunEventKind.RUN_FINISHED, "")]


def test_what_came_since_the_last_look_comes_together(journal: Journal) -> None:
    for task in ("a", "b"):
        journal.tell(RunEventKind.TASK_STARTED, task=task)
    journal.finish(status="True", reason="Succeeded", message="", results={})
    [events] = journal.follow_together()
    assert [event.task for event in events] == ["a", "b", ""]
