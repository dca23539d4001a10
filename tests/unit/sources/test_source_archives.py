"""Archives from elsewhere are unpacked inside of their directory, or not at all."""

import tarfile

import pytest
from holkas.extensions.source_fetcher import SourceRefused
from holkas_builtin.sources import archives

from tests.made_archives import archive, file


@pytest.mark.parametrize("mode", ["w:gz", "w", "w:xz"])
def test_files_and_directories(tmp_path, mode):
    archives.unpack(
        archive(file("a/b.txt", "hello"), ("d", "", tarfile.DIRTYPE), file("./e"), mode=mode), tmp_path, "it"
    )
    assert (tmp_path / "a" / "b.txt").read_text() == "hello"
    assert (tmp_path / "d").is_dir()
    assert (tmp_path / "e").is_file()


@pytest.mark.parametrize(
    "member",
    [
        file("../x"), file("/x"), file("a/../../x"), ("l", "/etc/passwd", tarfile.SYMTYPE), ("l", "x", tarfile.LNKTYPE),
        ("p", "", tarfile.FIFOTYPE), ("c", "", tarfile.CHRTYPE),
    ],
)  # fmt: skip
def test_what_leaves_or_is_no_file(tmp_path, member):
    inside = tmp_path / "inside"
    inside.mkdir()
    with pytest.raises(SourceRefused):
        archives.unpack(archive(member), inside, "it")
    assert list(tmp_path.iterdir()) == [inside]


@pytest.mark.parametrize(
    "data", [b"", b"no archive", archive(file("a", "x" * 9999))[:60]], ids=["empty", "text", "cut"]
)
def test_what_is_no_archive(tmp_path, data):
    with pytest.raises(SourceRefused):
        archives.unpack(data, tmp_path, "it")


def test_too_much(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MAX_UNPACKED", 10)
    with pytest.raises(SourceRefused, match="more than"):
        archives.unpack(archive(file("a", "x" * 11)), tmp_path, "it")
    monkeypatch.setattr(archives, "MAX_FILES", 1)
    with pytest.raises(SourceRefused, match="more than"):
        archives.unpack(archive(file("a"), file("b")), tmp_path, "it")


def test_a_directory_is_whole_or_not_there(tmp_path):
    place = tmp_path / "place"

    def fail(new):
        (new / "half").write_text("x")
        raise SourceRefused("no")

    with pytest.raises(SourceRefused):
        archives.once(place, fail)
    assert list(tmp_path.iterdir()) == []
    archives.once(place, lambda new: (new / "a").write_text("1") and None)
    archives.once(place, fail)
    assert (place / "a").read_text() == "1"


def test_another_process_was_first(tmp_path):
    place = tmp_path / "place"

    def make(new):
        place.mkdir()
        (place / "theirs").write_text("x")

    assert archives.once(place, make) == place
    assert (place / "theirs").is_file()
