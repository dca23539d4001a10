"""Drift is healed as it comes, where the target tells of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from holkas.reconciler.following import Following
from holkas.reconciler.metrics import Metrics
from holkas.reconciler.watch import Rhythm, Watch
from holkas.roles.errors import Retryable
from holkas.state.lock import OwnerLock
from holkas.testing.fakes.target import FakeTarget
from holkas_builtin.targets.directory import DirectoryTarget
from holkas_builtin.targets.memory import MemoryTarget

from tests.command_line import eventually
from tests.reconciling import Life, World, config

AUTO = {"prune": True, "selfHeal": True}


@pytest.fixture(params=["memory", "directory"])
def target(request, tmp_path):
    made = MemoryTarget() if request.param == "memory" else DirectoryTarget(tmp_path / "live", pulse=0.01)
    yield made
    made.close()


def test_drift_is_healed_though_nobody_looks(tmp_path, target):
    world = World(tmp_path / "state")
    world.others["in-cluster"] = target
    world.add("web", config("a"), automated=AUTO)
    synced = threading.Event()
    with Life(world) as life:
        watch = Watch(
            life.reconciler,
            OwnerLock(tmp_path / "lock"),
            Rhythm(interval=3600, live=3600),
            Metrics(),
            say=lambda text: None,
            targets=life.reconciler.targets,
        )
        thread = threading.Thread(target=watch.run)
        thread.start()

        def value():
            found = next((one.manifest for one in target.list() if one.key.name == "a"), None)
            return found and found["data"]["value"]

        try:
            eventually(lambda: value() == "1")
            eventually(lambda: "web" in life.reconciler.statuses and watch._following._followed)
            _drift(target)
            eventually(lambda: value() == "1")
            synced.set()
        finally:
            watch.stop()
            thread.join(60)
    assert synced.is_set()
    assert life.unit("web").book.view["operations"] >= 2


def _drift(target):
    """What somebody else does."""
    resource = next(iter(target.list()))
    theirs = {**resource.manifest, "data": {"value": "theirs"}}
    if isinstance(target, MemoryTarget):
        target.put(theirs)
    else:
        (path,) = target._files.root.glob("*/*/a.yaml")
        path.write_text(path.read_text().replace("'1'", "theirs").replace('"1"', "theirs"))


class Telling(FakeTarget):
    """Fails once, tells once, and ends."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def watch(self) -> Iterator:
        self.asked += 1
        if self.asked == 1:
            raise Retryable("the server is away")
        return iter((config("a"),))


def test_a_target_that_cannot_tell_is_asked_again(monkeypatch):
    monkeypatch.setattr("holkas.reconciler.following._AGAIN", 0.0)
    touched = threading.Event()
    following, target = Following(touched.set), Telling()
    following.follow([("one", target)])
    following.follow([("one", target)])
    assert touched.wait(60)
    assert target.asked == 2


def test_a_target_that_does_not_tell_is_left_alone():
    touched = threading.Event()
    following = Following(touched.set)
    following.follow([("one", FakeTarget())])
    following.stop()
    following.follow([("two", Telling())])
    assert not touched.is_set()
