"""Runs one container of a task as a process and waits for it: until it ends, its time is over or the run is cancelled."""

from __future__ import annotations

import select
import time
from collections.abc import Callable, Iterable, Sequence
from enum import Enum, auto

from holkas.extensions.executor import Command, Process, Session
from holkas.records import dataclass

from holkas_builtin.runner.cancellation import Cancellation
from holkas_builtin.runner.streams import LogFile, Stream

_POLL = 0.05
"""Seconds between looks at a process on systems that cannot wait for one with poll (macOS)."""


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
    """How a process ended. ``code`` is :data:`GIVEN_UP` where it did not end by itself."""

    ending: Ending
    code: int


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


def run_step(
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
        return _wait(process, streams, deadlines, cancellation, grace, others)
    finally:
        for stream in streams:
            stream.close()


def _wait(
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
    poll = select.poll()
    for reader in open_streams:
        poll.register(reader, select.POLLIN | select.POLLHUP)
    if ended >= 0:
        poll.register(ended, select.POLLIN)
    poll.register(cancellation.fileno(), select.POLLIN)
    while True:
        left = deadline - time.monotonic()
        if (left <= 0 or cancellation.is_set) and process.wait(0) is None:
            ending = Ending.CANCELLED if cancellation.is_set else late
            process.terminate(grace)
            process.wait(grace + 5.0)
            _drain(open_streams.values())
            return Exit(ending, GIVEN_UP)
        others()
        longest = _POLL if ended < 0 else min(left, 0.5)
        for descriptor, _ in poll.poll(max(0.0, min(left, longest)) * 1000):
            stream = open_streams.get(descriptor)
            if stream is not None and not stream.pump():
                poll.unregister(descriptor)
                del open_streams[descriptor]
        code = process.wait(0)
        if code is not None:
            # What a descendant may still write after the step has ended is not the step's output.
            _drain(open_streams.values())
            return Exit(Ending.EXITED, code)


def _drain(streams: Iterable[Stream]) -> None:
    for stream in streams:
        stream.pump()
