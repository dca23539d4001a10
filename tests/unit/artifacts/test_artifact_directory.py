"""The artifact directory: verified when read, whole after a kill, rid of garbage."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from holkas.roles.content import digest_of
from holkas.roles.errors import AccessDenied, Conflict, Corrupt, NotFound, ToolError
from holkas.roles.faults import told
from holkas_builtin.artifacts.repository import DirectoryRepository
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.crashes import crash_at


@pytest.fixture
def repository(tmp_path):
    return DirectoryRepository(tmp_path / "repository")


@pytest.fixture
def tree(tmp_path):
    root = tmp_path / "tree"
    (root / "d").mkdir(parents=True)
    (root / "d" / "a").write_bytes(b"aaa")
    (root / "b").write_bytes(b"bb")
    (root / "l").symlink_to("d/a")
    return root


def stored(repository, content):
    """The file in which some bytes lie."""
    (found,) = [path for path in (repository / "objects").glob("??/*") if path.read_bytes() == content]
    return found


def test_content_that_a_disk_has_changed_is_not_used(repository, tree, tmp_path):
    artifact = repository.publish("app", "1", tree)
    bad = stored(tmp_path / "repository", b"aaa")
    bad.chmod(0o644)
    bad.write_bytes(b"bad")
    with pytest.raises(Corrupt):
        repository.fetch(artifact, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []
    repository.publish("app", "2", tree)
    repository.fetch(artifact, tmp_path / "out")
    assert (tmp_path / "out" / "d" / "a").read_bytes() == b"aaa", "publishing it again has mended it"


@pytest.mark.parametrize("damage", ["listing", "missing", "outside"])
def test_a_tree_that_is_not_what_its_digest_says_is_not_used(repository, tree, tmp_path, damage):
    artifact = repository.publish("app", "1", tree)
    (listing,) = (tmp_path / "repository" / "trees").glob("??/*")
    listing.chmod(0o644)
    if damage == "listing":
        listing.write_bytes(listing.read_bytes().replace(b"d/a", b"d/x"))
    elif damage == "outside":
        listing.write_bytes(listing.read_bytes().replace(b" b\0", b" ../b\0"))
    else:
        stored(tmp_path / "repository", b"bb").unlink()
    with pytest.raises(Corrupt):
        repository.fetch(artifact, tmp_path / "out")
    assert not (tmp_path / "b").exists()


def test_a_record_that_cannot_be_read_is_no_version(repository, tree, tmp_path):
    repository.publish("app", "1", tree)
    (record,) = (tmp_path / "repository" / "names").glob("*/versions/*.json")
    for text in ("{", "[]", '{"name": "app"}'):
        record.chmod(0o644)
        record.write_text(text)
        with pytest.raises(Corrupt):
            repository.resolve("app", "1")


def test_a_directory_with_something_in_it_is_not_written_into(repository, tree, tmp_path):
    artifact = repository.publish("app", "1", tree)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").touch()
    with pytest.raises(ToolError, match="not empty"):
        repository.fetch(artifact, tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine"]


@pytest.mark.parametrize("name", ["", "../x", "a//b", "/a", "a/", "-x", "a b", ".a", "a/../b", "ä"])
def test_a_name_that_is_none_is_refused(repository, tree, tmp_path, name):
    with pytest.raises(ToolError):
        repository.publish(name, "1", tree)
    assert not (tmp_path / "repository" / "objects").exists()


@pytest.mark.parametrize("version", ["", "a\nb", "sha256:x", "x" * 300])
def test_a_version_that_is_none_is_refused(repository, tree, version):
    with pytest.raises(ToolError):
        repository.publish("app", version, tree)


@settings(deadline=None, max_examples=30)
@given(
    version=st.text(
        st.characters(categories=["L", "N", "P", "S"], exclude_characters=":"), min_size=1, max_size=20
    )
)
def test_any_printable_version_leads_back_to_its_content(tmp_path_factory, version):
    root = tmp_path_factory.mktemp("versions")
    (root / "file").write_text(version)
    repository = DirectoryRepository(root / "repository")
    repository.publish("app", version, root / "file")
    assert repository.resolve("app", version).version == version
    assert all(path.is_relative_to(root / "repository") for path in root.rglob("*.json"))


def test_what_no_artifact_can_hold_is_refused(repository, tree, tmp_path):
    os.mkfifo(tree / "pipe")
    with pytest.raises(ToolError, match="neither"):
        repository.publish("app", "1", tree)
    with pytest.raises(ToolError):
        repository.publish("app", "1", tree / "pipe")


def test_garbage_goes_and_what_is_named_stays(repository, tree, tmp_path):
    one = repository.publish("app", "1", tree)
    (tree / "b").write_bytes(b"other")
    two = repository.publish("app", "2", tree)
    bill = repository.attach(one, "text/plain", b"bill of one")
    kept = repository.attach(two, "text/plain", b"bill of two")
    repository.tag(one, "prod")
    repository.tag(two, "dev")
    assert repository.collect().files == 0
    repository.delete(one)
    with pytest.raises(NotFound):
        repository.resolve("app", "prod")
    would = repository.collect(dry_run=True)
    (tmp_path / "repository" / "tmp" / "left").write_bytes(b"x")
    (tmp_path / "repository" / "names" / "app" / "versions" / ".left").write_bytes(b"x")
    done = repository.collect()
    assert (done.files, done.size) == (would.files + 2, would.size + 2)
    assert would.files == 3, "a listing, a file, a document"
    with pytest.raises(NotFound):
        repository.fetch(bill, tmp_path / "bill")
    assert repository.fetch(kept, tmp_path / "kept").read_bytes() == b"bill of two"
    assert digest_of(repository.fetch(two, tmp_path / "two")) == two.digest
    assert repository.resolve("app", "dev").digest == two.digest
    assert repository.referrers(one) == ()


def test_a_tag_of_content_with_two_versions_outlives_one(repository, tree):
    one = repository.publish("app", "1", tree)
    two = repository.publish("app", "2", tree)
    assert one.digest == two.digest
    repository.tag(one, "prod")
    repository.delete(one)
    assert repository.resolve("app", "prod").version == "2"
    with pytest.raises(NotFound):
        repository.tag(replace(one, digest="sha256:" + "1" * 64), "x")


def test_a_kill_at_any_moment_leaves_no_version_or_a_whole_one(tree, tmp_path):
    number, killed = 0, True
    while killed:
        number += 1
        repository = DirectoryRepository(tmp_path / f"r{number}")
        killed = crash_at(number, lambda repository=repository: repository.publish("app", "1", tree))
        for artifact in repository.artifacts():
            assert digest_of(repository.fetch(artifact, tmp_path / f"o{number}")) == artifact.digest
        again = repository.publish("app", "1", tree)
        repository.collect()
        assert digest_of(repository.fetch(again, tmp_path / f"p{number}")) == again.digest
        assert not any((tmp_path / f"r{number}" / "tmp").iterdir())
    assert number > 15


def test_a_version_published_by_another_first_is_a_conflict(repository, tree, tmp_path):
    repository.publish("app", "1", tree)
    with pytest.raises(Conflict, match="published already"):
        repository.publish("app", "1", tree / "b")


def test_a_place_that_cannot_be_used_is_told(tmp_path):
    (tmp_path / "file").touch()
    repository = DirectoryRepository(tmp_path / "file" / "x")
    assert "not a directory" in repository.fault()
    with pytest.raises(ToolError, match="cannot publish"):
        repository.publish("app", "1", tmp_path / "file")
    with pytest.raises(AccessDenied), told("cannot"):
        raise PermissionError(13, "Permission denied", "x")


def test_the_plugin_puts_it_below_the_state_or_where_it_is_told(holkas_plugins, tmp_path):
    from holkas_builtin.artifacts import hooks

    plugins = holkas_plugins(hooks)
    (tmp_path / "file").write_text("x")
    with plugins.make("artifact_repositories", "directory", {"directory": "here"}) as repository:
        repository.publish("app", "1", tmp_path / "file")
    assert Path(tmp_path / "project" / "here" / "objects").is_dir()
    with plugins.make("artifact_repositories", "directory", {}) as repository:
        repository.publish("app", "1", tmp_path / "file")
    assert Path(tmp_path / "state" / "artifacts" / "objects").is_dir()
