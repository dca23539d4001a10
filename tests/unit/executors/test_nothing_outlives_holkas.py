"""A holkas that is killed with SIGKILL in the middle of a run leaves no process of its steps."""

from __future__ import annotations

import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest
from holkas.extensions.executor import Command, ExecutorError, Place
from holkas_builtin.executors.launcher_client import LauncherError
from holkas_builtin.executors.process import ProcessExecutor
from holkas_builtin.executors.sandbox import SandboxExecutor

HOLKAS = """
import os, sys, time
from pathlib import Path
from holkas.extensions.executor import Command, Place
from holkas_builtin.executors.{module} import {name}

executor = {name}()
session = executor.open(Place(directory=Path(sys.argv[1])))
token = sys.argv[2]
script = "trap '' TERM HUP INT; setsid sleep TOKEN & (sleep TOKEN &) ; sleep TOKEN".replace("TOKEN", token)
with open(os.devnull, "wb") as sink:
    for _ in range(3):
        session.start(Command(argv=("sh", "-c", script)), stdout=sink.fileno(), stderr=sink.fileno())
print("ready", flush=True)
time.sleep(600)
"""


@pytest.fixture
def executor():
    executor = SandboxExecutor()
    if reason := executor.check():
        pytest.skip(f"the sandbox does not work here: {reason}")
    yield executor
    executor.close()


def running(token):
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and token in (entry / "cmdline").read_text().split("\0"):
                found.append(int(entry.name))
        except (OSError, UnicodeDecodeError):
            continue
    return found


def until(holds):
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def killed(program, tmp_path):
    token = str(100_000 + uuid.uuid4().int % 900_000)
    holkas = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "attempt"), token], stdout=subprocess.PIPE, text=True
    )
    with holkas.stdout:
        assert holkas.stdout.readline() == "ready\n"
    until(lambda: len([pid for pid in running(token) if pid != holkas.pid]) == 9)
    holkas.kill()
    holkas.wait()
    until(lambda: not running(token))


def test_killed_without_a_chance_to_clean_up(executor, tmp_path):
    killed(HOLKAS.format(module="sandbox", name="SandboxExecutor"), tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="who left his group is found on Linux only")
def test_killed_on_the_bare_host(tmp_path):
    killed(HOLKAS.format(module="process", name="ProcessExecutor"), tmp_path)


def test_a_killed_launcher_of_groups_ends_the_steps(tmp_path):
    executor = ProcessExecutor()
    session = executor.open(Place(directory=tmp_path / "attempt"))
    token = str(100_000 + uuid.uuid4().int % 900_000)
    with open("/dev/null", "wb") as sink:
        process = session.start(Command(argv=("sleep", token)), stdout=sink.fileno(), stderr=sink.fileno())
        until(lambda: running(token))
        executor._launcher._process.kill()
        assert process.wait(30) == 128 + 9
        with pytest.raises(ExecutorError, match="the launcher ended"):
            session.start(Command(argv=("true",)), stdout=sink.fileno(), stderr=sink.fileno())
    session.close()
    executor.close()
    assert not running(token)


def test_a_killed_launcher_takes_all_worlds_with_it(executor, tmp_path):
    session = executor.open(Place(directory=tmp_path / "attempt"))
    with open("/dev/null", "wb") as sink:
        process = session.start(Command(argv=("sleep", "600")), stdout=sink.fileno(), stderr=sink.fileno())
        launcher = executor._starter._launcher
        launcher._process.kill()
        assert process.wait(30) == 128 + 9
        with pytest.raises(ExecutorError, match="the launcher ended"):
            session.start(Command(argv=("true",)), stdout=sink.fileno(), stderr=sink.fileno())
        with pytest.raises(LauncherError):
            launcher.setup([])


def test_a_closed_executor_starts_nothing(executor, tmp_path):
    executor.close()
    with pytest.raises(ExecutorError, match="closed"):
        executor.open(Place(directory=tmp_path))
    executor.close()


def test_a_user_counts_for_real_root_only(executor, tmp_path, monkeypatch, caplog):
    import os

    session = executor.open(Place(directory=tmp_path / "attempt"))
    output = tmp_path / "output"
    with output.open("wb") as sink:
        command = Command(argv=("id", "-u"), user=1234, group=1234)
        with caplog.at_level("INFO"):
            assert session.start(command, stdout=sink.fileno(), stderr=sink.fileno()).wait(30) == 0
    if os.geteuid() == 0:
        assert output.read_text() == "1234\n"
    else:
        assert output.read_text() == "0\n"
        assert "1234" in caplog.text


def test_a_busybox_image_gets_its_shell(executor, tmp_path, monkeypatch):
    from holkas_builtin.executors import tools

    monkeypatch.setattr(tools, "shell", lambda family: "/bin/echo" if family else "")
    session = executor.open(Place(directory=tmp_path / "attempt"))
    for image, wanted in (("busybox", "said\n"), ("ubuntu", "")):
        output = tmp_path / "output"
        with output.open("wb") as sink:
            command = Command(
                image=image, argv=("/bin/sh", "-c", "true") if image == "ubuntu" else ("/bin/sh", "said")
            )
            assert session.start(command, stdout=sink.fileno(), stderr=sink.fileno()).wait(30) == 0
        assert output.read_text() == wanted


def test_elsewhere_there_is_no_sandbox(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert SandboxExecutor().check() == "it needs Linux"


def test_without_bubblewrap_the_kernels_reason_counts(monkeypatch):
    from holkas_builtin.executors import bubblewrap, sandbox

    def refused(base):
        raise LauncherError(1, "namespace")

    monkeypatch.setattr(sandbox, "Namespaces", refused)
    monkeypatch.setattr(bubblewrap.shutil, "which", lambda *arguments, **rest: None)
    executor = SandboxExecutor()
    assert "refuses" in executor.check() or "sysctl" in executor.check()
    with pytest.raises(ExecutorError, match="does not work here"):
        executor.open(Place(directory=Path("/nowhere")))
