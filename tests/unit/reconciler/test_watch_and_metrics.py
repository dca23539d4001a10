"""When the loop looks, who leads, how it ends; what it counts; what a view of a target sees."""

from __future__ import annotations

import threading

import pytest
from holkas.gitops.identity import tracked
from holkas.model.resource import Resource
from holkas.model.sync import key_of
from holkas.reconciler.desired_store import DesiredStore
from holkas.reconciler.live_view import LiveView
from holkas.reconciler.metrics import Metrics
from holkas.reconciler.nowhere import Nowhere
from holkas.reconciler.place import installation_of
from holkas.reconciler.reconciler import Pass
from holkas.reconciler.watch import Rhythm, Watch
from holkas.roles.errors import Unsupported
from holkas.state.errors import StateUnusable
from holkas.state.lock import OwnerLock
from holkas.testing.fakes.target import FakeTarget
from holkas_builtin.targets.memory import MemoryTarget

from tests.command_line import eventually
from tests.reconciling import config


class Loop:
    """Counts passes and says what the test wants."""

    def __init__(self, passes=()):
        self.passes = list(passes)
        self.asked = []
        self.statuses = {}

    def run_pass(self, *, whole, render):
        self.asked.append((whole, render))
        found = self.passes.pop(0) if self.passes else Pass()
        if isinstance(found, Exception):
            raise found
        return found


@pytest.fixture
def start(tmp_path):
    watches = []

    def start(loop, **rhythm):
        said = []
        watch = Watch(
            loop,
            OwnerLock(tmp_path / "lock"),
            Rhythm(**{"interval": 3600, "live": 3600, **rhythm}),
            Metrics(),
            say=said.append,
        )
        thread = threading.Thread(target=watch.run)
        thread.start()
        watches.append((watch, thread))
        return watch, said

    yield start
    for watch, thread in watches:
        watch.stop()
        thread.join(30)
        assert not thread.is_alive()


def test_the_first_pass_looks_at_everything(start):
    loop = Loop()
    start(loop)
    eventually(lambda: loop.asked == [(True, True)])


def test_a_poke_looks_at_the_sources(start):
    loop = Loop()
    watch, _ = start(loop)
    eventually(lambda: len(loop.asked) == 1)
    watch.poke()
    eventually(lambda: loop.asked[1:] == [(False, True)])


def test_a_touch_looks_at_the_targets_alone(start):
    loop = Loop()
    watch, _ = start(loop)
    eventually(lambda: len(loop.asked) == 1)
    watch.touch()
    eventually(lambda: loop.asked[1:] == [(False, False)])


def test_live_things_are_looked_at_more_often_than_sources(start):
    loop = Loop()
    start(loop, live=0.05)
    eventually(lambda: loop.asked[1:3] == [(False, False)] * 2)


def test_what_is_due_is_not_waited_for_longer(start):
    loop = Loop([Pass(due=0.0)])
    start(loop)
    eventually(lambda: len(loop.asked) == 2)


def test_a_full_disk_does_not_end_it(start):
    loop = Loop([StateUnusable("the disk is full")])
    watch, said = start(loop)
    eventually(lambda: said == ["the disk is full"])
    watch.poke()
    eventually(lambda: len(loop.asked) == 2)


def test_a_second_one_stands_by_until_the_first_ends(start):
    first, second = Loop(), Loop()
    leader, _ = start(first)
    eventually(lambda: first.asked)
    _, said = start(second)
    eventually(lambda: said)
    assert second.asked == []
    leader.stop()
    eventually(lambda: second.asked)


def test_who_stands_by_can_be_stopped(start, tmp_path):
    lock = OwnerLock(tmp_path / "lock")
    assert lock.take()
    loop = Loop()
    watch, said = start(loop)
    eventually(lambda: said)
    watch.stop()
    assert watch.stopping
    lock.release()


def test_metrics_are_what_prometheus_reads():
    metrics = Metrics()
    metrics.told('we"b\n\\', "finished", {"phase": "Succeeded"})
    metrics.told("web", "warning", {"message": "x"})
    metrics.passed(Pass(looked=3, rendered=True, errors=1), 0.5, {"web": ("Synced", "Healthy")})
    text = metrics.text()
    assert 'holkas_app_sync_total{name="we\\"b\\n\\\\",phase="Succeeded"} 1\n' in text
    assert 'holkas_app_info{name="web",sync_status="Synced",health_status="Healthy"} 1\n' in text
    for line in (
        "passes_total 1",
        "pass_seconds_total 0.5",
        "looks_total 3",
        "errors_total 1",
        "renders_total 1",
    ):
        assert f"holkas_app_{line}\n" in text
    assert text.endswith("\n")
    assert all(line.startswith(("#", "holkas_app_")) for line in text.splitlines())


def owned(name, value="1", by="app"):
    return tracked(config(name, value), by)


@pytest.fixture(params=[MemoryTarget, FakeTarget])
def target(request):
    return request.param()


def test_a_view_tells_whose_what_is(target):
    view = LiveView(target)
    target.apply(Resource(manifest=owned("a")))
    target.apply(Resource(manifest=owned("b", by="other")))
    first = view.refresh()
    assert first.owners == {"app", "other"}
    assert {key.name for key in view.owned("app")} == {"a"}
    assert view.owner(key_of(config("b"))) == "other"
    assert view.applications() == ["app", "other"]
    assert view.refresh().changed == frozenset()


def test_a_view_keeps_what_it_handed_out(target):
    view = LiveView(target)
    target.apply(Resource(manifest=owned("a")))
    target.apply(Resource(manifest=owned("b")))
    view.refresh()
    before = view.owned("app")
    assert view.owned("app") is before
    target.delete(key_of(config("a")))
    changed = view.refresh()
    assert {key.name for key in changed.changed} == {"a"}
    assert {key.name for key in before} == {"a", "b"}
    assert {key.name for key in view.owned("app")} == {"b"}


def test_a_resource_may_go_from_one_to_another(target):
    view = LiveView(target)
    target.apply(Resource(manifest=owned("a")))
    view.refresh()
    target.apply(Resource(manifest=owned("a", by="other")))
    assert view.refresh().owners == {"app", "other"}
    assert view.owned("app") == {}
    assert view.live_for("app", [key_of(config("a"))]) == {key_of(config("a")): view.get(key_of(config("a")))}


def test_what_was_desired_is_kept_whole_or_not_at_all(tmp_path):
    store = DesiredStore(tmp_path, "a/../b")
    digest = store.keep({"kind": "Application"}, "text: \ud800")
    assert store.load(digest).text == "text: \ud800"
    assert [path.parent for path in tmp_path.rglob("*.json")] == [tmp_path / "a%2F..%2Fb"]
    place = next(tmp_path.rglob("*.json"))
    assert place.stat().st_mode & 0o077 == 0
    other = store.keep({}, "other")
    store.sweep({other})
    assert store.load(digest) is None
    next(tmp_path.rglob("*.json")).write_text("damaged")
    assert store.load(other) is None


def test_nothing_is_nowhere():
    nowhere, key = Nowhere(), key_of(config("a"))
    assert (nowhere.get(key), list(nowhere.list()), nowhere.namespaced("", "Pod")) == (None, [], None)
    with pytest.raises(Unsupported):
        nowhere.apply(Resource(manifest=config("a")))
    with pytest.raises(Unsupported):
        nowhere.delete(key)


def test_an_installation_is_named_after_its_project(tmp_path):
    assert installation_of(tmp_path, "shop") == "shop"
    assert installation_of(tmp_path) == installation_of(tmp_path / "x" / "..")
    assert installation_of(tmp_path) != installation_of(tmp_path / "x")
