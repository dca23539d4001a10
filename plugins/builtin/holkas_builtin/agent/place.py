"""The directory of an environment: releases side by side, a link to the present one, and what is known of both.

``current`` → ``releases/7``; ``releases/N`` is never changed once it has its name. ``data`` is the application's own
and outlives releases. ``.holkas`` holds the agent's: ``lock``, ``history.json`` (numbers in the order in which they
were in place, the present one last), the supervisor's files. The link is the truth; the history follows it.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from holkas.roles.errors import Retryable
from holkas.state.durable import sync_directory, write_durably

_TARGET = re.compile(r"releases/(\d+)")


class EnvironmentPlace:
    """Where an environment lies. Methods raise OSError."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.releases = directory / "releases"
        self.data = directory / "data"
        self.own = directory / ".holkas"
        self.link = directory / "current"
        self._history = self.own / "history.json"

    def make(self) -> list[str]:
        """Make the directories that are missing; their names."""
        made = []
        for path in (self.directory, self.releases, self.data, self.own):
            if not path.is_dir():
                path.mkdir(parents=True, mode=0o700 if path == self.own else 0o755)
                made.append(path.name)
        return made

    def release(self, number: int) -> Path:
        """The directory of a release."""
        return self.releases / str(number)

    def current(self) -> int:
        """Number of the release in place; 0 for none."""
        try:
            target = os.readlink(self.link)  # noqa: PTH115 - the text as it stands
        except OSError:
            return 0
        match = _TARGET.fullmatch(target)
        return int(match[1]) if match and self.release(int(match[1])).is_dir() else 0

    def history(self) -> list[int]:
        """Numbers of releases that were in place and are still there, the present one last."""
        try:
            numbers = json.loads(self._history.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            numbers = []
        known = [one for one in numbers if isinstance(one, int)] if isinstance(numbers, list) else []
        present = self.current()
        known = [one for one in known if one != present and self.release(one).is_dir()]
        return [*known, present] if present else known

    def next_number(self) -> int:
        """A number that no release has, nor had as long as it is remembered."""
        names = [int(path.name) for path in self.releases.glob("[0-9]*") if path.name.isdigit()]
        return max([*names, *self.history(), 0]) + 1

    def switch(self, number: int) -> None:
        """Let ``current`` be a release: readers see the old one or the new one, and nothing between."""
        before = self.history()
        new = self.own / "current.new"
        new.unlink(missing_ok=True)
        new.symlink_to(f"releases/{number}")
        new.replace(self.link)
        sync_directory(self.directory)
        self._remember([*(one for one in before if one != number), number])

    def prune(self, keep: int) -> None:
        """Remove what was never in place, and the oldest releases beyond ``keep``."""
        history = self.history()
        kept = history[-keep:]
        if kept != history:
            self._remember(kept)
        self.sweep(kept)

    def sweep(self, kept: Sequence[int] | None = None) -> None:
        """Remove what a killed agent left: releases that are in no history, and parts of such."""
        names = {str(number) for number in (self.history() if kept is None else kept)}
        for path in self.releases.iterdir():
            if path.name not in names:
                _make_removable(path)
                shutil.rmtree(path, ignore_errors=True)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One agent at a time. Raises Retryable when another one is at it."""
        self.own.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self.own / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Retryable(f"another process is changing {self.directory}") from None
            yield
        finally:
            os.close(descriptor)

    def _remember(self, numbers: Sequence[int]) -> None:
        write_durably(self._history, json.dumps(list(numbers)).encode())


def _make_removable(path: Path) -> None:
    """Give back the right to remove files in directories that somebody made read-only."""
    for place, _, _ in os.walk(path):
        with contextlib.suppress(OSError):
            Path(place).chmod(0o700)
