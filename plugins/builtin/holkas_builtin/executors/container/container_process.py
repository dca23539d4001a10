"""A started container: the engine's client that waits for it, and the container itself."""

from __future__ import annotations

import threading
from collections.abc import Callable

from holkas.extensions.executor import ExecutorError

from holkas_builtin.executors.closable import Closable
from holkas_builtin.executors.host_process import HostProcess

from .engine import Engine, EngineError

_KILLED = 128 + 9
_GONE = 10.0
"""Seconds in which the client of a killed container must end."""


class ContainerProcess(Closable):
    """``judge``: looks at an exit code that may mean that there was nothing to start, and gives the error or None.

    is_limited: whether its memory is. Engines do not always see why the kernel killed (conmon misses it on hybrid
    control groups), so SIGKILL from somebody else counts as the kernel's where there is a limit.
    """

    def __init__(
        self,
        engine: Engine,
        name: str,
        client: HostProcess,
        *,
        image: str = "",
        is_limited: bool = False,
        address: Callable[[], str] = lambda: "127.0.0.1",
        judge: Callable[[int], ExecutorError | None] = lambda code: None,
    ) -> None:
        self.name = name
        self._engine = engine
        self._client = client
        self._image = image
        self._is_limited = is_limited
        self._address = address
        self._judge = judge
        self._lock = threading.Lock()
        self._code: int | None = None
        self._ended_by_us = False
        self._reason = ""

    @property
    def image(self) -> str:
        """The image by digest."""
        return self._image

    @property
    def reason(self) -> str:
        """``OOMKilled`` where the engine says so."""
        return self._reason

    @property
    def address(self) -> str:
        """Where its ports are reached from here."""
        return self._address()

    def fileno(self) -> int:
        """The client's: it ends after the container."""
        return self._client.fileno()

    def wait(self, timeout: float | None = None) -> int | None:
        """The container's exit code; see :meth:`Process.wait`. What there is to find out is found out once."""
        code = self._client.wait(timeout)
        if code is None:
            return None
        with self._lock:
            if self._code is not None:
                return self._code
            self._code = code
            if self._ended_by_us:
                return code
            if code == _KILLED:
                self._reason = "OOMKilled" if self._is_limited or self._ran_out() else ""
            error = self._judge(code)
        if error is not None:
            raise error
        return code

    def terminate(self, grace: float = 0.0) -> None:
        """SIGTERM to the container, ``grace`` seconds later SIGKILL, which takes all of its processes."""
        if self._client.wait(0) is not None:
            return
        self._ended_by_us = True
        if grace > 0:
            self._kill("TERM")
            if self._client.wait(grace) is not None:
                return
        self._kill("KILL")
        if self._client.wait(_GONE) is None:
            self._remove()
            self._client.terminate()

    def wait_quietly(self) -> int | None:
        """The client's exit code if it has ended, whatever that may mean."""
        return self._client.wait(0)

    def forget(self) -> None:
        """It is about to be removed by somebody who has all of a task's containers."""
        self._ended_by_us = True

    def close(self) -> None:
        """Give the descriptor back; the client must have ended."""
        self._client.close()

    def _kill(self, signal: str) -> None:
        try:
            self._engine.call("kill", f"--signal={signal}", self.name)
        except EngineError:
            return  # it has just ended, or is not there yet: the client tells

    def _remove(self) -> None:
        try:
            self._engine.call(*self._engine.removal, self.name)
        except EngineError:
            return

    def _ran_out(self) -> bool:
        try:
            said = self._engine.call("inspect", "--format={{.State.OOMKilled}}", self.name)
        except EngineError:
            return False
        return said.strip() == "true"
