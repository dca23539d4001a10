"""Runs one container of a task as a process: until it ends, its time is over or the run is cancelled."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from enum import Enum, auto

from holkas.extensions.executor import Command, Process, Session
from holkas.records import dataclass

from holkas_builtin.runner.cancellation import Cancellation
from holkas_builtin.runner.streams import LogFile, Stream
from holkas_builtin.runner.waits import apart, ready

_POLL = 0.05
"""Seconds between looks at a process on systems that cannot wait for one with poll (macOS)."""

_LONGEST = 0.5
"""Most seconds until sidecars are looked after."""


GIVEN_UP = 1
"""Exit code of a step that ran out of time or was cancelled (Tekton's terminateStepsInPod, and its entrypoint)."""


class Ending(Enum):
    """Why a step is over."""

    EXITED = auto()
    STEP_TIMEOUT = auto()
    TASK_TIMEOUT = auto()
    CANCELLED = auto()


@dataclass(frozen=True, slots=True)
class Exit:
    """How a process ended. ``code`` is :data:`GIVEN_UP` where it did not end by itself.

    reason, image: see :class:`Process`.
    """

    ending: Ending
    code: int
    reason: str = ""
    image: str = ""


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Times (of :func:`time.monotonic`) at which the step and the task are over; infinity for never."""

    step: float
    task: float

    def first(self) -> tuple[float, Ending]:
        """The one that comes first."""
        if self.step < self.task:
            return self.step, Ending.STEP_TIMEOUT
        return self.task, Ending.TASK_TIMEOUT


async def run_step(
    session: Session,
    command: Command,
    log: LogFile,
    *,
    stdout_copy: int | None,
    stderr_copy: int | None,
    deadlines: Deadlines,
    cancellation: Cancellation,
    grace: float,
    others: Callable[[], None],
) -> Exit:
    """Start the command and wait for it. Raises ExecutorError when it cannot be started.

    Both streams share a pipe, so that their order in the log is the true one, unless one of them is copied to a file.
    ``others`` is called now and then: sidecars have output, too.
    """
    apart = stdout_copy is not None or stderr_copy is not None
    out = Stream(log, () if stdout_copy is None else (stdout_copy,))
    err = Stream(log, () if stderr_copy is None else (stderr_copy,)) if apart else out
    streams = [out, err] if apart else [out]
    try:
        process = session.start(command, stdout=out.writer, stderr=err.writer)
        for stream in streams:
            stream.started()
        return await _wait(process, streams, deadlines, cancellation, grace, others)
    finally:
        for stream in streams:
            stream.close()


async def _wait(
    process: Process,
    streams: Sequence[Stream],
    deadlines: Deadlines,
    cancellation: Cancellation,
    grace: float,
    others: Callable[[], None],
) -> Exit:
    deadline, late = deadlines.first()
    open_streams = {stream.reader: stream for stream in streams}
    ended = process.fileno()
    longest = _LONGEST if ended >= 0 else _POLL
    while True:
        now = time.monotonic()
        if (now >= deadline or cancellation.is_set) and process.wait(0) is None:
            ending = Ending.CANCELLED if cancellation.is_set else late
            await apart(lambda: _end(process, grace))
            _drain(open_streams.values())
            return Exit(ending, GIVEN_UP, image=process.image)
        others()
        watched = [*open_streams] if ended < 0 else [*open_streams, ended]
        found = await ready(watched, min(deadline, now + longest), cancellation)
        for descriptor in found:
            stream = open_streams.get(descriptor)
            if stream is not None and not stream.pump():
                del open_streams[descriptor]
        code = process.wait(0) if ended in found or ended < 0 or not found else None
        if code is not None:
            # What a descendant may still write after the step has ended is not the step's output.
            _drain(open_streams.values())
            return Exit(Ending.EXITED, code, process.reason, process.image)


def _end(process: Process, grace: float) -> None:
    process.terminate(grace)
    process.wait(grace + 5.0)


def _drain(streams: Iterable[Stream]) -> None:
    for stream in streams:
        stream.pump()
