"""The loop as a long-running process: when it looks, who leads, and how it ends."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable
from threading import Event

from holkas.extensions.target import Target
from holkas.reconciler.following import Following
from holkas.reconciler.metrics import Metrics
from holkas.reconciler.reconciler import Pass, Reconciler
from holkas.records import dataclass
from holkas.state.errors import StateUnusable
from holkas.state.lock import OwnerLock

_STANDBY = 1.0
"""Seconds between tries to become the leader."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """Seconds. interval: between looks at the sources, and up to ``jitter`` more, so that many watchers do not ask at
    once. live: between looks at the targets. whole: between looks at everything, whatever has changed."""

    interval: float = 60.0
    jitter: float = 15.0
    live: float = 5.0
    whole: float = 3600.0


_GATHER = 0.05
"""Seconds in which changes that come together are gathered, so that a storm of them is a few passes."""

Targets = Callable[[], Iterable[tuple[str, Target]]]
"""The targets that are kept, by the names of their destinations."""


class Watch:
    """Looks again and again until :meth:`stop`. ``poke`` makes it look at the sources at once, ``touch`` at the targets.

    targets: followed where they tell of changes, so that drift is seen when it comes and not at the next look.
    """

    def __init__(
        self,
        reconciler: Reconciler,
        lock: OwnerLock,
        rhythm: Rhythm,
        metrics: Metrics,
        *,
        say: Callable[[str], None],
        targets: Targets = tuple,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._reconciler = reconciler
        self._lock = lock
        self._rhythm = rhythm
        self._metrics = metrics
        self._say = say
        self._clock = clock
        self._wake = Event()
        self._stop = Event()
        self._poked = Event()
        self._touched = Event()
        self._targets = targets
        self._following = Following(self.touch)

    @property
    def stopping(self) -> bool:
        """Whether it is to end."""
        return self._stop.is_set()

    def stop(self) -> None:
        """End after what is being done; may be called from any thread, and from a signal handler's."""
        self._stop.set()
        self._wake.set()

    def poke(self) -> None:
        """Look at the sources now: somebody said that there is something new."""
        self._poked.set()
        self._wake.set()

    def touch(self) -> None:
        """Look at the targets now: something is no longer as it was."""
        self._touched.set()
        self._wake.set()

    def run(self) -> None:
        """Lead, if need be after waiting for it, and look until the end."""
        if not self._lead():
            return
        try:
            self._metrics.leads(True)
            self._loop()
        finally:
            self._following.stop()
            self._metrics.leads(False)
            self._lock.release()

    def _lead(self) -> bool:
        told = False
        while not self.stopping:
            if self._lock.take():
                return True
            if not told:
                self._say("another watch leads; this one stands by")
                told = True
            self._stop.wait(_STANDBY)
        return False

    def _loop(self) -> None:
        sources_at = whole_at = 0.0
        while not self.stopping:
            self._wake.clear()
            if self._touched.is_set():
                self._stop.wait(_GATHER)
                self._touched.clear()
            now = self._clock()
            poked = self._poked.is_set()
            self._poked.clear()
            render, whole = poked or now >= sources_at, now >= whole_at
            if render:
                sources_at = now + self._rhythm.interval + random.uniform(0, self._rhythm.jitter)  # noqa: S311 - no secret
            if whole:
                whole_at = now + self._rhythm.whole
            done = self._pass(render=render, whole=whole)
            self._following.follow(self._targets())
            soonest = [sources_at, whole_at, self._clock() + self._rhythm.live]
            if done.due is not None:
                soonest.append(done.due)
            self._wake.wait(max(0.05, min(soonest) - self._clock()))

    def _pass(self, *, render: bool, whole: bool) -> Pass:
        started = time.perf_counter()
        try:
            done = self._reconciler.run_pass(whole=whole, render=render)
        except StateUnusable as error:  # a full disk: nothing is done that cannot be recorded
            self._say(str(error))
            done = Pass(errors=1, due=self._clock() + 10.0)
        self._metrics.passed(done, time.perf_counter() - started, self._reconciler.statuses)
        return done
