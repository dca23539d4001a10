"""The launcher of ``process``: its loop called by the test, in a process of the test's own."""

from __future__ import annotations

import errno
import marshal
import os
import select
import signal
import socket
import sys
import time
from pathlib import Path

import pytest
from holkas_builtin.executors.launcher import groups
from holkas_builtin.executors.launcher.groups import Groups

PATH = {"PATH": "/usr/local/bin:/usr/bin:/bin"}


class Driver:
    """Sends requests to a loop and lets it answer them."""

    def __init__(self, adopts=False):
        self.ours, theirs = socket.socketpair()
        self.loop = Groups(theirs, adopts=adopts)
        self.readers = {}

    def send(self, descriptors=(), **request):
        body = marshal.dumps(request)
        socket.send_fds(self.ours, [len(body).to_bytes(4, "big") + body], list(descriptors))
        assert self.loop.receive()

    def start(self, number, *argv, cwd="/", shell=(), env=PATH, output=os.devnull):
        reader, writer = os.pipe()
        with open(output, "ab") as sink:
            self.send(
                (sink.fileno(), sink.fileno(), writer),
                kind="start",
                id=number,
                argv=list(argv),
                env=dict(env),
                cwd=str(cwd),
                shell=tuple(shell),
            )
        os.close(writer)
        self.readers[number] = os.fdopen(reader, "rb", buffering=0)
        return self.readers[number]

    def end(self, number):
        """The words that tell of an end, after waiting for it."""
        deadline = time.monotonic() + 30
        while not select.select([self.readers[number]], [], [], 0)[0]:
            assert time.monotonic() < deadline
            self.loop.reap()
            time.sleep(0.001)
        return self.readers[number].readline().decode().split()


@pytest.fixture
def driver():
    one = Driver()
    yield one
    one.loop.kill_all()


def script(path, text, mode=0o755):
    path.write_text(text)
    path.chmod(mode)
    return str(path)


def test_an_end_is_told_with_the_leaders_id(driver):
    driver.start(1, "sh", "-c", "exit 7")
    pid = driver.loop.pid_of(1)
    assert driver.end(1) == ["exit", "7", str(pid), "1"]
    assert driver.readers[1].read() == b""
    assert driver.loop.pid_of(1) == 0
    assert driver.loop.pipe_of(1) == -1


def test_a_step_leads_its_session_where_it_was_told_to_begin(driver, tmp_path):
    output = tmp_path / "output"
    tell = "import os, sys; print(os.getcwd(), os.getsid(0), os.getpgid(0), repr(sys.stdin.read()))"
    driver.start(1, sys.executable, "-c", tell, cwd=tmp_path, output=output)
    pid = driver.loop.pid_of(1)
    assert driver.end(1)[1] == "0"
    assert output.read_text().split() == [str(tmp_path), str(pid), str(pid), "''"]


@pytest.mark.parametrize(
    ("argv", "fields", "told"),
    [
        (("no-such-program",), {}, f"error {errno.ENOENT} exec \n"),
        (("/etc/passwd",), {}, f"error {errno.EACCES} exec \n"),
        (("true",), {"cwd": "/no/such"}, f"error {errno.ENOENT} cwd /no/such\n"),
        (("a\0b",), {}, f"error {errno.EINVAL} value "),
        (("true",), {"env": {**PATH, "A=B": "c"}}, f"error {errno.EINVAL} value "),
    ],
)
def test_what_does_not_start_is_told(driver, argv, fields, told):
    line = driver.start(1, *argv, **fields).read().decode()
    assert line.startswith(told)
    assert line.count("\n") == 1
    assert driver.loop.pid_of(1) == 0


def test_a_missing_interpreter_is_looked_up_and_named(driver, tmp_path):
    driver.start(1, script(tmp_path / "found", "#!/opt/image/bin/sh -e\nfalse\nexit 9\n"))
    assert driver.end(1)[1] == "1"
    line = driver.start(2, script(tmp_path / "lost", "#!/no/such/interpreter\n")).read()
    assert line == f"error {errno.ENOENT} exec /no/such/interpreter\n".encode()


def test_the_stand_in_for_the_shell_reads_scripts(driver, tmp_path):
    output = tmp_path / "output"
    path = script(tmp_path / "script", "#!/bin/sh\n:\n")
    driver.start(1, path, "a", shell=("/bin/echo", "called"), output=output)
    assert driver.end(1)[1] == "0"
    assert output.read_text() == f"called {path} a\n"


def test_a_script_that_is_still_being_written_is_tried_again(driver, monkeypatch):
    tried = []
    real = groups.spawn

    def busy(*arguments):
        tried.append(1)
        if len(tried) < 3:
            raise OSError(errno.ETXTBSY, "busy")
        return real(*arguments)

    monkeypatch.setattr(groups, "spawn", busy)
    driver.start(1, "true")
    assert driver.end(1)[1] == "0"
    assert len(tried) == 3


def test_a_script_that_stays_busy_is_told(driver, monkeypatch):
    def busy(*arguments):
        raise OSError(errno.ETXTBSY, "busy")

    monkeypatch.setattr(groups, "spawn", busy)
    monkeypatch.setattr(groups, "_BUSY_DELAYS", (0.0, 0.0))
    assert driver.start(1, "true").read() == f"error {errno.ETXTBSY} exec \n".encode()


def test_the_group_dies_with_its_leader(driver, tmp_path):
    alive = tmp_path / "alive"
    driver.start(1, "sh", "-c", f"(trap '' TERM HUP; while sleep 0.02; do echo >> {alive}; done) & sleep 0.2")
    assert driver.end(1)[1] == "0"
    time.sleep(0.1)
    size = alive.stat().st_size
    assert size
    time.sleep(0.2)
    assert alive.stat().st_size == size


def test_signals_reach_the_group_and_nobody_who_has_ended(driver):
    driver.start(1, "sh", "-c", "trap 'exit 3' TERM; sleep 60 & wait")
    driver.start(2, "true")
    driver.end(2)
    time.sleep(0.1)
    for number in (1, 2, 3):
        driver.send(kind="signal", id=number, signal=int(signal.SIGTERM))
    assert driver.end(1)[1] == "3"


def test_an_id_is_told_while_there_is_one(driver):
    driver.start(1, "sleep", "60")
    driver.send(kind="pid", id=1)
    assert driver.readers[1].readline() == f"pid {driver.loop.pid_of(1)}\n".encode()
    driver.send(kind="signal", id=1, signal=int(signal.SIGKILL))
    assert driver.end(1)[1] == "137"
    driver.send(kind="pid", id=1)
    assert driver.readers[1].read() == b""


def in_a_process_of_its_own(test):
    """Runs a function in a fork, as whoever adopts orphans goes on doing so; its exit code."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            test()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@pytest.mark.skipif(sys.platform != "linux", reason="orphans are adopted on Linux only")
def test_who_left_his_group_is_known_and_killed_in_the_end(tmp_path):
    pids = tmp_path / "pids"

    def test():
        driver = Driver(adopts=True)
        driver.start(1, "true")
        assert driver.end(1)[3] == "0"
        driver.start(
            2,
            "sh",
            "-c",
            f"setsid sh -c 'echo $$ >> {pids}; sleep 60 & echo $! >> {pids}; wait' & exec sleep 0.2",
        )
        assert driver.end(2)[3] == "1"
        driver.start(3, "true")
        assert driver.end(3)[3] == "1"
        driver.loop.kill_all()
        driver.start(4, "true")
        assert driver.end(4)[3] == "0"

    assert in_a_process_of_its_own(test) == 0
    found = pids.read_text().split()
    assert len(found) == 2
    assert not any(Path(f"/proc/{pid}").exists() for pid in found)
