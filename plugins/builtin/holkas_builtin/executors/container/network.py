"""Which network a container gets: one a task, this machine's, or none."""

from __future__ import annotations

import logging
import re
import threading

from .engine import Engine

LOG = logging.getLogger(__name__)

_REFUSED = re.compile(
    r"netavark|\bcni\b|slirp4netns|pasta|iptables|nftables|nft\b|netns|network", re.IGNORECASE
)


class Networks:
    """Safe for threads. ``wanted``: ``auto``, ``task``, ``host`` or ``none``.

    With ``auto`` rootless podman takes the machine's network: its own kinds are slow, often not there, and what listens
    in them cannot be reached from here, where readiness probes ask. Elsewhere a task has one of its own, unless the
    engine cannot make any; then it is the machine's, with a warning.
    """

    def __init__(self, engine: Engine, wanted: str) -> None:
        self._lock = threading.Lock()
        self._may_change = wanted == "auto"
        self.mode = ("host" if engine.is_rootless else "task") if wanted == "auto" else wanted

    def option(self, beside: str) -> str:
        """The option for a container; ``beside``: one of the same task that already runs, by name."""
        if self.mode != "task":
            return f"--network={self.mode}"
        return f"--network=container:{beside}" if beside else ""

    def refused(self, why: str) -> bool:
        """Whether it is worth trying again with another network after the engine said ``why``."""
        with self._lock:
            if not (self._may_change and _REFUSED.search(why)):
                return False
            if self.mode == "task":
                LOG.warning("no network of its own for a task: it is this machine's (%s)", why)
                self.mode = "host"
            return True
