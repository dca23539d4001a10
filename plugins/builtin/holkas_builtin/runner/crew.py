"""Carries out a run: one thread that drives its coroutines, and threads for tasks whose steps take long to start.

Python lets one thread run at a time and may change it at every system call. Preparing and finishing a step takes many
of those, and eight threads that take each other's place at each one cost as much as all their work.
"""

from __future__ import annotations

import os
import select
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from holkas_builtin.runner.waits import Apart, Ready, Work, carried_out, milliseconds

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

T = TypeVar("T")

Task = Callable[[], Work[None]]
"""Makes the coroutine that carries a task out. It must not raise."""


class _Member:
    """A coroutine that goes on. ``until``: when it does at the latest, by :func:`time.monotonic`."""

    __slots__ = ("is_task", "request", "until", "work")

    def __init__(self, work: Work[Any], is_task: bool) -> None:
        self.work = work
        self.is_task = is_task
        self.request: Ready | None = None
        self.until = float("inf")


class Crew:
    """Carries out one main coroutine and what it submits. :meth:`submit` and :meth:`add` may be called by any thread.

    jobs: tasks at once; the oldest come first. prompt: whether steps are started by an executor that never takes long;
    otherwise each task has a thread of its own. before_waiting: called before this thread waits, and before another acts.
    """

    def __init__(self, jobs: int, *, prompt: bool, before_waiting: Callable[[], None] = lambda: None) -> None:
        self._jobs = jobs
        self._before_waiting = before_waiting
        self._pool: ThreadPoolExecutor | None = None
        if not prompt:
            from concurrent.futures import ThreadPoolExecutor

            self._pool = ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="task")
        self._queue: deque[Task] = deque()
        self._woken: deque[Callable[[], None]] = deque()
        self._members: set[_Member] = set()
        self._tasks = 0
        self._waiting: dict[int, _Member] = {}
        self._thread = 0
        self._lock = threading.Lock()
        self._poll = select.poll()
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(self._writer, False)
        self._poll.register(self._reader, select.POLLIN)

    def submit(self, task: Task) -> None:
        """Have a task carried out as soon as it is its turn."""
        if self._pool is not None:
            self._pool.submit(lambda: carried_out(task()))
        else:
            self._queue.append(task)
            self._wake()

    def add(self, work: Work[None]) -> None:
        """Have a coroutine carried out at once, beside the tasks. It must not raise."""
        self._later(lambda: self._begin(work, is_task=False))

    def carry_out(self, main: Work[T]) -> T:
        """Drive the main coroutine and all others to their ends; the main one's result, or what it raises.

        It is called once, in the thread that is to do the work.
        """
        ended: list[Callable[[], T]] = []

        async def outcome() -> None:
            try:
                result = await main
            except BaseException as error:  # it is raised where this is called
                ended.append(partial(_fail, error))
            else:
                ended.append(lambda: result)

        self._thread = threading.get_ident()
        try:
            self._begin(outcome(), is_task=False)
            while self._members or self._queue or self._woken:
                self._do_asked()
                # Where tasks have ended, others have taken their places: more at once would need further directories.
                if not (self._members and self._wait()):
                    self._begin_task()
        finally:
            if self._pool is not None:
                self._pool.shutdown()
            self._close()
        return ended[0]()

    def _begin(self, work: Work[None], *, is_task: bool) -> None:
        member = _Member(work, is_task)
        self._members.add(member)
        self._tasks += is_task
        self._go_on(member, partial(work.send, None))

    def _do_asked(self) -> None:
        while self._woken:
            self._woken.popleft()()

    def _begin_task(self) -> None:
        if self._may_begin():
            self._begin(self._queue.popleft()(), is_task=True)

    def _may_begin(self) -> bool:
        return bool(self._queue) and self._tasks < self._jobs

    def _wait(self) -> bool:
        """Wait until something happens, and let those go on whom it concerns; whether a task has ended."""
        first = min(member.until for member in self._members)
        found: dict[_Member, list[int]] = {}
        busy = self._woken or self._may_begin()
        if not busy:
            self._before_waiting()
        for descriptor, _ in self._poll.poll(0 if busy else milliseconds(first)):
            if descriptor == self._reader:
                with suppress(BlockingIOError):
                    os.read(self._reader, 4096)
            else:
                found.setdefault(self._waiting[descriptor], []).append(descriptor)
        now = time.monotonic()
        for member in self._members:
            if member.until <= now:
                found.setdefault(member, [])
        any_ended = False
        for member, descriptors in found.items():
            tasks = self._tasks
            self._resume(member, descriptors)
            self._do_asked()
            if self._tasks < tasks:
                any_ended = True
                self._begin_task()
        return any_ended

    def _resume(self, member: _Member, descriptors: list[int]) -> None:
        if member.request is None:
            return
        for descriptor in member.request.descriptors:
            self._poll.unregister(descriptor)
            del self._waiting[descriptor]
        member.request, member.until = None, float("inf")
        self._go_on(member, partial(member.work.send, descriptors))

    def _go_on(self, member: _Member, step: Callable[[], Any]) -> None:
        """Carry a coroutine on until it waits again."""
        try:
            request = step()
        except StopIteration:
            self._members.discard(member)
            self._tasks -= member.is_task
            return
        if isinstance(request, Apart):
            self._before_waiting()
            thread = threading.Thread(target=self._call, args=(member, request.function), daemon=True)
            thread.start()
            return
        member.request, member.until = request, request.until
        for descriptor in request.descriptors:
            self._poll.register(descriptor, select.POLLIN)
            self._waiting[descriptor] = member
        request.waker.listen(partial(self._later, partial(self._woke, member, request)))

    def _woke(self, member: _Member, request: Ready) -> None:
        if member.request is request:
            self._resume(member, [])

    def _call(self, member: _Member, function: Callable[[], Any]) -> None:
        """What takes long, in a thread of its own."""
        step: Callable[[], Any]
        try:
            step = partial(member.work.send, function())
        except BaseException as error:  # the coroutine's own business
            step = partial(member.work.throw, error)
        self._later(partial(self._go_on, member, step))

    def _later(self, action: Callable[[], None]) -> None:
        """Have something done by the thread that does the work."""
        self._woken.append(action)
        self._wake()

    def _wake(self) -> None:
        if threading.get_ident() == self._thread:  # it looks by itself before it waits
            return
        with self._lock, suppress(BlockingIOError):  # a full pipe wakes as well
            if self._writer >= 0:
                os.write(self._writer, b"x")

    def _close(self) -> None:
        """Others may still be about to wake this thread: the descriptor may be somebody else's by then."""
        with self._lock:
            os.close(self._reader)
            os.close(self._writer)
            self._writer = -1


def _fail(error: BaseException) -> Any:
    raise error
