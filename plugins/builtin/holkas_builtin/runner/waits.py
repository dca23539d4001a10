"""What the carrying out of a run waits for, said to whoever drives it.

A task, and a pipeline, is carried out by a coroutine that never blocks for long. It awaits :func:`ready` and
:func:`apart`, and either one thread drives many of them (:class:`~holkas_builtin.runner.crew.Crew`) or
:func:`carried_out` a single one in the thread of its caller.
"""

from __future__ import annotations

import select
import time
from collections.abc import Callable, Collection, Coroutine, Generator
from typing import Any, Protocol, TypeVar

from holkas.records import dataclass

T = TypeVar("T")

Work = Coroutine[Any, Any, T]


class Waker(Protocol):
    """Something that may happen meanwhile."""

    def listen(self, listener: Callable[[], None], /) -> None:
        """Have a function called when it happens, at once if it has; it takes the place of the one before."""

    def fileno(self) -> int:
        """A descriptor that can be read once it has happened."""


@dataclass(frozen=True, slots=True, eq=False)
class Ready:
    """Answered with those descriptors that can be read; with none when the time has come or the waker woke."""

    descriptors: Collection[int]
    until: float
    waker: Waker

    def __await__(self) -> Generator[Ready, Collection[int], Collection[int]]:
        return (yield self)


@dataclass(frozen=True, slots=True, eq=False)
class Apart:
    """Answered with what the function returns; it may take its time."""

    function: Callable[[], Any]

    def __await__(self) -> Generator[Any, Any, Any]:
        return (yield self)


def ready(descriptors: Collection[int], until: float, waker: Waker) -> Ready:
    """Wait for descriptors, at most until a time of :func:`time.monotonic` (infinity: for ever) or a waker's call."""
    return Ready(descriptors, until, waker)


async def apart(function: Callable[[], T]) -> T:
    """Call something that may take long: other tasks go on meanwhile."""
    result: T = await Apart(function)
    return result


def carried_out(work: Work[T]) -> T:
    """Drive a coroutine to its end in this thread; its result, or what it raises."""
    answer: Any = None
    failure: BaseException | None = None
    while True:
        try:
            request = work.send(answer) if failure is None else work.throw(failure)
        except StopIteration as end:
            result: T = end.value
            return result
        answer = failure = None
        try:
            answer = request.function() if isinstance(request, Apart) else _wait(request)
        except BaseException as error:  # the coroutine's own business
            failure = error


def _wait(request: Ready) -> Collection[int]:
    poll = select.poll()
    for descriptor in request.descriptors:
        poll.register(descriptor, select.POLLIN)
    woken = request.waker.fileno()
    poll.register(woken, select.POLLIN)
    return [descriptor for descriptor, _ in poll.poll(milliseconds(request.until)) if descriptor != woken]


def milliseconds(until: float) -> float | None:
    """Time left for poll, which takes None for ever."""
    return None if until == float("inf") else max(0.0, until - time.monotonic()) * 1000
