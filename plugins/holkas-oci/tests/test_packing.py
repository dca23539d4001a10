"""The same content makes the same bytes; an archive of strangers writes nothing where it should not."""

from __future__ import annotations

import io
import os
import tarfile

import pytest
from holkas.roles.content import digest_of, emptied, size_of
from holkas.roles.errors import Corrupt, ToolError
from holkas_oci.packing import packed
from holkas_oci.unpacking import Verified, write_file, write_tree


def tree(root, *, mtime=0, mode=0o644):
    (root / "bin" / ("d" * 120)).mkdir(parents=True)
    (root / "bin" / "app").write_text("#!/bin/sh\n")
    (root / "bin" / "app").chmod(0o755)
    (root / "bin" / ("d" * 120) / "a-ä").write_bytes(bytes(range(256)) * 40)
    (root / "bin" / ("d" * 120) / "a-ä").chmod(mode)
    with open(os.fsencode(root) + b"/not-utf8-\xff", "wb") as file:
        file.write(b"x")
    (root / "empty").touch()
    (root / "link").symlink_to("bin/app")
    for path in root.rglob("*"):
        os.utime(path, (mtime, mtime), follow_symlinks=False)
    return root


def test_the_same_tree_makes_the_same_bytes(tmp_path):
    one = packed(tree(tmp_path / "one"))
    two = packed(tree(tmp_path / "two", mtime=1_700_000_000, mode=0o600))
    assert (one.digest, one.blob.digest, one.blob.size) == (two.digest, two.blob.digest, two.blob.size)
    assert one.digest == digest_of(tmp_path / "one")
    assert one.size == size_of(tmp_path / "one")
    assert one.blob.size == sum(map(len, one.blob.read())) == sum(map(len, one.blob.read()))


def test_a_tree_comes_back_as_it_was(tmp_path):
    content = packed(tree(tmp_path / "one"))
    out = tmp_path / "out"
    out.mkdir()
    source = Verified(content.blob.read(), content.blob.size)
    write_tree(source, out, content.blob.size)
    assert source.digest() == content.blob.digest
    assert digest_of(out) == content.digest


def test_an_archive_is_what_tar_reads(tmp_path):
    content = packed(tree(tmp_path / "one"))
    with tarfile.open(fileobj=io.BytesIO(b"".join(content.blob.read()))) as archive:
        assert [os.fsencode(one.name) for one in archive] == sorted(os.fsencode(one.name) for one in archive)
        assert {(one.mtime, one.uid, one.uname) for one in archive} == {(0, 0, "")}
    assert content.blob.size % 10240 == 0


def test_an_empty_tree_is_one_too(tmp_path):
    (tmp_path / "empty").mkdir()
    content = packed(tmp_path / "empty")
    assert (content.digest, content.size, content.tree) == (digest_of(tmp_path / "empty"), 0, True)


def test_a_file_that_changes_while_it_is_read_is_noticed(tmp_path):
    (tmp_path / "t").mkdir()
    file = tmp_path / "t" / "a"
    file.write_bytes(b"x" * (3 << 20))
    pieces = packed(tmp_path / "t").blob.read()
    next(pieces)
    file.write_bytes(b"")
    with pytest.raises(ToolError, match="changes while"):
        list(pieces)


def member(name, kind=tarfile.REGTYPE, content=b"", link=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.size = kind, link, len(content)
    return info, content


def archive(*members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as file:
        for info, content in members:
            file.addfile(info, io.BytesIO(content))
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        archive(member("../out")),
        archive(member("/tmp/out")),
        archive(member("a/../../out")),
        archive(member("a"), member("a")),
        archive(member("a"), member("a/b")),
        archive(member("p", tarfile.FIFOTYPE)),
        archive(member("c", tarfile.CHRTYPE)),
        archive(member("h", tarfile.LNKTYPE, link="/etc/passwd")),
        archive(member("./.")),
        b"no archive at all" * 100,
        archive(member("a", content=b"x" * 2000))[:1024],
    ],
)
def test_a_hostile_archive_is_refused(tmp_path, data):
    root = tmp_path / "root"
    root.mkdir()
    with pytest.raises(Corrupt):
        write_tree(Verified(iter([data]), len(data)), root, len(data))
    assert {path.name for path in tmp_path.iterdir()} == {"root"}


def test_nothing_is_written_through_a_link(tmp_path):
    root = tmp_path / "root"
    (root).mkdir()
    data = archive(member("a", tarfile.SYMTYPE, link=str(tmp_path)), member("a/out", content=b"x"))
    write_tree(Verified(iter([data]), len(data)), root, len(data))
    assert not (tmp_path / "out").exists()
    assert (root / "a" / "out").read_bytes() == b"x"


def test_more_than_was_said_is_refused(tmp_path):
    with pytest.raises(Corrupt, match="more bytes"):
        write_file(Verified(iter([b"12345"]), 4), tmp_path / "a")
    data = archive(member("a", content=b"x" * 100))
    with pytest.raises(Corrupt, match="unpacks to more"):
        write_tree(Verified(iter([data]), len(data)), tmp_path / "b", 99)


def test_a_directory_is_emptied_and_links_are_not_followed(tmp_path):
    (tmp_path / "kept").write_text("x")
    root = tmp_path / "root"
    (root / "a").mkdir(parents=True)
    (root / "b").symlink_to(tmp_path)
    (root / "c").touch()
    emptied(root)
    assert list(root.iterdir()) == []
    assert (tmp_path / "kept").exists()
