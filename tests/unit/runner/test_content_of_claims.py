"""The content of a claim as one value."""

from __future__ import annotations

import os
import shutil
import tarfile

import pytest
from holkas.state.run_directory import RunDirectory
from holkas_builtin.runner import claim_content
from holkas_builtin.runner.claim_content import ClaimUse, TooMuch, digest_of, mend, pack, replace_content
from holkas_builtin.runner.workspaces_kept import copy_workspaces, keep_workspaces


@pytest.fixture
def claim(tmp_path):
    root = tmp_path / "claims" / "c"
    (root / "d").mkdir(parents=True)
    (root / "d" / "file").write_text("text")
    (root / "link").symlink_to("d/file")
    (root / "nowhere").symlink_to("/does/not/exist")
    return root


def change_mode(root):
    (root / "d" / "file").chmod(0o700)


def change_text(root):
    (root / "d" / "file").write_text("Text")


def change_name(root):
    (root / "d" / "file").rename(root / "d" / "elif")


def change_link(root):
    (root / "link").unlink()
    (root / "link").symlink_to("d")


def add_directory(root):
    (root / "e").mkdir()


@pytest.mark.parametrize("change", [change_mode, change_text, change_name, change_link, add_directory])
def test_every_change_changes_the_digest(claim, change):
    before = digest_of(claim)
    assert digest_of(claim) == before
    change(claim)
    assert digest_of(claim) != before


def test_times_and_the_place_change_nothing(claim, tmp_path):
    before = digest_of(claim)
    os.utime(claim / "d" / "file", (1, 1))
    copy = tmp_path / "other"
    shutil.copytree(claim, copy, symlinks=True)
    assert digest_of(copy) == digest_of(claim) == before


def test_what_is_too_much_or_no_file_is_not_looked_at(claim, monkeypatch):
    os.mkfifo(claim / "fifo")
    with pytest.raises(TooMuch):
        digest_of(claim)
    (claim / "fifo").unlink()
    monkeypatch.setattr(claim_content, "MOST_BYTES", 3)
    with pytest.raises(TooMuch):
        digest_of(claim)


def test_content_comes_back(claim, tmp_path):
    before = digest_of(claim)
    pack(claim, tmp_path / "a.tar")
    other = claim.parent / "other"
    other.mkdir()
    (other / "rest").write_text("goes")
    replace_content({other: tmp_path / "a.tar"})
    assert digest_of(other) == before
    assert sorted(path.name for path in claim.parent.iterdir()) == ["c", "other"]


def test_a_damaged_archive_changes_nothing(claim, tmp_path):
    pack(claim, tmp_path / "good.tar")
    bad = tmp_path / "bad.tar"
    bad.write_bytes((tmp_path / "good.tar").read_bytes()[:600])
    other = claim.parent / "other"
    other.mkdir()
    before = digest_of(claim), digest_of(other)
    for archive in (bad, tmp_path / "missing.tar"):
        with pytest.raises((OSError, tarfile.TarError)):
            replace_content({claim: tmp_path / "good.tar", other: archive})
        assert (digest_of(claim), digest_of(other)) == before


def test_killed_while_content_was_exchanged(claim):
    before = digest_of(claim)
    fresh = claim.with_name("c.~new")
    fresh.mkdir()
    claim.rename(claim.with_name("c.~old"))  # and then it died
    mend(claim.parent)
    assert digest_of(claim) == before
    assert [path.name for path in claim.parent.iterdir()] == ["c"]
    shutil.copytree(claim, claim.with_name("c.~old"), symlinks=True)  # died before the old one was removed
    mend(claim.parent)
    assert [path.name for path in claim.parent.iterdir()] == ["c"]
    mend(claim.parent / "missing")


def test_two_at_the_same_time_are_not_alone():
    use = ClaimUse()
    with use.of(["a"]) as alone:
        assert alone()
        with use.of(["b"]) as other:
            assert other()
        assert alone()
        with use.of(["a", "b"]) as second:
            assert not second()
        assert not alone(), "not even when the other one has gone"
    with use.of(["a"]) as alone, use.nobody_comes():
        assert alone()


def test_only_claims_outlive_a_run_that_ended(tmp_path):
    directory = RunDirectory(tmp_path / "runs" / "one")
    for name in ("claims/c", "results", "places/1"):
        (directory.work / name).mkdir(parents=True)
        (directory.work / name / "file").write_text("x")
    keep_workspaces(directory, goes_on=True)
    assert sorted(path.name for path in directory.work.iterdir()) == ["claims", "results"]
    keep_workspaces(directory)
    assert [path.name for path in directory.work.iterdir()] == ["claims"]
    other = RunDirectory(tmp_path / "runs" / "two")
    copy_workspaces(directory, other)
    assert (other.work / "claims" / "c" / "file").read_text() == "x"
    shutil.rmtree(directory.work / "claims" / "c")
    keep_workspaces(directory)
    assert not directory.work.exists()
