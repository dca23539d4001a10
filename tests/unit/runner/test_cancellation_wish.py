"""The wish to end a run reaches everybody who waits."""

from __future__ import annotations

import select
import threading

import pytest
from holkas_builtin.runner.cancellation import Cancellation


def readable(cancellation: Cancellation) -> bool:
    return bool(select.select([cancellation], [], [], 0)[0])


def test_the_first_reason_stays() -> None:
    cancellation = Cancellation()
    assert not cancellation.is_set
    cancellation.set("A", "first")
    cancellation.set("B", "second")
    assert (cancellation.is_set, cancellation.reason, cancellation.message) == (True, "A", "first")


@pytest.mark.parametrize("early", [True, False])
def test_the_descriptor_becomes_readable(early: bool) -> None:
    cancellation = Cancellation()
    if early:
        cancellation.set("A")
    else:
        assert not readable(cancellation)
        cancellation.set("A")
    assert readable(cancellation)
    cancellation.close()


def test_somebody_who_waits_is_woken() -> None:
    cancellation = Cancellation()
    woken = threading.Event()

    def wait() -> None:
        select.select([cancellation], [], [])
        woken.set()

    thread = threading.Thread(target=wait)
    descriptor = cancellation.fileno()
    assert descriptor >= 0
    thread.start()
    cancellation.set("A")
    thread.join()
    assert woken.is_set()
    cancellation.close()


def test_a_wish_after_the_end_is_not_taken() -> None:
    cancellation = Cancellation()
    cancellation.fileno()
    cancellation.close()
    cancellation.set("late")
    assert not cancellation.is_set
    with pytest.raises(ValueError, match="closed"):
        cancellation.fileno()
    cancellation.close()


def test_nothing_is_opened_until_somebody_waits() -> None:
    import os

    before = len(os.listdir("/proc/self/fd"))
    many = [Cancellation() for _ in range(5000)]
    for cancellation in many:
        cancellation.set("A")
    assert len(os.listdir("/proc/self/fd")) <= before  # what an earlier test left may be closed meanwhile
