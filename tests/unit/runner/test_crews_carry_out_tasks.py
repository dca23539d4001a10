"""A crew carries out every task, lets others go on while one waits, and wakes those that wait."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from holkas_builtin.runner.cancellation import Cancellation
from holkas_builtin.runner.crew import Crew, Task
from holkas_builtin.runner.inbox import Inbox
from holkas_builtin.runner.waits import apart, carried_out, ready

NEVER = float("inf")

pytestmark = pytest.mark.timeout(60)

Carry = Callable[..., None]


@pytest.fixture(params=[True, False], ids=["together", "apiece"])
def carry(request: pytest.FixtureRequest) -> Carry:
    """Carries out tasks, so many at once, and waits for their ends."""

    def carry_out(jobs: int, *tasks: Task) -> None:
        crew = Crew(jobs, prompt=request.param)
        ends: Inbox[None] = Inbox()

        async def told(task: Task) -> None:
            await task()
            ends.put(None)

        async def main() -> None:
            for task in tasks:
                crew.submit(lambda task=task: told(task))
            for _ in tasks:
                await ends.get()

        crew.carry_out(main())

    return carry_out


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    yield ends
    for end in ends:
        os.close(end)


def test_everything_is_carried_out(carry: Carry) -> None:
    done: list[int] = []

    async def task(number: int) -> None:
        done.append(number)

    carry(3, *(lambda number=number: task(number) for number in range(50)))
    assert sorted(done) == list(range(50))


def test_the_oldest_comes_first_and_no_more_than_allowed_at_once(carry: Carry) -> None:
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

    carry(2, *(lambda number=number: task(number) for number in range(8)))
    assert max(most) == 2
    assert set(order[:2]) == {0, 1}
    assert set(order[-2:]) == {6, 7}


def test_a_task_that_waits_lets_another_go_on(carry: Carry, pipe: tuple[int, int]) -> None:
    seen: list[object] = []

    async def waits() -> None:
        found = await ready([pipe[0]], NEVER, Cancellation())
        seen.append((list(found), os.read(pipe[0], 10)))

    async def wakes() -> None:
        os.write(pipe[1], b"now")

    carry(2, waits, wakes)
    assert seen == [([pipe[0]], b"now")]


def test_the_time_wakes(carry: Carry, pipe: tuple[int, int]) -> None:
    seen: list[object] = []

    async def waits() -> None:
        began = time.monotonic()
        seen.extend(await ready([pipe[0]], began + 0.02, Cancellation()))
        seen.append(time.monotonic() >= began + 0.02)

    carry(1, waits)
    assert seen == [True]


@pytest.mark.parametrize("before", [True, False])
def test_a_cancellation_wakes_whenever_it_comes(carry: Carry, pipe: tuple[int, int], before: bool) -> None:
    cancellation = Cancellation()
    waiting = threading.Event()
    seen: list[object] = []

    async def waits() -> None:
        if before:
            cancellation.set("Cancelled")
        waiting.set()
        seen.append(list(await ready([pipe[0]], NEVER, cancellation)))

    def cancel() -> None:
        assert waiting.wait(30)
        cancellation.set("Cancelled")

    other = threading.Thread(target=cancel)
    other.start()
    carry(1, waits)
    other.join()
    assert seen == [[]]


def test_what_takes_long_keeps_nobody_waiting(carry: Carry) -> None:
    go = threading.Event()
    seen: list[str] = []

    async def slow() -> None:
        seen.append(await apart(lambda: "went" if go.wait(30) else "was kept waiting"))

    async def quick() -> None:
        go.set()

    carry(2, slow, quick)
    assert seen == ["went"]


def test_what_fails_apart_fails_in_the_task(carry: Carry) -> None:
    seen: list[str] = []

    def fail() -> None:
        raise OSError("no")

    async def task() -> None:
        try:
            await apart(fail)
        except OSError as error:
            seen.append(str(error))

    carry(1, task)
    assert seen == ["no"]


def test_a_descriptor_is_waited_for_again_and_again(carry: Carry, pipe: tuple[int, int]) -> None:
    seen: list[bytes] = []

    async def reads() -> None:
        while seen[-1:] != [b"."]:
            await ready([pipe[0]], NEVER, Cancellation())
            seen.append(os.read(pipe[0], 1))

    async def writes() -> None:
        for letter in (b"a", b"b", b"."):
            os.write(pipe[1], letter)
            await ready((), time.monotonic() + 0.001, Cancellation())

    carry(2, reads, writes)
    assert seen == [b"a", b"b", b"."]


def test_a_crew_without_tasks_ends_with_its_main_work() -> None:
    async def main() -> int:
        return 7

    assert Crew(4, prompt=True).carry_out(main()) == 7


def test_what_the_main_work_raises_is_raised_after_everything_has_ended() -> None:
    done: list[str] = []
    crew = Crew(1, prompt=True)

    async def task() -> None:
        await ready((), time.monotonic() + 0.01, Cancellation())
        done.append("task")

    async def main() -> None:
        crew.submit(task)
        raise OSError("no")

    with pytest.raises(OSError, match="no"):
        crew.carry_out(main())
    assert done == ["task"]


def test_what_is_added_needs_nobodys_turn() -> None:
    crew = Crew(1, prompt=True)
    boxes: list[Inbox[str]] = [Inbox() for _ in range(3)]
    seen: list[str | None] = []

    async def waits(box: Inbox[str]) -> None:
        seen.append(await box.get())

    async def tells() -> None:
        for box in boxes:
            box.put("hello")

    async def main() -> None:
        for box in boxes:
            crew.add(waits(box))
        crew.submit(tells)

    crew.carry_out(main())
    assert seen == ["hello"] * 3


def test_tasks_are_submitted_and_told_of_by_other_threads() -> None:
    crew = Crew(2, prompt=True)
    told: Inbox[int] = Inbox()

    async def task(number: int) -> None:
        told.put(number)

    def submit() -> None:
        for number in range(20):
            crew.submit(lambda number=number: task(number))
            told.put(-number)

    async def main() -> list[int | None]:
        other = threading.Thread(target=submit)
        other.start()
        found = [await told.get() for _ in range(40)]
        other.join()
        return found

    assert sorted(filter(None, crew.carry_out(main()))) == sorted({*range(-19, 20)} - {0})


def test_an_inbox_is_not_waited_for_longer_than_wanted() -> None:
    async def main() -> list[object]:
        told: Inbox[str] = Inbox()
        first = await told.get(time.monotonic() + 0.01)
        told.put("there")
        return [first, await told.get(time.monotonic() - 1.0)]

    assert Crew(1, prompt=True).carry_out(main()) == [None, "there"]


def test_no_descriptor_is_left_open() -> None:
    async def main() -> None:
        return None

    before = os.listdir("/dev/fd")
    for prompt in (True, False):
        Crew(1, prompt=prompt).carry_out(main())
    assert len(os.listdir("/dev/fd")) <= len(before)  # what an earlier test left may be closed meanwhile


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


def test_what_is_to_be_done_before_it_waits_is_done_before_others_act(pipe: tuple[int, int]) -> None:
    order: list[str] = []
    crew = Crew(1, prompt=True, before_waiting=lambda: order.append("settled"))
    ends: Inbox[None] = Inbox()

    async def task() -> None:
        order.append("begun")
        await apart(lambda: order.append("acted apart"))
        ends.put(None)

    async def main() -> None:
        crew.submit(task)
        await ends.get()

    crew.carry_out(main())
    assert order[: order.index("acted apart")].count("settled") >= 1
    assert order.index("begun") < order.index("settled")
    assert order[-1] != "begun"
