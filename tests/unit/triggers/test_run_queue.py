"""The queue of runs that events asked for."""

from __future__ import annotations

import pytest
from holkas.cli.run_queue import RunQueue
from holkas.model.run import TaskRun
from holkas.model.run_request import CancelMode, RunRequest
from holkas.roles.errors import ToolError
from holkas.testing.fakes.build_server import FakeBuildServer

from tests.command_line import eventually


class Broken(FakeBuildServer):
    """A build server that cannot record a run."""

    def start(self, request: RunRequest) -> str:
        raise ToolError("the disk is full")


def request(name: str) -> RunRequest:
    return RunRequest(run=TaskRun(name=name))


@pytest.fixture
def lines():
    return []


@pytest.fixture
def start(lines):
    """Makes queues over one fake, and ends them."""
    made = []

    def start(server, **options):
        work = RunQueue(lambda: server, lines.append, **options)
        made.append(work)
        return work

    yield start
    for work in made:
        work.stop()
        work.cancel(CancelMode.CANCELLED)
        work.join(30)


def test_runs_come_one_after_the_other(start, lines):
    server = FakeBuildServer(holding=["first"])
    work = start(server)
    assert work.put([request("first"), request("second")])
    eventually(lambda: server.requests)
    assert [one.run.name for one in server.requests.values()] == ["first"]
    server.finish("run-1")
    eventually(lambda: len(lines) == 2)
    assert [line.rpartition(" in ")[0] for line in lines] == ["run=first Succeeded", "run=second Succeeded"]


def test_several_go_on_at_once_when_asked_for(start):
    server = FakeBuildServer(holding=["a", "b", "c"])
    work = start(server, parallel=2)
    work.put([request(name) for name in "abc"])
    eventually(lambda: len(server.requests) == 2)
    server.finish("run-1")
    eventually(lambda: len(server.requests) == 3)


def test_a_full_queue_takes_all_of_an_event_or_nothing(start):
    server = FakeBuildServer(holding=["a"])
    work = start(server, limit=2)
    assert work.put([request("a")])
    eventually(lambda: server.requests)
    assert work.put([request("b")])
    assert not work.put([request("c"), request("d")])
    assert work.put([request("c")])
    assert not work.put([request("d")])


def test_a_run_that_fails_or_cannot_begin_stops_nobody(start, lines):
    work = start(FakeBuildServer(failing=["bad"]))
    work.put([request("bad"), request("good")])
    eventually(lambda: len(lines) == 2)
    assert lines[0].startswith("run=bad Failed")
    broken = start(Broken())
    broken.put([request("x"), request("y")])
    eventually(lambda: len(lines) == 4)
    assert lines[2] == "run=x not carried out: ToolError: the disk is full"


def test_the_end_waits_for_what_runs_and_forgets_what_waits(start, lines):
    server = FakeBuildServer(holding=["a"])
    work = start(server)
    work.put([request("a"), request("b"), request("c")])
    eventually(lambda: server.requests)
    assert work.stop() == 2
    assert not work.put([request("d")])
    assert not work.join(0)
    work.cancel(CancelMode.RUN_FINALLY)
    assert work.join(30)
    assert list(server.requests) == ["run-1"]
    assert lines[0].startswith("run=a Cancel")


def test_an_idle_queue_ends_at_once(start):
    work = start(FakeBuildServer(), parallel=3)
    assert work.stop() == 0
    assert work.join(30)


def test_a_run_that_begins_after_the_wish_to_cancel_is_cancelled(start, lines):
    server = FakeBuildServer(holding=["a"])
    work = start(server)
    work.cancel(CancelMode.CANCELLED)
    work.put([request("a")])
    eventually(lambda: lines)
    assert lines[0].startswith("run=a Cancel")
