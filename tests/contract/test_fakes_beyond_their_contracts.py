"""What the fakes can besides: they are told by a test how to behave, and the further hooks have fakes too."""

from __future__ import annotations

import json
import os

import pytest
from holkas.extensions.executor import Command, Place
from holkas.extensions.target import ApplyOptions, ApplyWay
from holkas.model.artifact import Artifact
from holkas.model.environment import Environment
from holkas.model.event import EventQuery
from holkas.model.health import Health, HealthStatus
from holkas.model.measurement import Alert, LogLine, Sample
from holkas.model.notice import Notice, NoticeKind
from holkas.model.param import ParamSpec, Result
from holkas.model.release import Release
from holkas.model.resource import Resource
from holkas.model.run import TaskRun
from holkas.model.run_event import RunEventKind
from holkas.model.run_request import RunRequest
from holkas.model.secret import Secret
from holkas.roles.errors import Conflict, NotFound, Retryable, Unsupported
from holkas.testing.fakes.artifact_repository import FakeArtifactRepository
from holkas.testing.fakes.automation_agent import FakeAutomationAgent
from holkas.testing.fakes.build_server import FakeBuildServer
from holkas.testing.fakes.executor import FakeExecutor
from holkas.testing.fakes.monitoring import FakeMonitoring
from holkas.testing.fakes.notifier import FakeNotifier
from holkas.testing.fakes.secret_store import FakeSecretStore
from holkas.testing.fakes.target import FakeTarget
from holkas.testing.fakes.version_control import FakeVersionControl

TEST = Environment(name="test")


def resource(name, *, kind="ConfigMap", **labels):
    metadata = {"name": name, "namespace": "n", "labels": labels}
    return Resource(manifest={"apiVersion": "v1", "kind": kind, "metadata": metadata}, origin="a.yaml")


def test_a_target_holds_what_is_applied():
    target = FakeTarget()
    first = target.apply(resource("b", app="web"))
    target.apply(resource("a"))
    assert first.changed
    assert first.live.origin == ""
    assert not target.apply(resource("b", app="web")).changed
    assert [one.key.name for one in target.list()] == ["a", "b"]
    assert [one.key.name for one in target.list({"app": "web"})] == ["b"]
    assert target.get(resource("b").key) == first.live
    assert target.get(resource("none").key) is None


def test_a_target_tries_without_doing():
    target = FakeTarget()
    dry = ApplyOptions(dry_run=True)
    assert target.apply(resource("a"), dry).changed
    assert target.get(resource("a").key) is None
    target.apply(resource("a"))
    assert target.delete(resource("a").key, dry_run=True)
    assert target.get(resource("a").key) is not None


def test_a_target_deletes_and_refuses():
    target = FakeTarget()
    target.apply(resource("a"))
    with pytest.raises(Conflict):
        target.apply(resource("a"), ApplyOptions(way=ApplyWay.CREATE))
    with pytest.raises(Unsupported):
        target.apply(resource("a"), ApplyOptions(way=ApplyWay.SERVER_SIDE))
    assert target.delete(resource("a").key)
    assert not target.delete(resource("a").key)
    assert (target.namespaced("", "ConfigMap"), target.namespaced("", "Namespace")) == (True, False)
    assert target.watch() is None
    target.close()


def test_an_executor_ends_as_it_is_told(tmp_path):
    executor = FakeExecutor(lambda command: (3, f"ran {command.argv[0]}\n"))
    session = executor.open(Place(directory=tmp_path))
    with (tmp_path / "log").open("wb") as log:
        process = session.start(Command(argv=("make",)), stdout=log.fileno(), stderr=log.fileno())
    process.terminate()
    assert (process.wait(), process.fileno()) == (3, -1)
    assert (tmp_path / "log").read_text(encoding="utf-8") == "ran make\n"
    assert [command.argv for command in executor.commands] == [("make",)]
    assert (session.path("/tekton/x"), session.rewrite("cat /tekton/x")) == ("/tekton/x", "cat /tekton/x")
    assert (executor.check(), executor.entrypoint("image")) == ("", None)
    session.close()
    executor.close()


def test_a_notifier_keeps_each_notice_once_and_may_be_down():
    notifier = FakeNotifier()
    notice = Notice(id="1", kind=NoticeKind.FAILURE, subject="Broken")
    notifier.notify(notice)
    notifier.notify(notice)
    assert list(notifier.notices.values()) == [notice]
    notifier.down = True
    with pytest.raises(Retryable):
        notifier.notify(notice)
    notifier.close()


def test_monitoring_answers_as_it_is_told_and_may_be_down():
    monitoring = FakeMonitoring()
    monitoring.healths["test"] = Health(status=HealthStatus.DEGRADED, message="slow")
    monitoring.alerts_of["test"] = (Alert(name="late", since=2.0), Alert(name="early", since=1.0))
    monitoring.samples["load"] = tuple(Sample(time=float(time), value=1.0) for time in range(5))
    monitoring.lines["test"] = (LogLine(time=1.0, text="one"), LogLine(time=2.0, text="two"))
    assert monitoring.health("test").status is HealthStatus.DEGRADED
    assert [alert.name for alert in monitoring.alerts("test")] == ["early", "late"]
    assert [sample.time for sample in monitoring.metrics("load", since=1.0, until=3.0)] == [1.0, 2.0]
    with pytest.raises(NotFound):
        monitoring.metrics("none", since=0.0, until=1.0)
    assert [line.text for line in monitoring.logs("test", since=0.0, until=9.0, text="w")] == ["two"]
    monitoring.down = True
    for ask in (
        lambda: monitoring.send([]),
        lambda: list(monitoring.query(EventQuery())),
        lambda: monitoring.health("test"),
        lambda: monitoring.dashboard("test"),
    ):
        with pytest.raises(Retryable):
            ask()


def test_an_agent_fails_and_drifts_as_it_is_told():
    agent = FakeAutomationAgent()
    release = Release(id="one")
    agent.failing.add("test")
    failed = agent.apply(agent.plan(TEST, release))
    assert not failed.succeeded
    assert agent.check(TEST).release == ""
    agent.failing.clear()
    agent.apply(agent.plan(TEST, release))
    assert agent.check(TEST).health.status is HealthStatus.HEALTHY
    agent.disturb(TEST)
    assert agent.check(TEST).health.status is HealthStatus.DEGRADED
    assert agent.plan(TEST, release).changes == agent.drift(TEST) != ()
    agent.apply(agent.plan(TEST, release))
    assert agent.drift(TEST) == ()
    agent.unhealthy.add("one")
    assert agent.check(TEST).health.status is HealthStatus.DEGRADED
    assert agent.operate(TEST, "restart", {"hard": "yes"}).succeeded
    assert agent.operations == [("test", "restart", {"hard": "yes"})]


def test_a_build_server_hands_back_results_files_and_params(tmp_path):
    results = (Result(name="digest", value="sha256:x"),)
    params = (ParamSpec(name="version"),)
    request = RunRequest(run=TaskRun(name="task"))
    with FakeBuildServer(
        results=results, files={"dir/a": b"1"}, jobs={"build": params}, holding=["slow"]
    ) as server:
        run_id = server.start(request)
        assert server.record(run_id).results == results
        assert server.requests[run_id] is request
        assert server.artifacts(run_id) == ("dir/a",)
        assert server.fetch(run_id, "dir/a", tmp_path).read_bytes() == b"1"
        with pytest.raises(NotFound):
            server.fetch(run_id, "none", tmp_path)
        assert server.parameters("build") == params
        slow = server.start(RunRequest(run=TaskRun(name="slow")))
        assert not server.record(slow).condition.done
    assert server.record(slow).condition.reason == "Cancelled"
    kinds = [event.kind for event in server.follow(slow)]
    assert kinds == [RunEventKind.RUN_STARTED, RunEventKind.CANCEL_REQUESTED, RunEventKind.RUN_FINISHED]


def test_a_secret_store_has_versions_and_leases_that_end():
    time = [100.0]
    store = FakeSecretStore({"db": {"value": "one"}}, clock=lambda: time[0], default_duration=60.0)
    store.write("db", {"value": Secret("two")})
    assert [store.read("db", version=version).reveal_text() for version in ("1", "2", "")] == [
        "one",
        "two",
        "two",
    ]
    for version in ("0", "3", "x"):
        with pytest.raises(NotFound):
            store.read("db", version=version)
    lease = store.lease("db")
    assert lease.expires == 160.0
    time[0] = 161.0
    with pytest.raises(NotFound):
        store.renew(lease)
    store.close()
    assert store.leases == {}


def test_a_webhook_is_read_once_its_signature_is_right():
    control = FakeVersionControl()
    secret = Secret("s3cr3t")
    body = json.dumps({"id": "1", "kind": "push", "repository": "x", "ref": "main", "after": "abc"}).encode()
    event = control.receive({"x-fake-signature": control.sign(body, secret)}, body, secret)
    assert event is not None
    assert (event.kind, event.ref, event.after) == ("push", "main", "abc")
    other = b'{"kind": "star"}'
    assert control.receive({"x-fake-signature": control.sign(other, secret)}, other, secret) is None


def test_pull_requests_of_several_branches():
    control = FakeVersionControl()
    repository = control.create("x")
    control.commit(repository, "main", {"a": b"1"}, "First")
    control.commit(repository, "one", {"a": b"2"}, "One")
    control.commit(repository, "two", {"a": b"3"}, "Two")
    control.propose(repository, "one", "main", "One")
    control.propose(repository, "two", "main", "Two")
    assert [request.title for request in control.pull_requests(repository)] == ["Two", "One"]


def test_content_that_was_tampered_with_is_not_handed_out(tmp_path):
    from holkas.roles.errors import Corrupt

    repository = FakeArtifactRepository()
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "a").write_bytes(b"good")
    published = repository.publish("app", "1", tmp_path / "app")
    repository.tamper(published.digest, b"evil", "a")
    with pytest.raises(Corrupt, match="app 1"):
        repository.fetch(published, tmp_path / "out")
    assert os.listdir(tmp_path / "out") == []


def test_content_that_two_versions_share_stays_until_both_are_gone(tmp_path):
    repository = FakeArtifactRepository()
    (tmp_path / "a").write_bytes(b"1")
    one = repository.publish("one", "1", tmp_path / "a")
    two = repository.publish("two", "1", tmp_path / "a")
    document = repository.attach(one, "text/plain", b"x")
    assert repository.resolve("one", document.digest) == document
    repository.delete(one)
    assert repository.fetch(two, tmp_path / "out").read_bytes() == b"1"
    repository.delete(two)
    with pytest.raises(NotFound):
        repository.fetch(two, tmp_path / "again")
    with pytest.raises(NotFound):
        repository.tag(Artifact(name="one", version="1", digest=one.digest), "prod")
