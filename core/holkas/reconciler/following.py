"""Targets that tell of changes are followed, each by a thread of its own, so that nobody waits for the next look."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import Event, Thread

from holkas.extensions.target import Target
from holkas.roles.errors import ToolError

_AGAIN = 5.0
"""Seconds until a target is followed again that could not tell."""


class Following:
    """``touched`` is called at each change, from a thread. What a target does not tell is found by looking."""

    def __init__(self, touched: Callable[[], None]) -> None:
        self._touched = touched
        self._followed: set[str] = set()
        self._stop = Event()

    def follow(self, targets: Iterable[tuple[str, Target]]) -> None:
        """Follow those that are not followed yet, by name. They are followed until they are closed, or until ``stop``."""
        for name, target in targets:
            if name not in self._followed:
                self._followed.add(name)
                # Nobody waits for it: it ends when its target is closed.
                Thread(target=self._one, args=(target,), name=f"follow {name}", daemon=True).start()

    def stop(self) -> None:
        """Tell of nothing any more."""
        self._stop.set()

    def _one(self, target: Target) -> None:
        while not self._stop.is_set():
            try:
                told = target.watch()
                if told is None:
                    return
                self._touched()  # what changed before it was followed
                for _ in told:
                    if self._stop.is_set():
                        return
                    self._touched()
                return
            except ToolError:
                self._stop.wait(_AGAIN)
