"""The contract of targets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from threading import Thread
from typing import Any, ClassVar

import pytest

from holkas.extensions.target import ApplyOptions, ApplyWay, Target
from holkas.model.resource import Resource, ResourceKey
from holkas.roles.errors import Conflict, ToolError

_LONG = 60.0
"""Seconds after which something never happens."""


def config_map(name: str, data: Mapping[str, str] | None = None, **metadata: Any) -> Resource:
    """A ConfigMap in the namespace ``contract``."""
    return Resource(
        manifest={
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": name, "namespace": "contract", **metadata},
            "data": dict(data or {}),
        }
    )


class TargetContract:
    """Give ``target`` one whose namespace ``contract`` is there and empty. ``reopen`` gives the same place again, as
    another process sees it; None where it ends with the process."""

    merges: ClassVar[bool] = True
    """Whether fields that others added outlive an apply."""

    @pytest.fixture
    def target(self) -> Target:
        """The target under test; override this."""
        raise NotImplementedError(f"{type(self).__name__} has to override the fixture 'target'")

    @pytest.fixture
    def reopen(self) -> Callable[[], Target] | None:
        """The same place again."""
        return None

    def test_it_is_a_target_with_a_name(self, target: Target) -> None:
        assert isinstance(target, Target)
        assert target.name

    def test_what_was_applied_is_live(self, target: Target) -> None:
        wanted = config_map("one", {"a": "ä: 1\n"})
        applied = target.apply(wanted)
        assert applied.changed
        live = target.get(wanted.key)
        assert live is not None
        assert live == applied.live
        assert live.manifest["data"] == {"a": "ä: 1\n"}

    def test_the_same_again_changes_nothing(self, target: Target) -> None:
        target.apply(config_map("one", {"a": "1"}))
        mark = target.changes()
        assert not target.apply(config_map("one", {"a": "1"})).changed
        if mark is not None:
            again = target.changes(mark.mark)
            assert again is not None
            assert again.keys == frozenset()

    def test_a_dry_run_shows_and_changes_nothing(self, target: Target) -> None:
        wanted = config_map("one", {"a": "1"})
        shown = target.apply(wanted, ApplyOptions(dry_run=True))
        assert shown.live.manifest["data"] == {"a": "1"}
        assert target.get(wanted.key) is None
        target.apply(wanted)
        target.apply(config_map("one", {"a": "2"}), ApplyOptions(dry_run=True))
        assert target.delete(wanted.key, dry_run=True)
        live = target.get(wanted.key)
        assert live is not None
        assert live.manifest["data"] == {"a": "1"}

    def test_a_server_side_apply_is_tried_out_without_a_trace(self, target: Target) -> None:
        target.apply(config_map("one", {"a": "1", "b": "2"}))
        tried = target.dry_run_apply(config_map("one", {"a": "2"}))
        if tried is None:
            pytest.skip(f"{target.name} cannot try out a server-side apply")
        assert tried.key == config_map("one").key
        assert tried.manifest["data"]["a"] == "2"
        live = target.get(config_map("one").key)
        assert live is not None
        assert live.manifest["data"] == {"a": "1", "b": "2"}

    def test_creating_what_is_there_conflicts(self, target: Target) -> None:
        create = ApplyOptions(way=ApplyWay.CREATE)
        target.apply(config_map("one"), create)
        with pytest.raises(Conflict):
            target.apply(config_map("one", {"a": "1"}), create)

    def test_a_field_that_is_no_longer_wanted_goes(self, target: Target) -> None:
        target.apply(config_map("one", {"a": "1", "b": "2"}))
        target.apply(config_map("one", {"a": "1"}))
        live = target.get(config_map("one").key)
        assert live is not None
        assert live.manifest["data"] == {"a": "1"}

    def test_a_replaced_resource_is_as_given(self, target: Target) -> None:
        target.apply(config_map("one", {"a": "1"}, labels={"x": "y"}))
        live = target.apply(config_map("one", {"b": "2"}), ApplyOptions(way=ApplyWay.REPLACE)).live
        assert live.manifest["data"] == {"b": "2"}
        assert "labels" not in live.manifest["metadata"]

    def test_what_is_deleted_goes(self, target: Target) -> None:
        wanted = config_map("one")
        target.apply(wanted)
        assert target.delete(wanted.key)
        assert target.get(wanted.key) is None
        assert not target.delete(wanted.key)

    def test_resources_are_listed_by_key_and_label(self, target: Target) -> None:
        for name in ("b", "c", "a"):
            target.apply(config_map(name, labels={"part": "x" if name == "c" else "y"}))
        listed = [one.key for one in target.list() if one.key.namespace == "contract"]
        assert [key.name for key in listed] == ["a", "b", "c"]
        assert [one.key.name for one in target.list({"part": "x"})] == ["c"]

    def test_kinds_know_where_they_live(self, target: Target) -> None:
        assert target.namespaced("", "ConfigMap") is True
        assert target.namespaced("", "Namespace") is False

    def test_what_changed_is_told(self, target: Target) -> None:
        target.apply(config_map("one", {"a": "1"}))
        target.apply(config_map("two", {"a": "1"}))
        first = target.changes()
        if first is None:
            pytest.skip(f"{target.name} is listed each time")
        assert first.keys is None
        target.apply(config_map("one", {"a": "2"}))
        target.delete(config_map("two").key)
        second = target.changes(first.mark)
        assert second is not None
        assert second.keys == frozenset({config_map("one").key, config_map("two").key})
        third = target.changes(second.mark)
        assert third is not None
        assert third.keys == frozenset()
        foreign = target.changes("somebody:7")
        assert foreign is not None
        assert foreign.keys is None

    def test_many_at_once(self, target: Target) -> None:
        names = [f"many-{number}" for number in range(24)]
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda name: target.apply(config_map(name, {"name": name})), names))
        for name in names:
            live = target.get(config_map(name).key)
            assert live is not None
            assert live.manifest["data"] == {"name": name}

    def test_what_is_no_resource_is_refused(self, target: Target) -> None:
        if not self.merges:
            pytest.skip("takes anything")
        with pytest.raises(ToolError):
            target.apply(Resource(manifest={"apiVersion": "v1", "kind": "ConfigMap", "metadata": {}}))

    def test_names_lead_nowhere(self, target: Target) -> None:
        evil = config_map("../../../evil", {"a": "1"})
        try:
            target.apply(evil)
        except ToolError:
            return
        live = target.get(evil.key)
        assert live is not None
        assert live.manifest["data"] == {"a": "1"}

    def test_it_lasts(self, target: Target, reopen: Callable[[], Target] | None) -> None:
        if reopen is None:
            pytest.skip("it ends with the process")
        target.apply(config_map("one", {"a": "1", "b": "2"}, labels={"x": "y"}))
        again = reopen()
        assert [one.key for one in again.list()] == [one.key for one in target.list()]
        assert again.get(config_map("one").key) == target.get(config_map("one").key)
        again.apply(config_map("one", {"a": "1"}))
        live = target.get(config_map("one").key)
        assert live is not None
        assert live.manifest["data"] == {"a": "1"}

    def test_who_follows_is_told_of_every_change_until_the_end(self, target: Target) -> None:
        target.apply(config_map("one", {"a": "1"}))
        known = target.changes()
        told = target.watch()
        if told is None or known is None:
            target.close()
            pytest.skip(f"{target.name} is polled")
        keys: SimpleQueue[ResourceKey | None] = SimpleQueue()

        def follow() -> None:
            for key in told:
                keys.put(key)
            keys.put(None)

        follower = Thread(target=follow, daemon=True)
        follower.start()
        try:
            target.apply(config_map("one", {"a": "2"}))
            target.apply(config_map("two"))
            missing = {config_map("one").key, config_map("two").key}
            while missing:
                missing -= {keys.get(timeout=_LONG)}
            target.delete(config_map("two").key)
            while keys.get(timeout=_LONG) != config_map("two").key:
                pass
            changes = target.changes(known.mark)
            assert changes is not None
            assert changes.keys is None or config_map("two").key in changes.keys
        finally:
            target.close()
        follower.join(_LONG)
        assert not follower.is_alive(), "closing a target ends who follows it"

    def test_it_is_closed(self, target: Target) -> None:
        target.close()

    def test_a_key_of_nothing_is_nothing(self, target: Target) -> None:
        assert target.get(ResourceKey(kind="ConfigMap", namespace="contract", name="none")) is None

    def test_settling_twice_is_harmless(self, target: Target) -> None:
        target.apply(config_map("one"))
        target.settled("synced one")
        target.settled("synced one")
