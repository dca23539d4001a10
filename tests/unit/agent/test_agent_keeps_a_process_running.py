"""The local agent starts a release's process, keeps it running, replaces it, and ends exactly its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time

import pytest
from holkas.model.health import HealthStatus
from holkas.state.lock import is_owned
from holkas_builtin.agent import service as service_module
from holkas_builtin.agent.service import Service
from holkas_builtin.agent.supervisor import start_time

from tests.crashes import crash_at


def deployed(agent, environment, release):
    outcome = agent.apply(agent.plan(environment, release))
    assert outcome.succeeded, outcome.message
    return outcome


def until(condition, seconds=20.0):
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.02)
    return found


def test_a_release_answers_and_the_one_before_comes_back(
    agent, environment, release, web, port, answer, place
):
    here = environment(**web)
    red, blue = release("red", PORT=str(port)), release("blue", PORT=str(port))
    changes = deployed(agent, here, red).changes
    assert [str(change.kind) for change in changes if change.subject == "process"] == ["create"]
    assert answer()[:2] == ["red", "s3cr3t-word"]
    assert agent.check(here).health.status is HealthStatus.HEALTHY
    assert agent.check(here).addresses == (f"http://127.0.0.1:{port}/",)
    first = answer()[2]
    assert agent.apply(agent.plan(here, red)).changes == ()
    assert answer()[2] == first, "a release that is in place is left alone"
    deployed(agent, here, blue)
    assert answer()[0] == "blue"
    outcome = agent.rollback(here)
    assert outcome.succeeded
    assert answer()[0] == "red"
    assert agent.check(here).kept == ("blue",)
    assert "s3cr3t-word" not in f"{changes} {outcome}"
    for path in (place.own / "service.json", place.own / "supervisor.json"):
        assert "s3cr3t-word" not in path.read_text(encoding="utf-8")


def test_a_process_that_dies_is_started_again(agent, environment, release, web, port, answer):
    here = environment(**web)
    deployed(agent, here, release("red", PORT=str(port)))
    first = int(answer()[2])
    os.kill(first, signal.SIGKILL)

    def another():
        try:
            return int(answer()[2]) != first
        except OSError:
            return False

    until(another)
    assert agent.check(here).health.status is HealthStatus.HEALTHY


def test_a_killed_supervisor_takes_its_process_along_and_apply_starts_it_again(
    agent, environment, release, web, port, answer, place
):
    here = environment(**web)
    red = release("red", PORT=str(port))
    deployed(agent, here, red)
    process = int(answer()[2])
    supervisor = json.loads((place.own / "supervisor.json").read_text(encoding="utf-8"))["pid"]
    os.kill(supervisor, signal.SIGKILL)
    until(lambda: not is_owned(place.own / "supervisor.lock"))
    assert agent.check(here).health.status is HealthStatus.MISSING
    assert [change.subject for change in agent.drift(here)] == ["process"]
    outcome = deployed(agent, here, red)
    assert [(str(one.kind), one.subject) for one in outcome.changes] == [("create", "process")]
    assert start_time(process) == ""
    assert answer()[0] == "red"


def test_another_process_with_an_old_number_is_left_alone(agent, environment, release, web, port, place):
    here = environment(**web)
    stranger = subprocess.Popen(["sleep", "60"], start_new_session=True)
    try:
        place.make()
        old = {
            "state": "running",
            "pid": stranger.pid,
            "start": "1",
            "child": stranger.pid,
            "child_start": "1",
        }
        (place.own / "supervisor.json").write_text(json.dumps(old), encoding="utf-8")
        deployed(agent, here, release("red", PORT=str(port)))
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_process_that_does_not_stay_up_is_a_failure_without_secrets(agent, environment, release, web, port):
    here = environment(**web)
    outcome = agent.apply(agent.plan(here, release("red", PORT=str(port), FAIL="1")))
    assert not outcome.succeeded
    assert "exit code 1" in outcome.message
    assert "it wrote: no: ***" in outcome.message
    assert agent.check(here).health.status is HealthStatus.DEGRADED
    assert outcome.changes[-1].subject == "process"
    again = agent.apply(agent.plan(here, release("red", PORT=str(port), FAIL="1")))
    assert not again.succeeded, "that nothing has to be changed does not make it well"
    assert again.changes == ()
    deployed(agent, here, release("blue", PORT=str(port)))


def test_settings_of_other_types_are_the_same_when_they_come_again(agent, environment, release):
    from types import MappingProxyType

    here = environment(operations=MappingProxyType({"a": ("true", "x")}))
    deployed(agent, here, release("red"))
    assert agent.plan(here, release("red")).changes == ()


def test_the_answer_of_a_stranger_on_the_port_does_not_count(agent, environment, release, web, port):
    import http.server
    import threading

    class Stranger(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *words):
            pass

    server = http.server.HTTPServer(("127.0.0.1", port), Stranger)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        here = environment(**{**web, "health": {**web["health"], "timeout": 5}})
        assert not agent.apply(agent.plan(here, release("red", PORT=str(port)))).succeeded
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_program_that_is_not_there_is_a_failure(agent, environment, release):
    here = environment(command=["holkas-no-such-program"], health={"timeout": 5})
    outcome = agent.apply(agent.plan(here, release("red")))
    assert not outcome.succeeded
    assert "127" in outcome.message


def test_a_process_that_is_no_longer_wanted_is_ended(agent, environment, release, web, port, answer, place):
    red = release("red", PORT=str(port))
    deployed(agent, environment(**web), red)
    outcome = deployed(agent, environment(), red)
    assert ("delete", "process") in [(str(one.kind), one.subject) for one in outcome.changes]
    with pytest.raises(OSError):
        answer()
    assert not is_owned(place.own / "supervisor.lock")


def test_health_may_be_a_command_and_nothing_else(agent, environment, release):
    here = environment(health={"command": ["test", "-e", "content/$(NAME)"]})
    deployed(agent, here, release("red", NAME="app"))
    assert agent.check(here).health.status is HealthStatus.HEALTHY
    outcome = agent.apply(agent.plan(here, release("blue", NAME="none")))
    assert not outcome.succeeded
    health = agent.check(here).health
    assert outcome.message == health.message
    assert health.status is HealthStatus.DEGRADED
    assert "exit code 1" in health.message


def test_operations_run_in_the_release_and_tell_no_secret(agent, environment, release, web, port, answer):
    words = ["sh", "-c", "echo $COLOUR $PASSWORD $HOLKAS_PARAM_HOW_MANY; test $COLOUR = red"]
    here = environment(**web, operations={"tell": words})
    deployed(agent, here, release("red", PORT=str(port)))
    assert agent.operate(here, "tell", {"how-many": "3"}).message == "red *** 3"
    first = answer()[2]
    assert agent.operate(here, "restart").succeeded
    assert answer()[2] != first
    deployed(agent, here, release("blue", PORT=str(port)))
    outcome = agent.operate(here, "tell")
    assert not outcome.succeeded
    assert outcome.message.startswith("exit code 1")


@pytest.mark.parametrize(
    ("event", "number"), [("socket.connect", 1), ("subprocess.Popen", 1), ("socket.connect", 2)]
)
def test_a_kill_around_the_start_of_a_process_is_made_good_by_the_next_apply(
    agent, environment, release, web, port, answer, event, number
):
    here = environment(**web)
    red, blue = release("red", PORT=str(port)), release("blue", PORT=str(port))
    deployed(agent, here, red)
    plan = agent.plan(here, blue)
    assert crash_at(number, lambda: agent.apply(plan), {event})
    assert agent.apply(plan).succeeded
    assert answer()[0] == "blue"
    assert agent.apply(plan).changes == ()
    assert agent.check(here).health.status is HealthStatus.HEALTHY
    assert agent.check(here).kept == ("red",)


def test_what_a_killed_supervisor_left_is_ended_when_it_is_still_the_same(place):
    place.make()
    left = subprocess.Popen(["sleep", "60"], start_new_session=True)
    fields = {"child": left.pid, "child_start": start_time(left.pid), "pid": 1, "start": "no"}
    (place.own / "supervisor.json").write_text(json.dumps(fields), encoding="utf-8")
    Service(place.own).stop(1.0)
    assert left.wait(10) == -signal.SIGKILL


def test_a_supervisor_that_hangs_is_killed_with_its_process(
    agent, environment, release, web, port, answer, place, monkeypatch
):
    monkeypatch.setattr(service_module, "_PATIENCE", 0.5)
    deployed(agent, environment(**web), release("red", PORT=str(port)))
    process = int(answer()[2])
    os.kill(json.loads((place.own / "supervisor.json").read_text(encoding="utf-8"))["pid"], signal.SIGSTOP)
    Service(place.own).stop(0.1)
    assert not is_owned(place.own / "supervisor.lock")
    until(lambda: start_time(process) == "")
