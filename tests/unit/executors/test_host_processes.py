"""Processes on the bare host: their ends, their groups, and what has left them."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time

import pytest
from holkas.extensions.executor import Command, ExecutorError, Place
from holkas_builtin.executors import host_process, survivors
from holkas_builtin.executors.environment import environment
from holkas_builtin.executors.failures import start_failure
from holkas_builtin.executors.host_process import HostProcess
from holkas_builtin.executors.process import ProcessExecutor

linux = pytest.mark.skipif(sys.platform != "linux", reason="reads Linux' /proc")


def started(script):
    return HostProcess(
        subprocess.Popen(["sh", "-c", script], start_new_session=True, stdin=subprocess.DEVNULL)
    )


@pytest.fixture(params=["woken", "looking"])
def way(request, monkeypatch):
    """Both ways to learn of an end: a pidfd, and looking again and again as on macOS."""
    if request.param == "looking":
        monkeypatch.setattr(host_process, "HAS_PIDFD", False)
    elif not host_process.HAS_PIDFD:
        pytest.skip("this system has no pidfd")
    return request.param


def test_an_end_is_waited_for(way):
    ended = started("exit 4")
    assert ended.wait() == 4
    assert ended.wait(0) == 4
    ended.terminate(1)
    killed = started("sleep 60")
    assert killed.wait(0) is None
    assert killed.wait(0.03) is None
    killed.terminate(0.01)
    assert killed.wait() == 128 + 15
    for one in (ended, killed):
        one.close()
        one.close()


def test_the_group_dies_with_its_leader(way, tmp_path):
    one = started(f"sleep 60 & echo $! > {tmp_path}/pid")
    assert one.wait(30) == 0
    pid = int((tmp_path / "pid").read_text())
    deadline = time.monotonic() + 30
    while survivors.name(pid) == "sleep" and time.monotonic() < deadline:
        time.sleep(0.01)
    assert survivors.name(pid) != "sleep"


def test_the_descriptor_is_that_of_the_process(way):
    one = started("exit 0")
    if way == "looking":
        assert one.fileno() == -1
    else:
        assert one.fileno() == one.fileno() >= 0
    one.wait()
    late = started("exit 0")
    late.wait()
    late.close()
    assert (late.fileno() >= 0) == (way == "woken")
    late.close()


@linux
def test_descendants_are_found_and_orphans_are_not():
    one = started("sleep 50 & sh -c 'sleep 51; true' & wait")
    wanted, deadline = ["sh", "sleep", "sleep"], time.monotonic() + 30
    # A process that was forked has its parent's name until it has become another program.
    while (found := sorted(map(survivors.name, survivors.descendants(one.pid)))) != wanted:
        assert time.monotonic() < deadline, found
        time.sleep(0.01)
    one.terminate()
    assert survivors.descendants(one.pid) == []


@linux
def test_a_mark_in_the_environment_is_found():
    mark = f"HOLKAS_TEST=/{os.getpid()}/{time.monotonic_ns()}"
    name, value = mark.split("=")
    marked = subprocess.Popen(["sleep", "60"], env={name: value})
    try:
        assert [*survivors.marked([mark.encode()])] == [marked.pid]
        assert [*survivors.marked([mark.encode()], newer_than=marked.pid - 1)] == [marked.pid]
        assert [*survivors.marked([mark.encode()], newer_than=marked.pid)] == []
        assert [*survivors.marked([mark.encode()[:-1]])] == []
    finally:
        survivors.send([marked.pid], signal.SIGKILL)
        marked.wait()
    survivors.send([marked.pid], signal.SIGKILL)
    assert [*survivors.marked([mark.encode()])] == []


@linux
def test_who_flees_by_forking_is_ended(tmp_path):
    """Each process starts the next one and ends, so that a list of processes is old as soon as it is made."""
    script = tmp_path / "flee"
    script.write_text('#!/bin/sh\nsetsid "$0" &\nexit 0\n')
    script.chmod(0o755)
    mark = f"HOLKAS_TEST=/{os.getpid()}/{time.monotonic_ns()}"
    name, value = mark.split("=")
    first = subprocess.Popen([script], env={name: value, "PATH": os.environ["PATH"]})
    first.wait()
    try:
        assert survivors.end_all(lambda: survivors.marked([mark.encode()]), 30) == []
        assert [*survivors.marked([mark.encode()])] == []
    finally:
        script.unlink()


@linux
def test_a_process_between_two_programs_is_waited_for(tmp_path, monkeypatch):
    """There the kernel shows an empty environment, and memory with an environment that ends at 0."""
    (tmp_path / "5").mkdir()
    (tmp_path / "5" / "environ").write_bytes(b"")
    between, done = "5 (a) b) R" + " 1" * 47 + " 0 0", "5 (a) b) S" + " 1" * 49
    (tmp_path / "5" / "stat").write_text(between)

    def settle(seconds):
        (tmp_path / "5" / "stat").write_text(done)
        (tmp_path / "5" / "environ").write_bytes(b"A=1\0")

    monkeypatch.setattr(survivors, "PROC", tmp_path)
    monkeypatch.setattr(survivors.time, "sleep", settle)
    assert [*survivors.marked([b"A=1"])] == [5]
    (tmp_path / "5" / "environ").write_bytes(b"")
    (tmp_path / "5" / "stat").write_text("5 (a) Z" + " 0" * 49)
    assert [*survivors.marked([b"A=1"])] == []
    (tmp_path / "5" / "stat").write_text("gone")
    assert [*survivors.marked([b"A=1"])] == []
    monkeypatch.setattr(survivors.time, "sleep", lambda seconds: None)
    (tmp_path / "5" / "stat").write_text(between)
    assert [*survivors.marked([b"A=1"])] == []


@linux
def test_who_does_not_die_is_told(monkeypatch):
    """A process of somebody else, say."""
    monkeypatch.setattr(survivors, "send", lambda pids, number: None)
    assert survivors.end_all(lambda: [4_000_000_000], 0.0) == [4_000_000_000]


def test_ids_are_newer_up_to_the_one_given_out_last(tmp_path, monkeypatch):
    for name in ("7", "90", "self"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(survivors, "PROC", tmp_path)
    assert sorted(survivors.processes()) == [7, 90]
    assert sorted(survivors.processes(80)) == [7, 90]
    for newest, since, found in (
        (91, 80, [90]),
        (91, 90, []),
        (85, 80, []),
        (8, 90, [7]),
        (8, 80, [7, 90]),
        (3, 91, []),
    ):
        (tmp_path / "loadavg").write_text(f"0.00 0.01 0.05 1/123 {newest}\n")
        assert sorted(survivors.processes(since)) == found
    assert [*survivors.marked([b"A=1"])] == []
    (tmp_path / "90" / "stat").write_text("90 (a) b) S 7 90")
    (tmp_path / "7" / "stat").write_text("broken")
    assert survivors.descendants(7) == [90]
    assert survivors.name(7) == ""
    monkeypatch.setattr(survivors, "PROC", tmp_path / "missing")
    assert survivors.processes() == []


def test_little_of_the_hosts_environment_is_passed_on(monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("LANG", "C.UTF-8")
    found = environment({"A": "1", "PATH": "/own"}, {"PATH": "/default", "HOME": "/root"})
    assert "AWS_SECRET_ACCESS_KEY" not in found
    assert (found["A"], found["PATH"], found["HOME"], found["LANG"]) == ("1", "/own", "/root", "C.UTF-8")


@pytest.mark.parametrize("number", [errno.E2BIG, errno.EIO])
def test_every_failure_is_one_sentence(number):
    text = str(start_failure(number, Command(image="i", argv=("p",))))
    assert text.startswith('cannot start "p" (image i): ')
    assert "\n" not in text


def test_a_place_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").touch()
    executor = ProcessExecutor()
    with pytest.raises(ExecutorError, match="cannot prepare"):
        executor.open(Place(directory=tmp_path / "file" / "below"))
    executor.close()
