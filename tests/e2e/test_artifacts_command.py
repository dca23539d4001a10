"""``holkas artifacts gc``: what nobody names goes, everything else stays."""

from __future__ import annotations

from holkas_builtin.artifacts.repository import DirectoryRepository


def test_only_what_nobody_names_goes(here):
    here.file("kept.txt", "kept")
    here.file("gone.txt", "gone")
    directory = here.state / "artifacts"
    with DirectoryRepository(directory) as repository:
        kept = repository.publish("shop", "1", here.directory / "kept.txt")
        repository.delete(repository.publish("shop", "2", here.directory / "gone.txt"))
    assert "removed" in here("artifacts", "gc", "--dry-run").out
    before = {path for path in directory.rglob("*") if path.is_file()}
    said = here("artifacts", "gc")
    assert (said.code, said.out) == (0, "1 files, 4 bytes removed\n")
    assert len(before - {path for path in directory.rglob("*") if path.is_file()}) == 1
    with DirectoryRepository(directory) as repository:
        assert repository.fetch(kept, here.directory / "out").read_bytes() == b"kept"
    assert here("artifacts", "gc").out == "0 files, 0 bytes removed\n"


def test_its_help_is_found(here):
    assert "gc" in here("artifacts", "--help").out
