"""Carries out many tasks at the same time: in one thread that waits for all of them, or in a thread for each.

Python lets one thread run at a time and may change it at every system call. Preparing and finishing a step takes many
of those, and eight threads that take each other's place at each one cost as much as all their work.
"""

from __future__ import annotations

import os
import select
import threading
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from holkas_builtin.runner.waits import Apart, Ready, Work, carried_out, milliseconds

Task = Callable[[], Work[None]]
"""Makes the coroutine that carries a task out. It must not raise."""


class Crew(ABC):
    """Carries out a number of tasks at once, the oldest first. Safe for threads."""

    @abstractmethod
    def submit(self, task: Task) -> None:
        """Have it carried out as soon as it is its turn."""

    @abstractmethod
    def close(self) -> None:
        """Wait for everything that was submitted."""


@contextmanager
def crew(jobs: int, *, prompt: bool) -> Iterator[Crew]:
    """A crew that is closed at the end. ``prompt``: whether steps are started by an executor that never takes long."""
    made = Together(jobs) if prompt else Apiece(jobs)
    try:
        yield made
    finally:
        made.close()


class Apiece(Crew):
    """A thread for each task that is carried out."""

    def __init__(self, jobs: int) -> None:
        from concurrent.futures import ThreadPoolExecutor

        self._pool = ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="task")

    def submit(self, task: Task) -> None:
        """See :meth:`Crew.submit`."""
        self._pool.submit(lambda: carried_out(task()))

    def close(self) -> None:
        """See :meth:`Crew.close`."""
        self._pool.shutdown()


class _Member:
    """A task that is being carried out. ``until``: when it goes on at the latest, by :func:`time.monotonic`."""

    __slots__ = ("request", "until", "work")

    def __init__(self, work: Work[None]) -> None:
        self.work = work
        self.request: Ready | None = None
        self.until = float("inf")


class Together(Crew):
    """One thread for all tasks."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._queue: deque[Task] = deque()
        self._woken: deque[Callable[[], None]] = deque()
        self._closing = False
        self._members: set[_Member] = set()
        self._waiting: dict[int, _Member] = {}
        self._poll = select.poll()
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(self._writer, False)
        self._poll.register(self._reader, select.POLLIN)
        self._thread = threading.Thread(target=self._serve, name="tasks", daemon=True)
        self._thread.start()

    def submit(self, task: Task) -> None:
        """See :meth:`Crew.submit`."""
        self._queue.append(task)
        self._wake()

    def close(self) -> None:
        """See :meth:`Crew.close`."""
        self._closing = True
        self._wake()
        self._thread.join()
        os.close(self._reader)
        os.close(self._writer)

    def _wake(self) -> None:
        with suppress(BlockingIOError):  # a full pipe wakes as well
            os.write(self._writer, b"x")

    def _serve(self) -> None:
        while True:
            while self._queue and len(self._members) < self._jobs:
                member = _Member(self._queue.popleft()())
                self._members.add(member)
                self._go_on(member, partial(member.work.send, None))
            if self._closing and not self._members and not self._queue:
                return
            self._wait()

    def _wait(self) -> None:
        """Wait until something happens, and let those go on whom it concerns."""
        first = min((member.until for member in self._members), default=float("inf"))
        found: dict[_Member, list[int]] = {}
        for descriptor, _ in self._poll.poll(milliseconds(first)):
            if descriptor == self._reader:
                with suppress(BlockingIOError):
                    os.read(self._reader, 4096)
            else:
                found.setdefault(self._waiting[descriptor], []).append(descriptor)
        while self._woken:
            self._woken.popleft()()
        now = time.monotonic()
        for member in [member for member in self._members if member.until <= now]:
            found.setdefault(member, [])
        for member, descriptors in found.items():
            self._resume(member, descriptors)

    def _resume(self, member: _Member, descriptors: list[int]) -> None:
        if member.request is None:
            return
        for descriptor in member.request.descriptors:
            self._poll.unregister(descriptor)
            del self._waiting[descriptor]
        member.request, member.until = None, float("inf")
        self._go_on(member, partial(member.work.send, descriptors))

    def _go_on(self, member: _Member, step: Callable[[], Any]) -> None:
        """Carry a task on until it waits again."""
        try:
            request = step()
        except StopIteration:
            self._members.discard(member)
            return
        if isinstance(request, Apart):
            thread = threading.Thread(target=self._call, args=(member, request.function), daemon=True)
            thread.start()
            return
        member.request, member.until = request, request.until
        for descriptor in request.descriptors:
            self._poll.register(descriptor, select.POLLIN)
            self._waiting[descriptor] = member
        request.cancellation.listen(partial(self._later, partial(self._cancelled, member, request)))

    def _cancelled(self, member: _Member, request: Ready) -> None:
        if member.request is request:
            self._resume(member, [])

    def _call(self, member: _Member, function: Callable[[], Any]) -> None:
        """What takes long, in a thread of its own."""
        step: Callable[[], Any]
        try:
            step = partial(member.work.send, function())
        except BaseException as error:  # the task's own business
            step = partial(member.work.throw, error)
        self._later(partial(self._go_on, member, step))

    def _later(self, action: Callable[[], None]) -> None:
        """Have something done by the thread of the tasks."""
        self._woken.append(action)
        self._wake()
