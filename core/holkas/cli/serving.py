"""How ``holkas listen`` lives and ends."""

from __future__ import annotations

import queue
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING

from holkas.model.run_request import CancelMode

if TYPE_CHECKING:
    from holkas.cli.event_server import EventServer
    from holkas.cli.run_queue import RunQueue

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def serve(server: EventServer, work: RunQueue, say: Callable[[str], None], *, grace: float) -> None:
    """Serve until the first signal; then running runs have ``grace`` seconds. A second signal cancels them at once.

    A handler may interrupt any line, one that holds a lock included: it leaves the wish to a thread.
    """
    signals: queue.SimpleQueue[int | None] = queue.SimpleQueue()

    def note(number: int, frame: FrameType | None) -> None:
        signals.put(number)

    def obey() -> None:
        if signals.get() is None:
            return
        server.shutdown()
        while signals.get() is not None:
            work.cancel(CancelMode.CANCELLED)

    before = {number: signal.signal(number, note) for number in SIGNALS}
    thread = threading.Thread(target=obey, name="signals", daemon=True)
    thread.start()
    try:
        say(f"listening on {server.url}")
        server.serve_forever(poll_interval=0.2)
        server.server_close()
        _finish(work, say, grace)
    finally:
        signals.put(None)
        thread.join()
        for number, handler in before.items():
            signal.signal(number, handler)


def _finish(work: RunQueue, say: Callable[[str], None], grace: float) -> None:
    dropped = work.stop()
    waiting = f"; {dropped} waiting run{'s' if dropped > 1 else ''} dropped" if dropped else ""
    say(f"stopping{waiting}")
    if not work.join(grace):
        say(f"runs still go on after {grace:g}s: cancelling them")
        work.cancel(CancelMode.RUN_FINALLY)
        work.join()
    say("stopped")
