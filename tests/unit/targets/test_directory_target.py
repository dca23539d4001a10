"""The directory target: files for people, hands that slip, links, crashes, and a history."""

from __future__ import annotations

import subprocess

import pytest
from holkas.model.resource import Resource, ResourceKey
from holkas.roles.errors import ToolError
from holkas.yaml import load
from holkas_builtin.targets.directory import DirectoryTarget
from holkas_builtin.targets.layout import key_of_path, path_of
from hypothesis import given
from hypothesis import strategies as st

from tests.crashes import crash_at


def config(data, name="web", **more):
    metadata = {"name": name, "namespace": "shop"}
    return Resource(
        manifest={"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data, **more}
    )


FILE = "shop/ConfigMap/web.yaml"


@pytest.fixture
def root(tmp_path):
    return tmp_path / "live"


@pytest.fixture
def target(root):
    return DirectoryTarget(root, patience=0.0)


def test_a_resource_is_a_file_that_people_can_read(root, target):
    target.apply(config({"a": "1"}))
    text = (root / FILE).read_text()
    assert load(text) == config({"a": "1"}).manifest
    assert "last-applied" not in text


def test_a_destination_is_a_directory(root):
    DirectoryTarget(root, destination="prod").apply(config({}))
    assert (root / "prod" / FILE).is_file()
    assert list(DirectoryTarget(root, destination="other").list()) == []


def test_what_others_add_stays_and_status_too(root, target):
    target.apply(config({"a": "1"}))
    (root / FILE).write_text(
        (root / FILE).read_text().replace("data:", "data:\n  b: mine") + "status: {ready: true}\n"
    )
    live = target.apply(config({"a": "2"}, status={"ready": False})).live.manifest
    assert live["data"] == {"a": "2", "b": "mine"}
    assert live["status"] == {"ready": True}


def test_a_hand_that_slipped_is_put_right(root, target):
    target.apply(config({"a": "1"}))
    (root / FILE).write_text("{ this is: no yaml")
    (live,) = target.list()
    assert live.key == config({}).key
    assert "data" not in live.manifest
    assert target.apply(config({"a": "1"})).live.manifest["data"] == {"a": "1"}


def test_another_resource_in_a_file_does_not_count(root, target):
    target.apply(config({"a": "1"}))
    (root / FILE).write_text((root / FILE).read_text().replace("name: web", "name: other"))
    assert [one.key.name for one in target.list()] == ["web"]


def test_a_change_by_hand_is_told(root, target):
    target.apply(config({"a": "1"}))
    mark = target.changes().mark
    path = root / FILE
    path.write_text(path.read_text().replace("1", "23"))
    assert target.changes(mark).keys == {config({}).key}
    mark = target.changes(mark).mark
    path.unlink()
    assert target.changes(mark).keys == {config({}).key}
    assert target.get(config({}).key) is None


def test_a_touched_file_is_no_change(root, target):
    target.apply(config({"a": "1"}))
    mark = target.changes().mark
    (root / FILE).write_text((root / FILE).read_text())
    assert target.changes(mark).keys == frozenset()


def test_nothing_is_read_or_written_through_links(root, target, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "web.yaml").write_text("secret: 1\n")
    (root / "shop").mkdir(parents=True)
    (root / "shop" / "ConfigMap").symlink_to(outside)
    assert list(target.list()) == []
    with pytest.raises(ToolError, match="link"):
        target.apply(config({"a": "1"}))
    assert (outside / "web.yaml").read_text() == "secret: 1\n"
    assert not target.delete(config({}).key)
    (root / "shop" / "ConfigMap").unlink()
    (root / "shop" / "ConfigMap").mkdir()
    (root / FILE).symlink_to(outside / "web.yaml")
    target.apply(config({"a": "1"}))
    assert (outside / "web.yaml").read_text() == "secret: 1\n"
    assert (root / FILE).is_file()
    assert not (root / FILE).is_symlink()


def test_what_cannot_be_written_is_told_in_a_sentence(root, target):
    root.mkdir()
    (root / "shop").write_text("a file where a directory has to be")
    with pytest.raises(ToolError, match="cannot write"):
        target.apply(config({"a": "1"}))


def test_foreign_files_are_no_resources(root, target):
    target.apply(config({"a": "1"}))
    (root / "README.md").write_text("x")
    (root / "shop" / "ConfigMap" / "notes.txt").write_text("x")
    (root / "shop" / "ConfigMap" / ".hidden.yaml").write_text("x")
    assert [one.key.name for one in target.list()] == ["web"]


def test_custom_kinds_say_where_they_live(root, target):
    assert target.namespaced("x.dev", "Thing") is None
    names = {"kind": "Thing", "plural": "things"}
    target.apply(
        Resource(
            manifest={
                "apiVersion": "apiextensions.k8s.io/v1",
                "kind": "CustomResourceDefinition",
                "metadata": {"name": "things.x.dev"},
                "spec": {"group": "x.dev", "names": names, "scope": "Cluster"},
            }
        )
    )
    assert target.namespaced("x.dev", "Thing") is False
    assert (
        root / "_cluster" / "CustomResourceDefinition.apiextensions.k8s.io" / "things.x.dev.yaml"
    ).is_file()


def git(root, *words):
    done = subprocess.run(["git", "-C", str(root), *words], check=True, capture_output=True, text=True)
    return done.stdout


def test_a_history_has_a_commit_for_each_change(root):
    target = DirectoryTarget(root, destination="prod", history=True)
    target.settled("nothing to keep yet")
    target.apply(config({"a": "1"}))
    target.settled("synced web\nto 1")
    target.settled("nothing new")
    target.delete(config({}).key)
    target.settled("pruned web")
    assert git(root, "log", "--format=%s").splitlines() == ["pruned web", "synced web to 1"]
    assert git(root, "show", "--format=", "--name-status", "HEAD").split() == ["D", f"prod/{FILE}"]


def test_killed_anywhere_the_old_or_the_new_is_there(root):
    DirectoryTarget(root).apply(config({"a": "1", "b": "1"}))
    number = 1
    while crash_at(number, lambda: DirectoryTarget(root).apply(config({"a": "2"}))):
        found = DirectoryTarget(root).get(config({}).key)
        assert found is not None
        assert found.manifest["data"] in ({"a": "1", "b": "1"}, {"a": "2"})
        DirectoryTarget(root).apply(config({"a": "2"}))
        assert DirectoryTarget(root).get(config({}).key).manifest["data"] == {"a": "2"}
        DirectoryTarget(root).apply(config({"a": "1", "b": "1"}))
        number += 1
        assert number < 200
    assert number > 3


NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=9)


@given(
    NAMES,
    NAMES.filter(lambda text: "." not in text),
    st.one_of(st.just(""), NAMES),
    st.one_of(st.just(""), NAMES),
)
def test_every_name_has_a_path_of_its_own_below_the_root(name, kind, group, namespace):
    key = ResourceKey(group=group, kind=kind, namespace=namespace, name=name)
    path = path_of(key)
    assert key_of_path(path) == key
    assert not any(part in ("", ".", "..") for part in path.split("/"))
    assert len(path.split("/")) == 3


@pytest.mark.parametrize(
    "path", ["a.yaml", "a/b/c/d.yaml", "a/b/c.yml", "../b/c.yaml", "a/b/.yaml", "a/b/%2e.yaml"]
)
def test_what_is_no_path_of_a_resource(path):
    assert key_of_path(path) is None
