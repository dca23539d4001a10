"""Threads of a run: work is done in order, by as many as are allowed, one at a time while it is our own."""

from __future__ import annotations

import threading
import time

import pytest
from holkas_builtin.runner.turn import Turn
from holkas_builtin.runner.workers import Workers


def test_everything_submitted_is_carried_out() -> None:
    done: list[int] = []
    with Workers(4) as workers:
        for number in range(200):
            workers.submit(lambda number=number: done.append(number))
    assert sorted(done) == list(range(200))


def test_one_worker_keeps_the_order() -> None:
    done: list[int] = []
    with Workers(1) as workers:
        for number in range(50):
            workers.submit(lambda number=number: done.append(number))
    assert done == list(range(50))


def test_no_more_threads_than_allowed_and_all_of_them_when_needed() -> None:
    together = threading.Barrier(3, timeout=30)
    names: set[str] = set()

    def meet() -> None:
        names.add(threading.current_thread().name)
        together.wait()

    with Workers(3) as workers:
        for _ in range(9):
            workers.submit(meet)
    assert len(names) == 3


def test_a_free_worker_is_used_before_another_is_made() -> None:
    names: set[str] = set()
    with Workers(8) as workers:
        for _ in range(20):
            done = threading.Event()
            workers.submit(lambda done=done: (names.add(threading.current_thread().name), done.set()))
            assert done.wait(30)
            time.sleep(0.005)  # it has to come back for more
    assert len(names) < 8


def test_work_can_submit_more_work() -> None:
    done = threading.Event()
    with Workers(1) as workers:
        workers.submit(lambda: workers.submit(done.set))
        assert done.wait(30)


def test_only_one_has_the_turn_and_who_waits_gives_it_away() -> None:
    turn, busy, most = Turn(), [0], [0]
    waiting = threading.Barrier(4, timeout=30)

    def work() -> None:
        with turn:
            busy[0] += 1
            most[0] = max(most[0], busy[0])
            time.sleep(0.002)
            busy[0] -= 1
            with turn.waiting():
                waiting.wait()  # all four are here at the same time
            busy[0] += 1
            most[0] = max(most[0], busy[0])
            busy[0] -= 1

    with Workers(4) as workers:
        for _ in range(4):
            workers.submit(work)
    assert most == [1]


def test_the_turn_comes_back_after_a_failure() -> None:
    turn = Turn()
    with pytest.raises(KeyError), turn, turn.waiting():
        raise KeyError
    with turn:
        pass


def test_what_is_quick_keeps_the_turn() -> None:
    turn = Turn()
    taken: list[bool] = []

    def other() -> None:
        with turn:
            taken.append(True)

    with turn:
        thread = threading.Thread(target=other)
        with turn.waiting(False):
            thread.start()
            time.sleep(0.02)
            assert not taken
    thread.join(30)
    assert taken
