"""The command line, as a function in this process and as a process of its own, with a state directory of the test."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from holkas.cli.main import main
from holkas.state.lock import is_owned

_NUMBERS = count(1)


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Shell:
    """Starts ``python -m holkas`` in a directory of its own."""

    directory: Path
    env: dict[str, str] = field(default_factory=dict)
    seconds: str = field(default_factory=lambda: f"4321.{os.getpid()}{next(_NUMBERS)}")
    """A time that nobody else on this machine sleeps, by which the test finds its own processes."""

    @property
    def state(self) -> Path:
        return self.directory / "state"

    def file(self, name: str, text: str) -> Path:
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
        return path

    def environment(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("HOLKAS_")}
        kept.pop("CI", None)
        own = {"HOLKAS_STATE_DIR": str(self.state), "XDG_CONFIG_HOME": str(self.directory / "xdg")}
        return {**kept, **own, "HOLKAS_RUN_EXECUTOR": "process", **self.env, **(more or {})}

    def start(
        self, *words: str, env: Mapping[str, str] | None = None, **options: Any
    ) -> subprocess.Popen[bytes]:
        streams = {
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
        } | options
        return subprocess.Popen(
            [sys.executable, "-m", "holkas", *words], cwd=self.directory, env=self.environment(env), **streams
        )

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """kill -9, and wait until its runs are nobody's: a step that just starts has their locks until it does."""
        process.send_signal(signal.SIGKILL)
        process.communicate()
        eventually(lambda: not any(map(is_owned, (self.state / "runs").glob("*/lock"))))

    def __call__(self, *words: str, stdin: str | None = None, env: Mapping[str, str] | None = None) -> Said:
        pipe = subprocess.DEVNULL if stdin is None else subprocess.PIPE
        process = self.start(*words, env=env, stdin=pipe)
        out, err = process.communicate(None if stdin is None else stdin.encode(), timeout=120)
        said = Said(process.returncode, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"))
        assert "Traceback" not in said.err, said.err
        return said


@dataclass
class Commands:
    """Calls the command line in this process."""

    directory: Path
    capsys: pytest.CaptureFixture[str]

    def __call__(self, *words: str) -> Said:
        self.capsys.readouterr()
        code = main(words)
        out, err = self.capsys.readouterr()
        assert "Traceback" not in err, err
        return Said(code, out, err)

    def file(self, name: str, text: str) -> Path:
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
        return path


def eventually(holds: Callable[[], object], seconds: float = 90.0) -> None:
    """Wait until something holds; fail when it never does."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.02)


def processes_with(text: str) -> list[int]:
    """Processes of this machine whose command line holds a text (a number of seconds that nobody else sleeps)."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                words = (entry / "cmdline").read_bytes()
                state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
            except OSError:
                continue
            if text.encode() in words and state != "Z":
                found.append(int(entry.name))
    return found
