"""The digest of a file or tree depends on the content alone, and on all of it."""

from __future__ import annotations

import hashlib
import os

import pytest
from holkas.roles.content import digest_of, size_of
from holkas.roles.errors import ToolError
from hypothesis import given
from hypothesis import strategies as st


def write(root, files):
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    return root


def test_a_file_is_its_sha256(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    assert (
        digest_of(tmp_path / "a") == "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
    assert size_of(tmp_path / "a") == 3


def test_a_tree_is_the_sha256_of_its_listing(tmp_path):
    root = write(tmp_path / "tree", {"b": b"2", "a/x": b"1"})
    (root / "b").chmod(0o755)
    (root / "c").symlink_to("a/x")
    digests = [hashlib.sha256(content).hexdigest().encode() for content in (b"1", b"2", b"a/x")]
    listing = b"100644 %b a/x\x00100755 %b b\x00120000 %b c\x00" % tuple(digests)
    assert digest_of(root) == f"sha256:{hashlib.sha256(listing).hexdigest()}"
    assert size_of(root) == 2


def test_times_owners_other_bits_and_empty_directories_do_not_count(tmp_path):
    one = write(tmp_path / "one", {"a": b"1"})
    two = write(tmp_path / "two", {"a": b"1"})
    (two / "a").chmod(0o600)
    os.utime(two / "a", (0, 0))
    (two / "empty").mkdir()
    assert digest_of(one) == digest_of(two)


NAMES = st.lists(
    st.text("abc.-é ", min_size=1, max_size=4).filter(lambda name: name.strip(".")), min_size=1, max_size=3
)
TREES = st.dictionaries(NAMES.map("/".join), st.binary(max_size=4), min_size=1, max_size=4)


def fits(files):
    """No file is another's directory."""
    return not any(other.startswith(path + "/") for path in files for other in files)


@given(st.data())
def test_two_trees_have_one_digest_exactly_when_they_are_equal(tmp_path_factory, data):
    first = data.draw(TREES.filter(fits))
    second = data.draw(st.one_of(st.just(first), TREES.filter(fits)))
    base = tmp_path_factory.mktemp("trees")
    one, two = write(base / "one", first), write(base / "two", dict(reversed(second.items())))
    assert (digest_of(one) == digest_of(two)) == (first == second)


@pytest.mark.parametrize("change", ["mode", "link", "name", "bytes"])
def test_every_change_changes_the_digest(tmp_path, change):
    root = write(tmp_path / "tree", {"a": b"1", "b": b"2"})
    (root / "link").symlink_to("a")
    before = digest_of(root)
    if change == "mode":
        (root / "a").chmod(0o755)
    elif change == "link":
        (root / "link").unlink()
        (root / "link").symlink_to("b")
    elif change == "name":
        (root / "a").rename(root / "c")
    else:
        (root / "a").write_bytes(b"2")
    assert digest_of(root) != before


@pytest.mark.parametrize("target", ["/etc/passwd", "../out", "deep/../../out", ".."])
def test_links_that_leave_are_refused(tmp_path, target):
    root = write(tmp_path / "tree", {"a": b"1"})
    (root / "link").symlink_to(target)
    with pytest.raises(ToolError, match="leaves the tree"):
        digest_of(root)


@pytest.mark.parametrize("target", ["a", "deep/b", "../a", "none"])
def test_links_that_stay_are_kept(tmp_path, target):
    root = write(tmp_path / "tree", {"a": b"1", "deep/b": b"2"})
    (root / "deep" / "link").symlink_to(target)
    assert digest_of(root).startswith("sha256:")


def test_a_link_to_a_directory_is_not_followed(tmp_path):
    root = write(tmp_path / "tree", {"deep/b": b"2"})
    (root / "again").symlink_to("deep")
    assert size_of(root) == 1


def test_what_is_no_file_is_refused(tmp_path):
    (tmp_path / "tree").mkdir()
    os.mkfifo(tmp_path / "tree" / "pipe")
    with pytest.raises(ToolError, match="neither a file"):
        digest_of(tmp_path / "tree")


def test_a_missing_file_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        digest_of(tmp_path / "none")
