"""Both crews carry out every task, let others go on while one waits, and wake those that wait."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from holkas_builtin.runner.cancellation import Cancellation
from holkas_builtin.runner.crew import Crew, crew
from holkas_builtin.runner.waits import apart, carried_out, ready

NEVER = float("inf")

pytestmark = pytest.mark.timeout(60)


@pytest.fixture(params=[True, False], ids=["together", "apiece"])
def of(request: pytest.FixtureRequest) -> Callable[[int], AbstractContextManager[Crew]]:
    return lambda jobs: crew(jobs, prompt=request.param)


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    yield ends
    for end in ends:
        os.close(end)


def test_everything_is_carried_out(of) -> None:
    done: list[int] = []

    async def task(number: int) -> None:
        done.append(number)

    with of(3) as made:
        for number in range(50):
            made.submit(lambda number=number: task(number))
    assert sorted(done) == list(range(50))


def test_the_oldest_comes_first_and_no_more_than_allowed_at_once(of) -> None:
    running: set[int] = set()
    most: list[int] = []
    order: list[int] = []
    lock = threading.Lock()

    async def task(number: int) -> None:
        with lock:
            running.add(number)
            order.append(number)
            most.append(len(running))
        await ready((), time.monotonic() + 0.005, Cancellation())
        with lock:
            running.discard(number)

    with of(2) as made:
        for number in range(8):
            made.submit(lambda number=number: task(number))
    assert max(most) == 2
    assert order[:2] in ([0, 1], [1, 0])
    assert set(order[-2:]) == {6, 7}


def test_a_task_that_waits_lets_another_go_on(of, pipe: tuple[int, int]) -> None:
    seen: list[object] = []

    async def waits() -> None:
        found = await ready([pipe[0]], NEVER, Cancellation())
        seen.append((list(found), os.read(pipe[0], 10)))

    async def wakes() -> None:
        os.write(pipe[1], b"now")

    with of(2) as made:
        made.submit(waits)
        made.submit(wakes)
    assert seen == [([pipe[0]], b"now")]


def test_the_time_wakes(of, pipe: tuple[int, int]) -> None:
    seen: list[object] = []

    async def waits() -> None:
        began = time.monotonic()
        seen.extend(await ready([pipe[0]], began + 0.02, Cancellation()))
        seen.append(time.monotonic() >= began + 0.02)

    with of(1) as made:
        made.submit(waits)
    assert seen == [True]


@pytest.mark.parametrize("before", [True, False])
def test_a_cancellation_wakes_whenever_it_comes(of, pipe: tuple[int, int], before: bool) -> None:
    cancellation = Cancellation()
    waiting = threading.Event()
    seen: list[object] = []

    async def waits() -> None:
        if before:
            cancellation.set("Cancelled")
        waiting.set()
        seen.append(list(await ready([pipe[0]], NEVER, cancellation)))

    with of(1) as made:
        made.submit(waits)
        assert waiting.wait(30)
        cancellation.set("Cancelled")
    assert seen == [[]]


def test_what_takes_long_keeps_nobody_waiting(of) -> None:
    go = threading.Event()
    seen: list[str] = []

    async def slow() -> None:
        seen.append(await apart(lambda: "went" if go.wait(30) else "was kept waiting"))

    async def quick() -> None:
        go.set()

    with of(2) as made:
        made.submit(slow)
        made.submit(quick)
    assert seen == ["went"]


def test_what_fails_apart_fails_in_the_task(of) -> None:
    seen: list[str] = []

    def fail() -> None:
        raise OSError("no")

    async def task() -> None:
        try:
            await apart(fail)
        except OSError as error:
            seen.append(str(error))

    with of(1) as made:
        made.submit(task)
    assert seen == ["no"]


def test_a_descriptor_is_waited_for_again_and_again(of, pipe: tuple[int, int]) -> None:
    seen: list[bytes] = []

    async def reads() -> None:
        while data := os.read(pipe[0], 1) if await ready([pipe[0]], NEVER, Cancellation()) else b"":
            seen.append(data)
            if data == b".":
                return

    async def writes() -> None:
        for letter in (b"a", b"b", b"."):
            os.write(pipe[1], letter)
            await ready((), time.monotonic() + 0.001, Cancellation())

    with of(2) as made:
        made.submit(reads)
        made.submit(writes)
    assert seen == [b"a", b"b", b"."]


def test_a_crew_without_work_ends(of) -> None:
    with of(4):
        pass


def test_tasks_are_submitted_from_other_threads_and_by_tasks(of) -> None:
    done: list[str] = []
    ended = threading.Event()

    async def last() -> None:
        done.append("last")
        ended.set()

    with of(2) as made:

        async def first() -> None:
            made.submit(last)
            done.append("first")

        thread = threading.Thread(target=lambda: made.submit(first))
        thread.start()
        thread.join()
        assert ended.wait(30)
    assert sorted(done) == ["first", "last"]


def test_one_is_carried_out_in_the_thread_of_the_caller() -> None:
    threads: list[threading.Thread] = []

    async def task() -> int:
        await apart(lambda: threads.append(threading.current_thread()))
        threads.append(threading.current_thread())
        return 7

    assert carried_out(task()) == 7
    assert set(threads) == {threading.current_thread()}


def test_what_it_raises_is_raised() -> None:
    async def task() -> None:
        await apart(lambda: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        carried_out(task())
