"""The agent's side of the supervisor: start it, end it, ask what it does."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from holkas.records import dataclass
from holkas.roles.errors import ToolError
from holkas.state.durable import write_durably
from holkas.state.lock import is_owned

from .supervisor import start_time

_PROGRAM = Path(__file__).with_name("supervisor.py")
_PATIENCE = 10.0
_INHERITED = (
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "LANG",
    "LC_ALL",
    "TZ",
    "TMPDIR",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceStatus:
    """supervised: somebody keeps it running. running: it runs now. starts: how often it was started since it was
    deployed. last_exit: its last exit code. release: number of the release that it belongs to."""

    supervised: bool = False
    running: bool = False
    starts: int = 0
    last_exit: int | None = None
    release: int = 0


class Service:
    """The supervised process of one environment. ``directory``: where the supervisor's files are."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lock = directory / "supervisor.lock"

    def start(self, spec: Mapping[str, Any]) -> None:
        """Start a supervisor with these words, environment and directory; :meth:`stop` comes before.

        Raises ToolError, OSError.
        """
        # what is there from now on is the new one's
        (self._directory / "supervisor.json").unlink(missing_ok=True)
        write_durably(self._directory / "service.json", json.dumps(dict(spec)).encode())
        with (self._directory / "supervisor.log").open("ab") as log:
            process = subprocess.run(
                [sys.executable, "-I", "-S", str(_PROGRAM), str(self._directory)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
                timeout=_PATIENCE,
                check=False,
            )
        if process.returncode:
            raise ToolError(
                f"the supervisor in {self._directory} does not start: exit code {process.returncode}"
            )
        _await(lambda: self.status().starts > 0 or not is_owned(self._lock), _PATIENCE)

    def stop(self, patience: float) -> None:
        """End the process and its supervisor, and come back when both are gone; nothing where none runs.

        patience: seconds between SIGTERM and SIGKILL, as the supervisor knows them. Raises ToolError when it does not
        end.
        """
        if is_owned(self._lock):
            _await(lambda: self._own() is not None or not is_owned(self._lock), _PATIENCE)
            self._tell(signal.SIGTERM)
            if not _await(lambda: not is_owned(self._lock), patience + _PATIENCE):
                self._tell(signal.SIGKILL)
                if not _await(lambda: not is_owned(self._lock), _PATIENCE):
                    raise ToolError(f"the supervisor in {self._directory} does not end")
        self._end_left()

    def status(self) -> ServiceStatus:
        """What it does now."""
        fields = self._own() if is_owned(self._lock) else None
        if fields is None:
            return ServiceStatus(supervised=is_owned(self._lock))
        return ServiceStatus(
            supervised=True,
            running=fields["state"] == "running"
            and start_time(int(fields["child"])) == fields["child_start"],
            starts=int(fields["starts"]),
            last_exit=fields["last_exit"],
            release=int(fields["release"]),
        )

    def _fields(self) -> dict[str, Any] | None:
        try:
            fields = json.loads((self._directory / "supervisor.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return fields if isinstance(fields, dict) else None

    def _own(self) -> dict[str, Any] | None:
        """What the supervisor that lives now has written; None when it has not yet."""
        fields = self._fields()
        if fields is None or not fields.get("start") or start_time(int(fields["pid"])) != fields["start"]:
            return None
        return fields

    def _tell(self, number: int) -> None:
        """A signal to our very supervisor: its number, its start and its lock are looked at."""
        fields = self._own()
        if fields is None:
            return
        pid = int(fields["pid"])
        with contextlib.suppress(ProcessLookupError):
            if not hasattr(os, "pidfd_open"):
                os.kill(pid, number)
                return
            descriptor = os.pidfd_open(pid)
            try:
                if start_time(pid) == fields["start"] and is_owned(self._lock):
                    signal.pidfd_send_signal(descriptor, number)
            finally:
                os.close(descriptor)

    def _end_left(self) -> None:
        """End the process that a killed supervisor left, if it is still the same."""
        fields = self._fields()
        if fields is None or not fields.get("child_start"):
            return
        pid, began = int(fields["child"]), str(fields["child_start"])
        if pid > 1 and start_time(pid) == began:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
            _await(lambda: start_time(pid) != began, _PATIENCE)


def base_environment() -> dict[str, str]:
    """The few variables of ours that a deployed process gets."""
    return {name: os.environ[name] for name in _INHERITED if name in os.environ}


def _await(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether it holds within some seconds."""
    end, pause = time.monotonic() + seconds, 0.002
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
        pause = min(pause * 2, 0.05)
    return True
