"""Evaluates expressions in a process that is ended when it takes too long.

An expression is the author's, but the event that it goes through is a stranger's: a filter with two nested macros takes
hours on a list that is long enough, and nothing stops the library from within.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

TIME_LIMIT = 5.0
"""Seconds for all expressions of one interceptor."""

_START_LIMIT = 60.0
_MODULE = "holkas_compat.tekton.triggers.cel.worker"


class ExpressionError(Exception):
    """An expression cannot be evaluated. ``index``: which one, -1 where none can be blamed."""

    def __init__(self, message: str, index: int = -1) -> None:
        super().__init__(message)
        self.index = index


class Evaluator:
    """The process, started with the first expression. Safe for threads, one request at a time."""

    def __init__(self, time_limit: float = TIME_LIMIT) -> None:
        self._limit = time_limit
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def evaluate(
        self, expressions: Sequence[str], variables: Mapping[str, Any], secrets: Mapping[str, bytes]
    ) -> list[Any]:
        """The values of expressions in JSON's types. Raises ExpressionError."""
        encoded = {name: base64.b64encode(value).decode() for name, value in secrets.items()}
        request = {"expressions": list(expressions), "variables": dict(variables), "secrets": encoded}
        line = json.dumps(request).encode() + b"\n"
        with self._lock:
            answer = self._ask(line)
        if "error" in answer:
            raise ExpressionError(str(answer["error"]), int(answer["index"]))
        values = answer["values"]
        assert isinstance(values, list)
        return values

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, line: bytes) -> dict[str, Any]:
        if self._process is None:
            self._process = _start()
            self._talk(self._process, b"", _START_LIMIT)
        answer = self._talk(self._process, line, self._limit)
        made = json.loads(answer, parse_int=float)
        assert isinstance(made, dict)
        return made

    def _talk(self, process: subprocess.Popen[bytes], line: bytes, limit: float) -> bytes:
        """Send a line and read one; the process is killed when ``limit`` seconds are over."""
        assert process.stdin is not None
        assert process.stdout is not None
        timer = threading.Timer(limit, process.kill)
        timer.daemon = True
        timer.start()
        try:
            process.stdin.write(line)
            process.stdin.flush()
            answer = process.stdout.readline()
        except BrokenPipeError:
            answer = b""
        finally:
            timer.cancel()
            timer.join()
        if not answer.endswith(b"\n"):
            self._end()
            said = (
                f"took more than {limit:g} seconds, or too much memory" if line else "cannot be started here"
            )
            raise ExpressionError(f"the evaluation {said}")
        return answer

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()


def _start() -> subprocess.Popen[bytes]:
    """Only our own path is searched, and a terminal's interrupt does not reach it."""
    path = os.pathsep.join(entry for entry in sys.path if entry)
    return subprocess.Popen(
        [sys.executable, "-P", "-m", _MODULE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
        start_new_session=True,
    )
