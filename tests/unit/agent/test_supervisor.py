"""The supervisor, in this process: it starts, waits longer each time, ends a group, and keeps the log short."""

from __future__ import annotations

import json
import os
import signal
import threading
import time

import pytest
from holkas_builtin.agent import supervisor as module
from holkas_builtin.agent.supervisor import Supervisor, main, start_time


@pytest.fixture
def make(tmp_path):
    """Makes a supervisor of these words; signals of this process are given back."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "WORD").write_bytes(b"s3cr3t")

    def make(*command, stop_timeout=5.0):
        spec = {
            "command": command,
            "directory": str(tmp_path),
            "environment": {"PATH": os.environ["PATH"]},
            "secrets": ["WORD"],
            "log": str(tmp_path / "service.log"),
            "stop_timeout": stop_timeout,
            "release": 7,
        }
        (tmp_path / "service.json").write_text(json.dumps(spec))
        return Supervisor(tmp_path)

    yield make
    for number, handler in before.items():
        signal.signal(number, handler)


def state(tmp_path):
    return json.loads((tmp_path / "supervisor.json").read_text())


def stopped_when(supervisor, condition):
    """Tell it to end, by a signal to ourselves, once something holds."""

    def wait():
        end = time.monotonic() + 20
        while not condition() and time.monotonic() < end:
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=wait)
    thread.start()
    supervisor.run()
    thread.join()


def test_a_program_that_ends_is_started_again_until_it_is_told_to_end(make, tmp_path):
    supervisor = make("sh", "-c", 'echo "$WORD"; exit 3')
    stopped_when(supervisor, lambda: supervisor.starts >= 3)
    assert (tmp_path / "service.log").read_text().startswith("s3cr3t\ns3cr3t\n")
    found = state(tmp_path)
    assert (found["state"], found["last_exit"], found["release"], found["child"]) == ("stopped", 3, 7, 0)


def test_what_a_program_has_started_ends_with_it_also_when_it_will_not(make, tmp_path):
    ready = tmp_path / "ready"
    script = f"trap '' TERM; sleep 60 & echo $! > {ready}.new; mv {ready}.new {ready}; wait; wait"
    supervisor = make("sh", "-c", script, stop_timeout=0.1)
    stopped_when(supervisor, ready.exists)
    assert supervisor.last_exit == -signal.SIGKILL
    grandchild = int(ready.read_text())
    end = time.monotonic() + 10
    while start_time(grandchild):
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_program_that_is_not_there_is_told_in_the_log(make, tmp_path):
    supervisor = make("holkas-no-such-program")
    stopped_when(supervisor, lambda: supervisor.starts >= 2)
    assert "cannot start holkas-no-such-program" in (tmp_path / "service.log").read_text()
    assert state(tmp_path)["last_exit"] == 127


def test_a_log_that_grows_is_cut_and_its_older_part_kept(make, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_LOG", 10)
    supervisor = make("true")
    log = tmp_path / "service.log"
    log.write_text("a long line\n")
    supervisor._shorten_log()
    assert log.read_text() == ""
    assert (tmp_path / "service.log.1").read_text() == "a long line\n"
    supervisor._shorten_log()
    assert (tmp_path / "service.log.1").read_text() == "a long line\n"


def test_there_is_one_supervisor_a_directory(make, tmp_path, capsys):
    import fcntl

    make("true")
    with (tmp_path / "supervisor.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert main(tmp_path) == 1
    assert "another supervisor" in capsys.readouterr().err


def test_the_start_of_a_process_tells_it_from_others():
    assert start_time(os.getpid())
    assert start_time(os.getpid()) == start_time(os.getpid())
    assert start_time(2**22 + 1) == ""
