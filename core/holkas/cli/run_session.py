"""Follows runs for a person: shows them, and turns Ctrl-C into a cancellation that still runs the finally tasks."""

from __future__ import annotations

import queue
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import TextIO

from holkas.cli.app import App
from holkas.cli.render.progress_view import ProgressView
from holkas.cli.render.run_summary import summary_lines
from holkas.model.record import RunRecord
from holkas.model.run_event import RunEvent
from holkas.model.run_request import CancelMode, RunRequest
from holkas.roles.build_server import BuildServer
from holkas.state.masking import Masker
from holkas.state.projection import RunView
from holkas.state.run_directory import RunDirectory

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class RunSession:
    """Runs of one command, one after the other.

    interrupted: set once somebody asked for the end. abandoned: set once the runs are of no use any more.
    """

    def __init__(self, server: BuildServer, app: App, out: TextIO) -> None:
        self._server = server
        self._app = app
        self._out = out
        self.interrupted = False
        self.abandoned = False
        self._going = ""

    def abandon(self) -> None:
        """End the run that goes, and begin no other; may be called by any thread, and more than once."""
        self.abandoned = True
        if self._going:
            self._server.cancel(self._going, CancelMode.CANCELLED)

    def carry_out(self, request: RunRequest, progress: ProgressView, resumed: str = "") -> RunRecord:
        """Start a run, or go on with the one that is ``resumed``; show it to its end, and say how it ended."""
        if resumed:
            self._server.resume(resumed, request)
        run_id = resumed or self._server.start(request)
        self._going = run_id
        if self.abandoned:
            self.abandon()
        view = RunView(name=request.run.name)
        with self._cancelling(lambda mode: self._server.cancel(run_id, mode)):
            try:
                for events in self._events(run_id):
                    for event in events:
                        view.apply(event)
                    progress.events(events)
            finally:
                self._going = ""
                progress.close()
        if progress.summary == "always" or (progress.summary == "failure" and view.status != "True"):
            self._summarise(run_id, view, request)
        return self._server.record(run_id)

    def _events(self, run_id: str) -> Iterator[Sequence[RunEvent]]:
        if "follow-together" in self._server.capabilities:
            return self._server.follow_together(run_id)
        return ((event,) for event in self._server.follow(run_id))

    def _summarise(self, run_id: str, view: RunView, request: RunRequest) -> None:
        directory = RunDirectory(self._app.state / "runs" / run_id).path
        secrets = Masker.of_catalog(request.catalog)
        command = [secrets.mask_text(word) for word in request.command]
        self._out.write("".join(f"{line}\n" for line in summary_lines(view, directory, command)))
        self._out.flush()

    @contextmanager
    def _cancelling(self, cancel: Callable[[CancelMode], None]) -> Iterator[None]:
        """The first signal cancels and runs finally, the second ends everything at once.

        A handler may interrupt any line, one that holds a lock included: it leaves the wish to a thread.
        """
        wishes: queue.SimpleQueue[CancelMode | None] = queue.SimpleQueue()

        def wish(number: int, frame: FrameType | None) -> None:
            wishes.put(CancelMode.CANCELLED if self.interrupted else CancelMode.RUN_FINALLY)
            self.interrupted = True

        def carry_on() -> None:
            while (mode := wishes.get()) is not None:
                cancel(mode)

        thread = threading.Thread(target=carry_on, name="cancel", daemon=True)
        thread.start()
        before = {number: signal.signal(number, wish) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            wishes.put(None)
            thread.join()
