"""Finding processes that left their process group, through Linux' /proc; elsewhere nothing is found."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Collection, Iterable, Iterator
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


def marked(marks: Collection[bytes], newer_than: int = 0, known: Collection[int] = ()) -> list[int]:
    """Living processes started above an id whose environment holds one of the entries (``HOME=/place/home``).

    ``known``: ids of processes that are somebody else's.
    """
    return [
        pid
        for pid, environ in _environments(newer_than, known)
        if any(mark in environ for mark in marks) and not set(marks).isdisjoint(environ.split(b"\0"))
    ]


def at_home_in(directory: Path) -> list[int]:
    """Living processes whose HOME lies in a directory: what a killed holkas left of a run that worked there."""
    mark = b"HOME=" + os.fsencode(directory) + b"/"
    return [
        pid for pid, environ in _environments(0, ()) if environ.startswith(mark) or b"\0" + mark in environ
    ]


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


def _environments(newer_than: int, known: Collection[int]) -> Iterator[tuple[int, bytes]]:
    own = os.getpid()
    newest = _newest() if newer_than else 0
    few = newer_than > 0 and 0 <= newest - newer_than <= _FEW
    for pid in range(newer_than + 1, newest + 1) if few else processes(newer_than):
        if pid == own or pid in known:
            continue
        try:
            with open(f"{PROC}/{pid}/environ", "rb", buffering=0) as file:  # noqa: PTH123 - hot path
                yield pid, file.read(1 << 20)
        except OSError:
            continue


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


def send(pids: Iterable[int], number: signal.Signals) -> None:
    """Signal processes, some of which may have ended."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)
