"""Trees of this machine and of version controls: identities, files, names."""

import pytest
from holkas.extensions.source_fetcher import SourceRefused, SourceRequest
from holkas.plugins import Context
from holkas_builtin.git.version_control import Git
from holkas_builtin.sources import paths, remote_git
from holkas_builtin.sources.directory_tree import DirectoryTree
from holkas_builtin.sources.local import LocalFetcher
from holkas_builtin.sources.own_repository import normal
from holkas_builtin.sources.remote_git import VersionControlFetcher

from tests.rendering_projects import commit, git, repository, write

FILES = {"a/x.yaml": "1", "a/b/y.yaml": "2", "run.sh": "3"}


def directory_tree(tmp_path):
    return DirectoryTree(write(tmp_path / "plain", FILES))


def working_tree(tmp_path):
    root = repository(tmp_path / "working", {".gitignore": "z"})
    write(root, {**FILES, "z": "ignored"})
    return LocalFetcher(Context(project=root, state=tmp_path / "s1")).open(SourceRequest(repository="."))


def commit_tree(tmp_path):
    root = repository(tmp_path / "commit", FILES)
    return LocalFetcher(Context(project=root, state=tmp_path / "s2")).open(
        SourceRequest(repository=str(root), revision=git(root, "rev-parse", "HEAD"))
    )


@pytest.mark.parametrize("make", [directory_tree, working_tree, commit_tree])
def test_what_a_tree_says(tmp_path, make):
    tree = make(tmp_path)
    assert [path for path in tree.files() if path != ".gitignore"] == ["a/b/y.yaml", "a/x.yaml", "run.sh"]
    root, inner, one, none = tree.identities(["", "a", "a/x.yaml", "nowhere"])
    assert len({root, inner, one}) == 3
    assert none == ""
    assert tree.identities(["a/", "./a"]) == [inner, inner]
    place = tree.materialise(["a/b"])
    assert (place / "a" / "b" / "y.yaml").read_text() == "2"
    assert tree.materialise(["run.sh", "nowhere"]) == place
    assert (place / "run.sh").read_text() == "3"
    assert tree.mentioning("1", (".yaml",)) == [("a/x.yaml", b"1")]
    with pytest.raises(SourceRefused):
        tree.identities(["../x"])


@pytest.mark.parametrize("make", [directory_tree, commit_tree])
def test_identities_follow_the_content_alone(tmp_path, make):
    first, second = make(tmp_path / "1"), make(tmp_path / "2")
    assert first.identities(["", "a"]) == second.identities(["", "a"])


def test_a_bit_is_a_change(tmp_path):
    root = repository(tmp_path / "p", FILES)

    def identity():
        fetcher = LocalFetcher(Context(project=root, state=tmp_path / "s"))
        found = fetcher.open(SourceRequest(repository=".")).identities(["run.sh"])
        fetcher.close()
        return found

    before = identity()
    (root / "run.sh").chmod(0o755)
    assert identity() != before


def test_a_linked_working_tree(tmp_path):
    root = repository(tmp_path / "p", FILES)
    git(root, "worktree", "add", "-q", str(tmp_path / "linked"), "-b", "other")
    write(tmp_path / "linked", {"new.yaml": "4"})
    tree = LocalFetcher(Context(project=tmp_path / "linked", state=tmp_path / "s")).open(
        SourceRequest(repository=".")
    )
    assert "new.yaml" in tree.files()


def test_a_repository_without_a_commit(tmp_path):
    git(write(tmp_path / "p", FILES), "init", "-q")
    tree = LocalFetcher(Context(project=tmp_path / "p", state=tmp_path / "s")).open(
        SourceRequest(repository=".")
    )
    assert tree.revision == ""
    assert "run.sh" in tree.files()


def test_what_is_not_here(tmp_path):
    fetcher = LocalFetcher(Context(project=write(tmp_path / "p", FILES), state=tmp_path / "s"))
    assert not fetcher.handles(SourceRequest(repository="https://example.invalid/x"))
    assert not fetcher.handles(SourceRequest(repository=".", chart="c"))
    for request in (
        SourceRequest(repository="https://example.invalid/x"),
        SourceRequest(repository="./nowhere"),
        SourceRequest(repository=".", revision="v1"),
    ):
        with pytest.raises(SourceRefused):
            fetcher.open(request)
    assert fetcher.versions(SourceRequest(repository=".")) == []
    fetcher.close()


def test_other_revisions_of_the_own_repository(tmp_path):
    root = repository(tmp_path / "p", FILES)
    first = git(root, "rev-parse", "HEAD")
    write(root, {"more": "x"})
    second = commit(root)
    fetcher = LocalFetcher(Context(project=root, state=tmp_path / "s"))

    def revision(**request):
        return fetcher.open(SourceRequest(repository=".", **request)).revision

    assert revision() == revision(revision="main") == revision(revision="refs/heads/main") == second
    assert revision(own_revision=first) == revision(revision="main", own_revision="HEAD~1") == first
    assert revision(revision=second, own_revision=first) == second
    assert fetcher.open(SourceRequest(repository=".", revision=first)).pinned
    assert not fetcher.open(SourceRequest(repository=".")).pinned
    git(root, "update-ref", "refs/remotes/origin/topic", first)
    assert revision(revision="topic") == first
    git(root, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk")
    assert LocalFetcher(Context(project=root, state=tmp_path / "s")).open(
        SourceRequest(repository=".", revision="trunk")
    ).revision == second  # fmt: skip
    fetcher.close()


def test_sizes_have_a_limit(tmp_path, monkeypatch):
    from holkas_builtin.sources import directory_tree as module
    from holkas_builtin.sources import object_tree

    for each in (module, object_tree):
        monkeypatch.setattr(each, "MAX_FILES", 2)
    with pytest.raises(SourceRefused, match="too large"):
        directory_tree(tmp_path).files()
    with pytest.raises(SourceRefused, match="too large"):
        commit_tree(tmp_path).files()


@pytest.mark.parametrize(
    ("links", "refused"),
    [
        ({"a": "b"}, False), ({"a/b": "../c"}, False), ({"a": "/etc"}, True), ({"a": "../x"}, True),
        ({"a/b": "../../x"}, True), ({"a": "a"}, False), ({"up": ".", "x": "up/../y"}, True),
        ({"d": "e/f", "x": "d/../../y"}, False), ({"d": "e/f", "x": "d/../../../y"}, True),
    ],
)  # fmt: skip
def test_links(links, refused):
    if refused:
        with pytest.raises(SourceRefused):
            paths.check_links(links, links)
    else:
        paths.check_links(links, links)


class Lookup:
    def __init__(self, tool):
        self.tool = tool

    def providers(self, hook):
        return ()

    def make(self, hook, name, options=None):
        assert (hook, name) == ("version_controls", "git")
        return self.tool


def test_a_repository_elsewhere(tmp_path, monkeypatch):
    monkeypatch.setattr(remote_git, "MAX_KEPT", 1)
    root = repository(tmp_path / "p", FILES)
    git(root, "tag", "v1.0.0")
    context = Context(project=tmp_path, state=tmp_path / "s")
    fetcher = VersionControlFetcher(
        Context(project=tmp_path, state=tmp_path / "s", plugins=Lookup(Git(context)))
    )
    request = SourceRequest(repository=str(root), revision="HEAD")
    assert fetcher.handles(request)
    assert not fetcher.handles(SourceRequest(repository="oci://x/y"))
    first = fetcher.open(request)
    assert not first.pinned
    assert list(first.files()) == ["a/b/y.yaml", "a/x.yaml", "run.sh"]
    assert list(fetcher.versions(request)) == ["v1.0.0"]
    write(root, {"more": "x"})
    second = fetcher.open(SourceRequest(repository=str(root), revision=commit(root)))
    assert second.pinned
    assert "more" in second.files()
    assert len(list((tmp_path / "s" / "sources" / "revisions").glob("*/*"))) == 1
    with pytest.raises(SourceRefused):
        fetcher.open(SourceRequest(repository="-x"))


def test_without_a_version_control(tmp_path):
    with pytest.raises(SourceRefused):
        VersionControlFetcher(Context(state=tmp_path)).open(
            SourceRequest(repository="https://example.invalid/x")
        )


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/org/repo",
        "https://me@github.com/Org/repo.git/",
        "git@github.com:org/repo.git",
        "ssh://git@GitHub.com/org/repo",
    ],
)
def test_names_of_one_repository(url):
    assert normal(url) == "github.com/org/repo"


def test_the_commit_that_is_checked_out_however_git_keeps_it(tmp_path):
    root = repository(tmp_path / "p", FILES)
    identity = git(root, "rev-parse", "HEAD")

    def revision():
        return (
            LocalFetcher(Context(project=root, state=tmp_path / "s"))
            .open(SourceRequest(repository="."))
            .revision
        )

    assert revision() == identity
    git(root, "pack-refs", "--all")
    assert revision() == identity
    git(root, "checkout", "-q", "--detach")
    assert revision() == identity
