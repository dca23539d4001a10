"""Keeps one process running: a program of its own that needs nothing but Python's standard library.

``python -I -S supervisor.py DIRECTORY``: DIRECTORY/service.json says what to run. It detaches from whoever started
it, holds the lock DIRECTORY/supervisor.lock as long as it lives, so that it is known to live without a look at process
numbers, and writes DIRECTORY/supervisor.json whenever something changes. A process that ends is started again, after a
pause that doubles each time up to 30 s and is forgotten once it has run for 10 s. SIGTERM ends the process, its group,
and then the supervisor.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

FIRST_PAUSE, LONGEST_PAUSE, GOOD_AFTER = 0.1, 30.0, 10.0
MAX_LOG = 10 * 1024 * 1024
_PR_SET_PDEATHSIG = 1


def start_time(pid: int) -> str:
    """When a process began, in the system's own words; empty when there is none. With it a number means one process."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:  # noqa: PTH123 - a start-up's cost
            fields = file.read().rpartition(")")[2].split()
        return (
            "" if fields[0] in "ZX" else fields[19]
        )  # one that has ended and that nobody has asked about is none
    except (OSError, IndexError):
        pass
    if os.path.isdir("/proc/self"):  # noqa: PTH112 - as above
        return ""
    try:
        words = ["ps", "-o", "lstart=", "-p", str(pid)]
        return subprocess.run(words, capture_output=True, text=True, timeout=5, check=False).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""


class Supervisor:
    """One process and the wish to have it running."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.spec: dict[str, Any] = json.loads((directory / "service.json").read_text(encoding="utf-8"))
        self.starts = 0
        self.last_exit: int | None = None
        self.stopping = False
        self.child: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        """Until it is told to end."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        pause = FIRST_PAUSE
        while not self.stopping:
            began = time.monotonic()
            self._start()
            self._watch()
            self._write("waiting")
            if time.monotonic() - began >= GOOD_AFTER:
                pause = FIRST_PAUSE
            self._sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        self._write("stopped")

    def _stop(self, number: int, frame: object) -> None:
        self.stopping = True

    def _start(self) -> None:
        spec = self.spec
        environ = dict(spec["environment"])
        for name in spec["secrets"]:
            environ[name] = (Path(spec["directory"]) / "secrets" / name).read_bytes()
        log = os.open(spec["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            self.starts += 1
            self.child = subprocess.Popen(
                spec["command"],
                cwd=spec["directory"],
                env={os.fsencode(key): os.fsencode(value) for key, value in environ.items()},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                umask=0o022,
                preexec_fn=_end_with_parent(),
            )
        except (OSError, ValueError) as error:
            os.write(log, f"cannot start {spec['command'][0]}: {error}\n".encode())
            self.child, self.last_exit = None, 127
        finally:
            os.close(log)
        self._write("running" if self.child else "waiting")

    def _watch(self) -> None:
        """Until the process has ended, by itself or because we are told to end."""
        if self.child is None:
            return
        killed_at = 0.0
        while (code := self._wait(0.5)) is None:
            self._shorten_log()
            if self.stopping and not killed_at:
                self._signal(signal.SIGTERM)
                killed_at = time.monotonic() + float(self.spec["stop_timeout"])
            elif killed_at and time.monotonic() > killed_at:
                self._signal(signal.SIGKILL)
        self._signal(signal.SIGKILL)  # what is left of its group
        self.last_exit, self.child = code, None

    def _wait(self, seconds: float) -> int | None:
        """The exit code, or None after some time; a signal that tells us to end cuts it short."""
        assert self.child is not None
        end = time.monotonic() + seconds
        step = 0.005
        while (code := self.child.poll()) is None and time.monotonic() < end:
            if self.stopping and seconds > 0.05:
                end = min(end, time.monotonic() + 0.05)
                seconds = 0.05
            time.sleep(step)
            step = min(step * 2, 0.05)
        return code

    def _signal(self, number: int) -> None:
        if self.child is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.child.pid, number)

    def _sleep(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not self.stopping and time.monotonic() < end:
            time.sleep(0.02)

    def _shorten_log(self) -> None:
        """Keep the newest part of a log that has grown too long, and one older file."""
        log = Path(self.spec["log"])
        with contextlib.suppress(OSError):
            if log.stat().st_size > MAX_LOG:
                log.with_suffix(".log.1").write_bytes(log.read_bytes())
                os.truncate(log, 0)

    def _write(self, state: str) -> None:
        pid = os.getpid()
        child = self.child.pid if self.child is not None else 0
        fields = {
            "state": state,
            "pid": pid,
            "start": start_time(pid),
            "child": child,
            "child_start": start_time(child) if child else "",
            "starts": self.starts,
            "last_exit": self.last_exit,
            "release": self.spec["release"],
            "time": time.time(),
        }
        new = self.directory / "supervisor.json.new"
        new.write_text(json.dumps(fields), encoding="utf-8")
        new.replace(self.directory / "supervisor.json")


def _end_with_parent() -> Any:
    """Lets the kernel end the process when we are killed; None where the kernel has no such thing."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        prctl = ctypes.CDLL(None, use_errno=True).prctl
    except (OSError, AttributeError):
        return None
    return lambda: prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def main(directory: Path) -> int:
    """Detach and supervise. The process that was called ends once the lock is taken and the process is started, or
    with 1 when another supervisor is at it."""
    lock = os.open(directory / "supervisor.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("another supervisor runs here", file=sys.stderr)
        return 1
    supervisor = Supervisor(directory)
    if os.fork():
        os._exit(0)  # the lock lives on in the child
    os.setsid()
    os.umask(0o077)
    supervisor.run()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
