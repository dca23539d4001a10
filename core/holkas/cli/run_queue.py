"""Runs that events asked for: a bounded queue, and threads that carry them out, each run with its own build server."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence

from holkas.model.run_event import RunEventKind
from holkas.model.run_request import CancelMode, RunRequest
from holkas.roles.build_server import BuildServer

MakeServer = Callable[[], BuildServer]
Say = Callable[[str], None]


class RunQueue:
    """Carries out at most ``parallel`` runs at once; at most ``limit`` wait.

    make: a build server for one run, so that a process that serves for weeks keeps nothing of finished ones.
    say: a line for the log.
    """

    def __init__(self, make: MakeServer, say: Say, *, parallel: int = 1, limit: int = 100) -> None:
        self._make = make
        self._say = say
        self._limit = limit
        self._waiting: deque[RunRequest] = deque()
        self._running: dict[str, BuildServer] = {}
        self._changed = threading.Condition()
        self._stopped = False
        self._mode: CancelMode | None = None
        self._threads = [
            threading.Thread(target=self._work, name=f"runs-{number}", daemon=True)
            for number in range(parallel)
        ]
        for thread in self._threads:
            thread.start()

    def put(self, requests: Sequence[RunRequest]) -> bool:
        """Take all of them, or none when they do not fit."""
        with self._changed:
            if self._stopped or len(self._waiting) + len(requests) > self._limit:
                return False
            self._waiting += requests
            self._changed.notify(len(requests))
            return True

    def stop(self) -> int:
        """Take no more and forget those that wait; how many these are."""
        with self._changed:
            self._stopped = True
            dropped = len(self._waiting)
            self._waiting.clear()
            self._changed.notify_all()
            return dropped

    def cancel(self, mode: CancelMode) -> None:
        """Ask the running ones to end, those too that are just about to start."""
        with self._changed:
            self._mode = mode
            running = list(self._running.items())
        for run_id, server in running:
            server.cancel(run_id, mode)

    def join(self, timeout: float | None = None) -> bool:
        """Wait for the end of the running ones after :meth:`stop`; whether all have ended within ``timeout`` seconds."""
        end = None if timeout is None else time.monotonic() + timeout
        for thread in self._threads:
            thread.join(None if end is None else max(0.0, end - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._stopped:
                    self._changed.wait()
                if self._stopped:
                    return
                request = self._waiting.popleft()
            self._carry_out(request)

    def _carry_out(self, request: RunRequest) -> None:
        name, started = request.run.name, time.monotonic()
        try:
            reason = self._one(request)
        except Exception as error:  # one run that cannot be carried out must not end the thread of all others
            self._say(f"run={name} not carried out: {type(error).__name__}: {error}")
            return
        self._say(f"run={name} {reason} in {time.monotonic() - started:.1f}s")

    def _one(self, request: RunRequest) -> str:
        server = self._make()
        run_id = ""
        try:
            run_id = server.start(request)
            with self._changed:
                self._running[run_id] = server
                mode = self._mode
            if mode is not None:
                server.cancel(run_id, mode)
            reason = "ended"
            for event in server.follow(run_id):
                if event.kind is RunEventKind.RUN_FINISHED:
                    reason = str(event.data.get("reason") or reason)
            return reason
        finally:
            with self._changed:
                self._running.pop(run_id, None)
            server.close()
