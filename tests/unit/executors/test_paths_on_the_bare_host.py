"""Paths of a step's world on the bare host: mapping, and rewriting of scripts and arguments."""

from __future__ import annotations

from pathlib import Path

import pytest
from holkas.extensions.executor import Mount, Place
from holkas_builtin.executors.places import PathMap, complete
from hypothesis import given
from hypothesis import strategies as st

SOURCES = {
    "/tekton": "/tmp/place/tekton",
    "/workspace": "/tmp/place/workspace",
    "/workspace/src": "/home/me/project",
    "/root": "/tmp/place/home",
    "/tmp": "/tmp/place/tmp",
    "/data": "/tmp/place/volumes/data",
}


@pytest.fixture(scope="module")
def paths():
    return PathMap(Mount(source=Path(source), target=target) for target, source in SOURCES.items())


@pytest.mark.parametrize(
    ("inside", "host"),
    [
        ("/tekton/results/a", "/tmp/place/tekton/results/a"),
        ("/workspace", "/tmp/place/workspace"),
        ("/workspace/src/x", "/home/me/project/x"),
        ("/workspace/srcs", "/tmp/place/workspace/srcs"),
        ("/workspaces", "/workspaces"),
        ("relative", "relative"),
        ("/", "/"),
    ],
)
def test_the_longest_mount_point_counts(paths, inside, host):
    assert paths.host(inside) == host


@pytest.mark.parametrize(
    ("text", "rewritten"),
    [
        ("cat /workspace/a", "cat /tmp/place/workspace/a"),
        ("cd /workspace", "cd /tmp/place/workspace"),
        ("cd /workspace;ls", "cd /tmp/place/workspace;ls"),
        ("ls /workspace/src.", "ls /home/me/project."),
        ("'/data'", "'/tmp/place/volumes/data'"),
        ('echo x >"/tekton/results/a b"', 'echo x >"/tmp/place/tekton/results/a b"'),
        (">/tmp/x", ">/tmp/place/tmp/x"),
        ("--out=/workspace/src/a", "--out=/home/me/project/a"),
        ("PATH=$PATH:/workspace/bin", "PATH=$PATH:/tmp/place/workspace/bin"),
        ("file:///workspace/a", "file:///tmp/place/workspace/a"),
        ("gcc -I/workspace/include", "gcc -I/tmp/place/workspace/include"),
        ("-C/workspace", "-C/tmp/place/workspace"),
        ("curl -d @/data/x", "curl -d @/tmp/place/volumes/data/x"),
        ("$(cat /data/x)", "$(cat /tmp/place/volumes/data/x)"),
        ("[/data,/tekton]", "[/tmp/place/volumes/data,/tmp/place/tekton]"),
        ("mkdir /root/.ssh", "mkdir /tmp/place/home/.ssh"),
        ("/workspace/src:/data", "/home/me/project:/tmp/place/volumes/data"),
    ],
)
def test_a_path_is_rewritten(paths, text, rewritten):
    assert paths.rewrite(text) == rewritten


@pytest.mark.parametrize(
    "text",
    [
        "my/tekton/x",
        "./workspace/x",
        "../data",
        "$HOME/workspace",
        "${x}/workspace",
        "$(pwd)/data",
        "https://host/workspace/x",
        "/workspace-old",
        "/workspace_2",
        "/workspaces",
        "/data.txt",
        "/other/tekton",
        "~/data",
        "x/data",
        "\\/data",
        "s/*/data",
        "no path at all",
        "",
    ],
)
def test_other_text_stays(paths, text):
    assert paths.rewrite(text) == text


def test_a_map_of_nothing_changes_nothing():
    assert PathMap(()).rewrite("/workspace") == "/workspace"
    assert PathMap([Mount(source=Path("/x"), target="/")]).host("/a") == "/a"


words = st.sampled_from(
    [*SOURCES, *SOURCES.values(), "a", "/", " ", "'", "=", "-I", ".", ":", "\n", "x/y", "é"]
)


@given(st.lists(words, max_size=12).map("".join))
def test_rewriting_twice_is_rewriting_once(text):
    paths = PathMap(Mount(source=Path(source), target=target) for target, source in SOURCES.items())
    once = paths.rewrite(text)
    assert paths.rewrite(once) == once


def test_the_usual_directories_are_made_where_nobody_gave_them(tmp_path):
    place = Place(directory=tmp_path / "a", mounts=(Mount(source=tmp_path / "given", target="/workspace/"),))
    mounts = complete(place, (Mount(source=tmp_path / "own", target="/tmp"),))
    assert [(mount.target, mount.source) for mount in mounts] == [
        ("/tekton", tmp_path / "a" / "tekton"),
        ("/root", tmp_path / "a" / "home"),
        ("/workspace/", tmp_path / "given"),
        ("/tmp", tmp_path / "own"),
    ]
    assert (tmp_path / "a" / "home").stat().st_mode & 0o7777 == 0o777
    assert not (tmp_path / "a" / "tmp").exists()
    assert complete(place)[-2].target == "/tmp"
    assert (tmp_path / "a" / "tmp").stat().st_mode & 0o7777 == 0o1777


def test_of_two_mounts_at_one_place_the_last_counts(tmp_path):
    place = Place(
        directory=tmp_path,
        mounts=(Mount(source=Path("/1"), target="/x"), Mount(source=Path("/2"), target="/x")),
    )
    assert [mount.source for mount in complete(place, (Mount(source=Path("/3"), target="/x/"),))][-1] == Path(
        "/3"
    )
    assert sum(mount.target.rstrip("/") == "/x" for mount in complete(place)) == 1
