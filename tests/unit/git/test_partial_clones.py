"""Clones leave the contents of files on servers that can do that, until they are wanted."""

from __future__ import annotations

import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from holkas.roles.errors import ToolError
from holkas_builtin.git.version_control import Git

FILES = {
    "a.txt": "the same in every revision\n",
    "deep/b.txt": "one of two\n",
    "CODEOWNERS": "* @everybody\n",
}


@pytest.fixture
def server(git, tmp_path):
    """A repository with two revisions, which answers as a server does: URL, id of each revision."""
    git("init", "-q")
    ids = []
    for number in ("one", "two"):
        for name, text in {**FILES, "deep/number.txt": f"{number}\n"}.items():
            path = tmp_path / "work" / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        git("add", "-A")
        git("commit", "-q", "-m", number)
        ids.append(git("rev-parse", "HEAD"))
    git("tag", "-a", "-m", "first", "v1", ids[0])
    bare = tmp_path / "server.git"
    git("clone", "-q", "--bare", str(tmp_path / "work"), str(bare))
    git("config", "uploadpack.allowFilter", "true", directory=bare)
    return f"file://{bare}", ids


@pytest.fixture
def tool(holkas_context):
    return Git(holkas_context)


def clone(context):
    (found,) = (context.state / "git").glob("*.git")
    return found


def contents(context):
    """The files whose content is in the clone, each once."""
    words = ["git", f"--git-dir={clone(context)}", "cat-file", "--batch-all-objects", "--batch-check"]
    said = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    blobs = [line.split()[0] for line in said.splitlines() if line.split()[1] == "blob"]
    read = ["git", f"--git-dir={clone(context)}", "cat-file", "blob"]
    return sorted(
        subprocess.run([*read, one], check=True, capture_output=True, text=True).stdout for one in blobs
    )


def written(directory):
    return {
        str(path.relative_to(directory)): path.read_text() for path in directory.rglob("*") if path.is_file()
    }


def test_contents_come_when_they_are_wanted(server, tool, holkas_context, tmp_path):
    url, (first, second) = server
    revision = tool.resolve(url, "main")
    known = contents(holkas_context)
    assert len(known) == 1, "the one that was asked for to see whether the server gives it"
    assert [one.id for one in tool.log(url, "", "main")] == [second, first]
    assert [one.id for one in tool.log(url, "", "main", paths=["a.txt"])] == [first]
    assert tool.changed_paths(url, first, second) == {"deep/number.txt"}
    assert [tag.name for tag in tool.tags(url)] == ["v1"]
    assert contents(holkas_context) == known
    tool.checkout(revision, tmp_path / "part", ["deep"])
    assert written(tmp_path / "part") == {"deep/b.txt": "one of two\n", "deep/number.txt": "two\n"}
    assert set(contents(holkas_context)) == {*known, "one of two\n", "two\n"}
    tool.checkout(revision, tmp_path / "whole")
    assert written(tmp_path / "whole") == {**FILES, "deep/number.txt": "two\n"}
    tool.checkout(tool.resolve(url, first), tmp_path / "before")
    assert written(tmp_path / "before") == {**FILES, "deep/number.txt": "one\n"}
    assert tool.code_owners(revision, ["x"]) == {"x": ("@everybody",)}


def test_what_is_new_comes_alone(server, tool, holkas_context, tmp_path, git):
    url, _ = server
    tool.checkout(tool.resolve(url, "main"), tmp_path / "one")
    before = set(contents(holkas_context))
    (tmp_path / "work" / "deep" / "number.txt").write_text("three\n")
    (tmp_path / "work" / "large").write_text("nobody wants it\n")
    git("add", "-A")
    git("commit", "-q", "-m", "three")
    git("push", "-q", url, "main")
    tool.checkout(tool.resolve(url, "main"), tmp_path / "three", ["deep"])
    assert written(tmp_path / "three")["deep/number.txt"] == "three\n"
    assert set(contents(holkas_context)) == {*before, "three\n"}


def test_a_revision_is_made_without_the_contents_of_others(server, tool, holkas_context, tmp_path, git):
    url, (_, second) = server
    made = tool.commit(url, "main", {"deep/new.txt": b"new\n", "a.txt": None}, "change", expected=second)
    assert "one of two\n" not in contents(holkas_context)
    assert git("ls-tree", "-r", "--name-only", made.id, directory=tmp_path / "server.git").splitlines() == [
        "CODEOWNERS", "deep/b.txt", "deep/new.txt", "deep/number.txt",
    ]  # fmt: skip
    git("fsck", "--full", "--strict", directory=tmp_path / "server.git")
    tool.checkout(made, tmp_path / "made")
    assert written(tmp_path / "made")["deep/b.txt"] == "one of two\n"
    assert tool.tag(made, "v2", "second").revision == made.id


def test_many_at_once(server, tool, tmp_path):
    url, ids = server
    with ThreadPoolExecutor(4) as pool:
        list(
            pool.map(
                lambda number: tool.checkout(tool.resolve(url, ids[number % 2]), tmp_path / f"tree-{number}"),
                range(6),
            )
        )
    numbers = [written(tmp_path / f"tree-{number}")["deep/number.txt"] for number in range(6)]
    assert numbers == ["one\n", "two\n"] * 3


@pytest.mark.parametrize("case", ["no filter", "a directory", "not wanted", "contents by no id", "no files"])
def test_otherwise_a_clone_is_whole(server, holkas_context, tmp_path, git, case, monkeypatch):
    (url, _), bare, wanted = server, tmp_path / "server.git", {**FILES, "deep/number.txt": "two\n"}
    context = holkas_context
    if case == "no filter":
        git("config", "uploadpack.allowFilter", "false", directory=bare)
    elif case == "a directory":
        url = str(bare)
    elif case == "not wanted":
        context = replace(holkas_context, options={"partial": False})
    elif case == "contents by no id":  # as servers do that speak the first version of the protocol
        (tmp_path / ".gitconfig").write_text("[protocol]\n\tversion = 0\n")
        monkeypatch.setenv("HOME", str(tmp_path))
    else:
        git("checkout", "-q", "--orphan", "bare")
        git("rm", "-rfq", ".")
        git("commit", "-q", "--allow-empty", "-m", "nothing")
        git("push", "-qf", url, "bare:main")
        git("push", "-q", url, ":v1")
        wanted = {}
    tool = Git(context)
    tool.checkout(tool.resolve(url, "main"), tmp_path / "tree")
    assert written(tmp_path / "tree") == wanted
    assert not (clone(context) / "holkas-partial").exists()
    assert len(contents(context)) >= len(wanted)


def test_a_server_that_is_gone_is_told_and_leaves_nothing(server, tool, tmp_path):
    url, _ = server
    revision = tool.resolve(url, "main")
    shutil.rmtree(tmp_path / "server.git")
    with pytest.raises(ToolError) as caught:
        tool.checkout(revision, tmp_path / "tree")
    assert "\n" not in str(caught.value)
    assert list((tmp_path / "tree").iterdir()) == []


def test_a_file_that_the_server_has_lost_is_told(server, tool, tmp_path, git):
    url, _ = server
    revision = tool.resolve(url, "main")
    bare = tmp_path / "server.git"
    lost = git("rev-parse", "HEAD:deep/b.txt", directory=bare)
    for pack in list((bare / "objects" / "pack").glob("*")):
        shutil.move(pack, tmp_path / pack.name)
    for pack in tmp_path.glob("*.pack"):
        with pack.open("rb") as data:
            git("unpack-objects", "-q", directory=bare, stdin=data)
    (bare / "objects" / lost[:2] / lost[2:]).unlink()
    with pytest.raises(ToolError):
        tool.checkout(revision, tmp_path / "tree")
