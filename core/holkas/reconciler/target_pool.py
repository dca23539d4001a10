"""The targets that applications go to, one for each destination, made when first needed."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from holkas.extensions.target import Target
from holkas.gitops.identity import Tracking
from holkas.reconciler.live_view import LiveView

Make = Callable[[str], Target]
"""Makes the target of a destination, which is given by its name."""


class TargetPool:
    """Safe for threads. ``make`` may be called for the same destination once only."""

    def __init__(self, make: Make) -> None:
        self._make = make
        self._tracking = Tracking()
        self._views: dict[str, LiveView] = {}
        self._lock = Lock()

    def view(self, destination: str) -> LiveView:
        """What is live at a destination. Raises what making the target raises."""
        with self._lock:
            found = self._views.get(destination)
            if found is None:
                found = self._views[destination] = LiveView(self._make(destination), self._tracking)
            return found

    def track(self, tracking: Tracking) -> None:
        """Say how resources tell whose they are, here and in views that are made later."""
        with self._lock:
            self._tracking = tracking
            for view in self._views.values():
                view.track(tracking)

    def views(self) -> list[tuple[str, LiveView]]:
        """All that were asked for, by destination."""
        with self._lock:
            return sorted(self._views.items())

    def close(self) -> None:
        """Give everything back."""
        for _, view in self.views():
            view.target.close()
