"""``holkas run --watch``: run again whenever what a run is made of changes.

Times and sizes are looked at; a library that is told of changes by the system would be the only dependency of its kind,
and misses those on network file systems and in shared folders of virtual machines.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from holkas.cli.errors import INTERRUPTED, exit_code_of, render_error
from holkas.cli.run_workspaces import parse_workspaces
from holkas.cli.sources import SUFFIXES

if TYPE_CHECKING:
    from holkas.cli.run_again import Invocation
    from holkas.cli.run_session import RunSession

LOOK = 0.2
"""Seconds between two looks; a change counts when two looks see the same."""

MOST_FILES = 50_000
"""Files that are looked at."""

SKIPPED = frozenset({".git", ".hg", ".svn", "node_modules", "__pycache__"})
"""Directories that are not looked into: large, and changed by tools."""

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Stamps = Mapping[str, tuple[int, int]]


class Watched:
    """The files of an invocation and of its workspaces, as they were last seen.

    What changes in a workspace while a run goes may be the run's own doing. A file that was there before may end the run
    once; when it changes in the next run, too, it is held for something that the runs write, until somebody changes it
    while none goes. A file that comes into being while a run goes does not end it.
    """

    def __init__(self, manifests: Sequence[Path], workspaces: Sequence[Path]) -> None:
        self._manifests = manifests
        self._workspaces = workspaces
        self._seen: tuple[Stamps, Stamps] = ({}, {})
        self._blamed: frozenset[str] = frozenset()
        self._written: set[str] = set()
        self.begin()

    def begin(self) -> None:
        """A run begins: what is there now is what it is made of."""
        self._seen = self._look()

    def changed_while_running(self) -> frozenset[str]:
        """What makes the run that goes one of yesterday."""
        (manifests, workspaces), (now_manifests, now_workspaces) = self._seen, self._look()
        changed = _changed(manifests, now_manifests)
        inside = {path for path in _changed(workspaces, now_workspaces) if path in workspaces}
        self._written |= inside & self._blamed
        return frozenset(changed | (inside - self._written))

    def ended(self, because: frozenset[str]) -> None:
        """A run has ended. because: what ended it before its time."""
        self._blamed = because
        self._seen = (self._seen[0], self._look()[1])  # no run writes what it is read from

    def changed(self) -> frozenset[str]:
        """What has changed since the run has ended."""
        now = self._look()
        found = _changed(self._seen[0], now[0]) | _changed(self._seen[1], now[1])
        self._written -= found
        return frozenset(found)

    def _look(self) -> tuple[Stamps, Stamps]:
        return stamps(self._manifests, suffixes=SUFFIXES), stamps(self._workspaces)


def stamps(places: Sequence[Path], suffixes: tuple[str, ...] = ()) -> Stamps:
    """Time and size of each file at or below the places; below directories only of these kinds, or of all."""
    found: dict[str, tuple[int, int]] = {}
    for place in places:
        for path in _files(place, suffixes):
            try:
                state = os.stat(path)  # noqa: PTH116 - for every file, five times a second
            except OSError:
                continue
            found[path] = (state.st_mtime_ns, state.st_size)
            if len(found) >= MOST_FILES:
                return found
    return found


def _files(place: Path, suffixes: tuple[str, ...]) -> Iterator[str]:
    if not place.is_dir():
        yield str(place)
        return
    for directory, below, names in os.walk(place):
        below[:] = [name for name in below if name not in SKIPPED]
        for name in names:
            if not suffixes or name.endswith(suffixes):
                yield os.path.join(directory, name)  # noqa: PTH118 - for every file


def _changed(before: Stamps, now: Stamps) -> set[str]:
    return {path for path in before.keys() | now.keys() if before.get(path) != now.get(path)}


def watched(invocation: Invocation) -> Watched:
    """What an invocation is made of: its files, the files that params are read from, its directories. Standard input
    is read once."""
    manifests = [Path(name) for name in invocation.files if name != "-"]
    values = [word.partition("=")[2] for word in invocation.params]
    manifests += [Path(value[1:]) for value in values if value.startswith("@") and value[1:2] != "@"]
    bindings = parse_workspaces(invocation.workspaces)
    directories = [Path(str(each.source["path"])) for each in bindings if each.kind == "hostPath"]
    return Watched(manifests, directories)


def keep_running(invocation: Invocation, once: Callable[[Callable[[RunSession], None]], int]) -> int:
    """Run, and again after each change, until somebody interrupts. once: one run of all, tells its session first."""
    from holkas.cli.errors import CommandError

    if "-" in invocation.files:
        raise CommandError("--watch needs files: standard input can be read only once")
    found = watched(invocation)
    with _wishes_to_end() as ended:
        while True:
            found.begin()
            because, interrupted = _one(found, once, ended)
            if interrupted or ended.is_set():
                return INTERRUPTED
            found.ended(because)
            if not because:
                click.echo("note: waits for a change; Ctrl-C ends", err=True)
                because = _wait(found, ended)
            if ended.is_set():
                return INTERRUPTED
            names = sorted(because)
            more = f" and {len(names) - 3} more" if len(names) > 3 else ""
            click.echo(f"note: changed: {', '.join(names[:3])}{more}", err=True)


@contextmanager
def _wishes_to_end() -> Iterator[threading.Event]:
    """Is set by Ctrl-C and the like between runs; while one goes, its session takes them."""
    ended = threading.Event()
    before = {number: signal.signal(number, lambda *_: ended.set()) for number in SIGNALS}
    try:
        yield ended
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _one(
    found: Watched, once: Callable[[Callable[[RunSession], None]], int], ended: threading.Event
) -> tuple[frozenset[str], bool]:
    """One run: what ended it before its time, and whether somebody interrupted it."""
    sessions: list[RunSession] = []
    because: list[frozenset[str]] = []
    over = threading.Event()

    def look() -> None:
        while not over.wait(LOOK):
            changed = found.changed_while_running()
            if changed or ended.is_set():
                because.append(changed)
                while not over.wait(LOOK / 4):
                    if sessions:
                        sessions[0].abandon()
                return

    thread = threading.Thread(target=look, name="watch", daemon=True)
    thread.start()
    try:
        once(sessions.append)
    except Exception as error:  # a file that cannot be used is mended while we wait
        if exit_code_of(error) is None:
            raise
        _show(error)
    finally:
        over.set()
        thread.join()
    interrupted = bool(sessions) and sessions[0].interrupted
    return because[0] if because else frozenset(), interrupted


def _show(error: Exception) -> None:
    from holkas.cli.render.findings import render_text

    findings = getattr(error, "findings", ())
    if findings:
        text = render_text(findings, sources=getattr(error, "sources", ()))
        print(text, end="\n\n", file=sys.stderr)
    print(render_error(error), file=sys.stderr)


def _wait(found: Watched, ended: threading.Event) -> frozenset[str]:
    """Wait for a change, and until no more follow; nothing when somebody wishes to end."""
    before = frozenset[str]()
    while not ended.wait(LOOK):
        changed = found.changed()
        if changed and changed == before:
            return changed
        before = changed
    return frozenset()
