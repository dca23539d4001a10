"""Entry points are read from metadata on disk, as importlib.metadata would, without importing it."""

from __future__ import annotations

import importlib.metadata
import sys
import zipfile

import pytest
from holkas.plugins.inventory import Entry, entries, normal


def install(site, name, entry_points, *, version="1.2", kind="dist-info", metadata=True):
    """Lay down a distribution's metadata as pip does."""
    stem = f"{name.replace('-', '_')}-{version}" if kind == "dist-info" else name.replace("-", "_")
    directory = site / f"{stem}.{kind}"
    directory.mkdir(parents=True)
    if metadata:
        file = "METADATA" if kind == "dist-info" else "PKG-INFO"
        (directory / file).write_text(
            f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n\nName: not-this\n", encoding="utf-8"
        )
    if entry_points is not None:
        (directory / "entry_points.txt").write_text(entry_points, encoding="utf-8")
    return directory


def test_entries_of_the_group_alone(tmp_path):
    install(
        tmp_path,
        "holkas-vault",
        "[console_scripts]\nvault = a:b\n\n[holkas]\nvault = holkas_vault.hooks\n# not = this\n; nor = this\n"
        "broken line\nmore=holkas_vault.more:Plugin [extra]\n[other]\nx = y\n",
    )
    install(tmp_path, "elsewhere", "[other]\nholkas = x\n")
    install(tmp_path, "without", None)
    assert entries([str(tmp_path)]) == [
        Entry(name="more", module="holkas_vault.more:Plugin", distribution="holkas-vault", version="1.2"),
        Entry(name="vault", module="holkas_vault.hooks", distribution="holkas-vault", version="1.2"),
    ]


def test_ours_come_first_then_by_name(tmp_path):
    for name in ("zebra", "alpha", "holkas"):
        install(tmp_path, name, f"[ holkas ]\n{name} = {name}.hooks\n")
    assert [entry.distribution for entry in entries([str(tmp_path)])] == ["holkas", "alpha", "zebra"]


def test_the_first_of_two_versions_on_the_path_counts(tmp_path):
    install(tmp_path / "a", "My.Tool", "[holkas]\none = new.hooks\n", version="2.0")
    install(tmp_path / "b", "my-tool", "[holkas]\none = old.hooks\n", version="1.0")
    (found,) = entries([str(tmp_path / "a"), str(tmp_path / "b"), str(tmp_path / "a")])
    assert (found.module, found.version, found.distribution) == ("new.hooks", "2.0", "My.Tool")


def test_an_egg_info_directory_counts_too(tmp_path):
    install(tmp_path, "old-style", "[holkas]\nold = old.hooks\n", kind="egg-info")
    (found,) = entries([str(tmp_path)])
    assert (found.distribution, found.version) == ("old-style", "1.2")


def test_without_metadata_the_directory_names_it(tmp_path):
    install(tmp_path, "bare", "[holkas]\nbare = bare.hooks\n", version="0.3", metadata=False)
    (found,) = entries([str(tmp_path)])
    assert (found.distribution, found.version) == ("bare", "0.3")


def test_a_zip_file_on_the_path(tmp_path):
    archive = tmp_path / "app.pyz"
    with zipfile.ZipFile(archive, "w") as file:
        for name in ("zipped", "holkas_vault"):
            file.writestr(
                f"{name}-1.0.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
            )
            file.writestr(f"{name}-1.0.dist-info/entry_points.txt", f"[holkas]\n{name} = {name}.hooks\n")
    install(tmp_path / "site", "holkas-vault", "[holkas]\nvault = first.hooks\n")
    assert [entry.module for entry in entries([str(tmp_path / "site"), str(archive)])] == [
        "first.hooks",
        "zipped.hooks",
    ]


def test_a_missing_place_and_undecodable_text_are_no_error(tmp_path):
    directory = install(tmp_path, "odd", None)
    (directory / "entry_points.txt").write_bytes(b"[holkas]\nodd\xff = odd.hooks\n")
    (tmp_path / "file.dist-info").touch()
    found = entries([str(tmp_path / "none"), str(tmp_path)])
    assert [entry.module for entry in found] == ["odd.hooks"]


def test_the_working_directory_is_meant_by_an_empty_place(tmp_path, monkeypatch):
    install(tmp_path, "here", "[holkas]\nhere = here.hooks\n")
    monkeypatch.chdir(tmp_path)
    assert [entry.name for entry in entries([""])] == ["here"]


@pytest.mark.parametrize("name", ["My.Tool", "my_tool", "my--tool", "MY-.-TOOL"])
def test_names_are_compared_in_one_form(name):
    assert normal(name) == "my-tool"


def test_here_it_finds_what_importlib_finds():
    expected = {(point.name, point.value) for point in importlib.metadata.entry_points(group="holkas")}
    assert {(entry.name, entry.module) for entry in entries(sys.path)} == expected
    assert ("tekton", "holkas_compat.tekton.hooks") in expected
