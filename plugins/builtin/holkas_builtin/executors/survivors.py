"""Finding processes that left their process group, through Linux' /proc; elsewhere nothing is found."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

PROC = Path("/proc")
_FEW = 64
"""Ids that are looked at one by one, most of them free again: a list of all processes costs more."""


def processes(newer_than: int = 0) -> list[int]:
    """Process ids of this machine; with a number, those given out since that one was.

    The kernel gives out ids upwards and begins again from below, so the newer ones lie between that id and the last
    one given out. Source: proc(5), /proc/loadavg.
    """
    try:
        names = os.listdir(PROC)  # noqa: PTH208 - a Path for every process of the machine costs ten times as much
    except OSError:
        return []
    pids = [int(name) for name in names if name.isdigit()]
    newest = _newest() if newer_than else 0
    if not newest:
        return pids
    if newest < newer_than:
        return [pid for pid in pids if pid > newer_than or pid <= newest]
    return [pid for pid in pids if newer_than < pid <= newest]


def _newest() -> int:
    """The id of the process started last, from /proc/loadavg."""
    try:
        descriptor = os.open(f"{PROC}/loadavg", os.O_RDONLY | os.O_CLOEXEC)
        try:
            return int(os.read(descriptor, 256).split()[-1])
        finally:
            os.close(descriptor)
    except (OSError, ValueError, IndexError):
        return 0


def marked(marks: Collection[bytes], newer_than: int = 0) -> Iterator[int]:
    """Living processes started above an id whose environment holds one of the entries (``HOME=/place/home``).

    Each is given as it is seen: one that forks and ends is gone when all have been looked at.
    """
    for pid, environ in _environments(newer_than):
        if any(mark in environ for mark in marks) and not set(marks).isdisjoint(environ.split(b"\0")):
            yield pid


def at_home_in(directory: Path) -> Iterator[int]:
    """Living processes whose HOME lies in a directory: what a killed holkas left of a run that worked there."""
    mark = b"HOME=" + os.fsencode(directory) + b"/"
    for pid, environ in _environments(0):
        if environ.startswith(mark) or b"\0" + mark in environ:
            yield pid


def mounting(text: str) -> list[int]:
    """Living processes in whose world something is mounted from a path that holds a text. Source: proc(5), mountinfo."""
    wanted, own, found = os.fsencode(text), os.getpid(), []
    for pid in processes():
        try:
            with open(f"{PROC}/{pid}/mountinfo", "rb", buffering=0) as file:  # noqa: PTH123 - hot path
                if pid != own and wanted in file.read(1 << 20):
                    found.append(pid)
        except OSError:
            continue
    return found


def _environments(newer_than: int) -> Iterator[tuple[int, bytes]]:
    """Processes with their environments, those too that are started while others are looked at."""
    own = os.getpid()
    newest = _newest()
    few = newer_than > 0 and 0 <= newest - newer_than <= _FEW
    pids: Iterable[int] = range(newer_than + 1, newest + 1) if few else processes(newer_than)
    for _ in range(_ROUNDS):
        for pid in pids:
            if pid == own:
                continue
            environ = _environment(pid)
            if environ == b"":
                environ = _of_a_new_program(pid)
            if environ:
                yield pid, environ
        # Who forks and ends before it is looked at has a child with a higher id.
        before, newest = newest, _newest()
        pids = range(before + 1, newest + 1)
        if not pids:
            return


_ROUNDS = 1000


def _environment(pid: int) -> bytes | None:
    """Empty for a zombie, for the kernel's own and between two programs; None where it is gone or somebody else's."""
    try:
        with open(f"{PROC}/{pid}/environ", "rb", buffering=0) as file:  # noqa: PTH123 - hot path
            return file.read(1 << 20)
    except OSError:
        return None


def _of_a_new_program(pid: int) -> bytes | None:
    """The environment of a process that is about to become another program, as soon as it has one.

    Between the old program's memory and the new one's environment the kernel shows nothing, for as long as the program
    takes to be read. Such a process has memory, and its environment ends at 0. Source: proc(5), stat, fields 23 and 51.
    """
    for delay in _EXEC_DELAYS:
        try:
            with open(f"{PROC}/{pid}/stat", "rb", buffering=0) as file:  # noqa: PTH123 - hot path
                fields = file.read().rpartition(b")")[2].split()
            if fields[0] == b"Z" or fields[20] == b"0" or fields[48] != b"0":
                return _environment(pid)
        except (OSError, IndexError):
            return None
        time.sleep(delay)
    return None


_EXEC_DELAYS = tuple(0.001 * 2**number for number in range(11))
"""Seconds between looks at a process that becomes another program; 2 together."""


def end_all(find: Callable[[], Iterable[int]], seconds: float) -> list[int]:
    """Kill every process that is found, those that it starts meanwhile included; what still lives after a time.

    Each is stopped when it is found, so that it can start nothing while the others are looked for, and killed when two
    looks have found nothing more. seconds: how long the dead may take to be gone.
    """
    stopped: set[int] = set()
    quiet = 0
    while quiet < 2:
        fresh = []
        for pid in find():
            if pid not in stopped:
                send([pid], signal.SIGSTOP)
                stopped.add(pid)
                fresh.append(pid)
        below = {child for pid in fresh for child in descendants(pid)} - stopped
        send(below, signal.SIGSTOP)
        stopped |= below
        quiet = 0 if fresh else quiet + 1
    send(stopped, signal.SIGKILL)
    deadline = time.monotonic() + seconds
    while left := [*find()]:
        if time.monotonic() > deadline:
            return sorted(left)
        send(left, signal.SIGKILL)
        time.sleep(0.01)
    return []


def descendants(root: int) -> list[int]:
    """Living processes below one, children of children included; orphans are not among them."""
    children: dict[int, list[int]] = {}
    for pid in processes():
        try:
            with open(f"{PROC}/{pid}/stat", "rb", buffering=0) as file:  # noqa: PTH123 - hot path
                # The name in parentheses may hold blanks and parentheses itself.
                parent = int(file.read().rpartition(b")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            continue
        children.setdefault(parent, []).append(pid)
    found: list[int] = []
    pending = [root]
    while pending:
        below = children.get(pending.pop(), [])
        found += below
        pending += below
    return found


def name(pid: int) -> str:
    """The short name of a process' program; empty when it has ended."""
    try:
        return (PROC / str(pid) / "comm").read_text("utf-8", "replace").rstrip("\n")
    except OSError:
        return ""


def send(pids: Iterable[int], number: signal.Signals) -> int:
    """Signal processes, some of which may have ended, as they come; how many there were."""
    count = 0
    for pid in pids:
        count += 1
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)
    return count
