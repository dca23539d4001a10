"""Leases that are held: renewed when two thirds of their time are over, until they are given back."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from threading import Condition, Thread

from holkas.records import dataclass
from holkas.roles.errors import Retryable, ToolError

log = logging.getLogger("holkas_vault")
_LEAST = 1.0
"""Seconds between two renewals of a lease, at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A lease of ``duration`` seconds from ``granted``, and when it is renewed; ``None`` for never."""

    id: str
    granted: float
    duration: float
    renewable: bool
    at: float | None = None


def held(id: str, granted: float, duration: float, renewable: bool) -> Held:
    """A lease with the moment when it is to be renewed."""
    at = granted + max(duration * 2 / 3, _LEAST) if renewable and duration else None
    return Held(id=id, granted=granted, duration=duration, renewable=renewable, at=at)


class Keeper:
    """What is held. ``renew`` is called by a thread of the keeper's with a lease's id, and gives the lease anew.

    The thread is there as long as something has to be renewed.
    """

    def __init__(self, renew: Callable[[str], Held], *, clock: Callable[[], float] = time.time) -> None:
        self._renew = renew
        self._clock = clock
        self._held: dict[str, Held] = {}
        self._changed = Condition()
        self._thread: Thread | None = None
        self._closed = False

    def hold(self, lease: Held) -> None:
        """Keep a lease, or its newer form."""
        with self._changed:
            if self._closed:
                return
            self._held[lease.id] = lease
            if lease.at is not None and self._thread is None:
                self._thread = Thread(target=self._run, name="holkas-vault-leases", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def drop(self, id: str) -> None:
        """Keep it no longer."""
        with self._changed:
            self._held.pop(id, None)

    def ids(self) -> tuple[str, ...]:
        """What is held, oldest first."""
        with self._changed:
            return tuple(self._held)

    def close(self) -> None:
        """End the thread; what is held stays known, so that it can be revoked."""
        with self._changed:
            self._closed = True
            thread, self._thread = self._thread, None
            self._changed.notify_all()
        if thread is not None:
            thread.join()

    def renew_due(self) -> float | None:
        """Renew what has to be; seconds until the next one, None where there is none."""
        now = self._clock()
        with self._changed:
            due = [lease for lease in self._held.values() if lease.at is not None and lease.at <= now]
        for lease in due:
            newer = self._renewed(lease)
            with self._changed:
                if self._held.get(lease.id) is lease:  # nobody gave it back meanwhile
                    self._held[lease.id] = newer
        with self._changed:
            coming = [lease.at for lease in self._held.values() if lease.at is not None]
        return max(0.0, min(coming) - self._clock()) if coming else None

    def _renewed(self, lease: Held) -> Held:
        try:
            return self._renew(lease.id)
        except Retryable as error:
            log.warning("a lease of Vault cannot be renewed yet: %s", error)
            left = max(lease.granted + lease.duration - self._clock(), 0.0)
            return Held(
                id=lease.id,
                granted=lease.granted,
                duration=lease.duration,
                renewable=True,
                at=self._clock() + max(left / 3, _LEAST) if left else None,
            )
        except ToolError as error:
            log.warning("a lease of Vault cannot be renewed: %s", error)
            return held(lease.id, lease.granted, lease.duration, False)

    def _run(self) -> None:
        while True:
            wait = self.renew_due()
            with self._changed:
                if self._closed:
                    return
                self._changed.wait(timeout=wait)
                if self._closed:
                    return
