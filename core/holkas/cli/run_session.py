"""Follows runs for a person: shows them, and turns Ctrl-C into a cancellation that still runs the finally tasks."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TextIO

from holkas.cli.app import App
from holkas.cli.render.progress import ProgressView
from holkas.cli.render.run_summary import summary_lines
from holkas.model.record import RunRecord
from holkas.model.run_request import CancelMode, RunRequest
from holkas.roles.build_server import BuildServer
from holkas.state.projection import RunView
from holkas.state.run_directory import RunDirectory

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class RunSession:
    """Runs of one command, one after the other. ``interrupted`` is set once somebody asked for the end."""

    def __init__(self, server: BuildServer, app: App, out: TextIO) -> None:
        self._server = server
        self._app = app
        self._out = out
        self.interrupted = False

    def carry_out(self, request: RunRequest, progress: ProgressView) -> RunRecord:
        """Start a run, show it to its end, and say how it ended."""
        run_id = self._server.start(request)
        view = RunView(name=request.run.name)
        with self._cancelling(run_id):
            try:
                for event in self._server.follow(run_id):
                    view.apply(event)
                    progress.event(event)
            finally:
                progress.close()
        directory = RunDirectory(self._app.state / "runs" / run_id).path
        for line in summary_lines(view, directory, request.command):
            self._out.write(line + "\n")
        self._out.flush()
        return self._server.record(run_id)

    @contextmanager
    def _cancelling(self, run_id: str) -> Iterator[None]:
        """The first signal cancels and runs finally, the second ends everything at once."""

        def cancel(number: int, frame: FrameType | None) -> None:
            mode = CancelMode.CANCELLED if self.interrupted else CancelMode.RUN_FINALLY
            self.interrupted = True
            self._server.cancel(run_id, mode)

        before = {number: signal.signal(number, cancel) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
