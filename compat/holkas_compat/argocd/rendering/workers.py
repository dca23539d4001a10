"""Worker processes: started when first needed, kept warm, replaced when they die or take too long."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Any

from .failure import RenderFailure
from .worker import MAX_OUTPUT

TIME_LIMIT = 90.0
"""Seconds for one render. Source: Argo CD, ARGOCD_EXEC_TIMEOUT."""

_MODULE = "holkas_compat.argocd.rendering.worker"


class Workers:
    """At most ``count`` processes. Safe for threads."""

    def __init__(self, count: int = 0, time_limit: float = TIME_LIMIT) -> None:
        self._limit = time_limit
        self._idle: list[_Worker] = []
        self._lock = threading.Lock()
        self._free = threading.BoundedSemaphore(count or max(2, os.cpu_count() or 1))

    def ask(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a request. Raises RenderFailure R104 when it takes too long or too much."""
        data = json.dumps(request).encode()
        with self._free:
            with self._lock:
                worker = self._idle.pop() if self._idle else None
            if worker is None:
                worker = _Worker()
            try:
                answer = worker.talk(data, self._limit)
            except BaseException:
                worker.end()
                raise
            with self._lock:
                self._idle.append(worker)
        return answer

    def close(self) -> None:
        """End the processes."""
        with self._lock:
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.end()


class _Worker:
    def __init__(self) -> None:
        path = os.pathsep.join(entry for entry in sys.path if entry)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-s", "-m", _MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={"PYTHONPATH": path, "LC_ALL": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0"},
            start_new_session=True,
        )

    def talk(self, data: bytes, limit: float) -> dict[str, Any]:
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        late = threading.Event()

        def stop() -> None:
            late.set()
            self._kill()

        timer = threading.Timer(limit, stop)
        timer.daemon = True
        timer.start()
        try:
            process.stdin.write(b"%d\n" % len(data) + data)
            process.stdin.flush()
            header = process.stdout.readline(32)
            size = int(header) if header.strip().isdigit() else -1
            answer = process.stdout.read(size) if 0 <= size <= MAX_OUTPUT * 2 else b""
        except BrokenPipeError:
            size, answer = -1, b""
        finally:
            timer.cancel()
            timer.join()
        if size < 0 or len(answer) != size:
            why = (
                f"takes longer than {limit:g} s"
                if late.is_set()
                else "needs too much memory, or ended unasked"
            )
            raise RenderFailure("R104", f"rendering {why}")
        made: dict[str, Any] = json.loads(answer)
        return made

    def end(self) -> None:
        """Kill it with all that it started."""
        self._kill()
        self._process.communicate()

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
