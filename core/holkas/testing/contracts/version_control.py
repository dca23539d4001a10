"""The contract of version control."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest

from holkas.model.commit_status import CommitState, CommitStatus
from holkas.model.revision import Person, Revision
from holkas.model.secret import Secret
from holkas.roles.errors import AccessDenied, Conflict, NotFound, ToolError
from holkas.roles.version_control import VersionControl
from holkas.testing.contracts.role import Needs, RoleContract

ANNA = Person(name="Anna", email="anna@example.org")
_ANY = Revision(repository="x", id="0" * 40)
STATUS = CommitStatus(
    name="contract/one", state=CommitState.PENDING, text="it runs", url="https://example.org/1"
)


class VersionControlContract(RoleContract):
    """Give ``tool``, and ``repository``: the name of a new, empty repository that the tool may write to.

    comments: what stands below a pull request, by repository and its id; None where nobody can look. owner: the URL
    below which the forge shows ``repository``, where that is not its own without the last part.
    """

    role = VersionControl
    behind: ClassVar[Any] = {
        "begin": (lambda tool: tool.begin(Path("x"), "message", ANNA),),
        "changed-paths": (lambda tool: tool.changed_paths("x", "a", "b"),),
        "tags": (lambda tool: tool.tags("x"), lambda tool: tool.tag(_ANY, "x")),
        "pull-requests": (
            lambda tool: tool.pull_requests("x"),
            lambda tool: tool.propose("x", "a", "b", "title"),
            lambda tool: tool.comment("x", "1", "text"),
        ),
        "repositories": (
            lambda tool: tool.repositories("https://example.org/x"),
            lambda tool: tool.branches("x"),
            lambda tool: tool.has_path(_ANY, "x"),
        ),
        "commit-statuses": (
            lambda tool: tool.set_status(_ANY, STATUS),
            lambda tool: tool.statuses(_ANY),
        ),
        "webhooks": (lambda tool: tool.receive({}, b"", Secret("")),),
        "code-owners": (lambda tool: tool.code_owners(_ANY, ["x"]),),
    }

    @pytest.fixture
    def repository(self) -> str:
        """A new, empty repository; override this."""
        raise NotImplementedError(f"{type(self).__name__} has to override the fixture 'repository'")

    @pytest.fixture
    def comments(self) -> Callable[[str, str], list[str]] | None:
        """What stands below a pull request."""
        return None

    @pytest.fixture
    def owner(self, repository: str) -> str:
        """The organisation, group or project that ``repository`` is in."""
        return repository.rpartition("/")[0]

    @pytest.fixture
    def history(self, tool: VersionControl, repository: str) -> list[Revision]:
        """Three revisions of ``main``, oldest first."""
        return [
            tool.commit(repository, "main", {"a": b"1", "dir/b": b"1"}, "First", author=ANNA),
            tool.commit(repository, "main", {"dir/b": b"2"}, "Second\n\nWith a body.", author=ANNA),
            tool.commit(repository, "main", {"a": None, "c": b"3"}, "Third"),
        ]

    def test_a_branch_means_its_newest_revision(
        self, tool: VersionControl, repository: str, history: list[Revision]
    ) -> None:
        assert tool.resolve(repository, "main").id == history[2].id
        assert tool.resolve(repository).id == history[2].id
        assert tool.resolve(repository, history[0].id).id == history[0].id
        assert tool.resolve(repository, history[0].id[:12]).id == history[0].id

    def test_a_directory_becomes_a_repository(
        self, tool: VersionControl, tmp_path: Path, needs: Needs
    ) -> None:
        needs("begin")
        (tmp_path / "new" / "dir").mkdir(parents=True)
        (tmp_path / "new" / "dir" / "a").write_bytes(b"1")
        first = tool.begin(tmp_path / "new", "First", ANNA)
        assert (first.message, first.author) == ("First", ANNA)
        (tmp_path / "new" / "b").write_bytes(b"2")
        assert tool.begin(tmp_path / "new", "Second", ANNA).id == first.id
        tool.checkout(tool.resolve(str(tmp_path / "new")), tmp_path / "out")
        assert (tmp_path / "out" / "dir" / "a").read_bytes() == b"1"
        assert not (tmp_path / "out" / "b").exists()

    def test_a_revision_tells_who_made_it_when_and_why(
        self, tool: VersionControl, repository: str, history: list[Revision]
    ) -> None:
        revision = tool.resolve(repository, history[1].id)
        assert revision.repository == repository
        assert revision.author == ANNA
        assert revision.message == "Second\n\nWith a body."
        assert revision.parents == (history[0].id,)
        assert abs(revision.time - time.time()) < 3600

    @pytest.mark.parametrize("ref", ["none", "0" * 40, "--help", "-n", "main..main", "main:a", "a b"])
    def test_a_ref_that_is_none_is_not_found(
        self, tool: VersionControl, repository: str, history: list[Revision], ref: str
    ) -> None:
        with pytest.raises(ToolError):
            tool.resolve(repository, ref)

    def test_an_unknown_repository_is_not_found(self, tool: VersionControl, tmp_path: Path) -> None:
        with pytest.raises(NotFound):
            tool.resolve(str(tmp_path / "none"), "main")

    def test_files_are_checked_out(
        self, tool: VersionControl, history: list[Revision], tmp_path: Path
    ) -> None:
        tool.checkout(history[1], tmp_path / "second")
        assert (tmp_path / "second" / "a").read_bytes() == b"1"
        assert (tmp_path / "second" / "dir" / "b").read_bytes() == b"2"
        tool.checkout(history[2], tmp_path / "third")
        assert not (tmp_path / "third" / "a").exists()

    def test_some_paths_alone_are_checked_out(
        self, tool: VersionControl, history: list[Revision], tmp_path: Path
    ) -> None:
        tool.checkout(history[0], tmp_path / "out", ["dir"])
        assert (tmp_path / "out" / "dir" / "b").read_bytes() == b"1"
        assert not (tmp_path / "out" / "a").exists()

    def test_an_unknown_revision_is_not_checked_out(
        self, tool: VersionControl, history: list[Revision], tmp_path: Path
    ) -> None:
        with pytest.raises(NotFound):
            tool.checkout(replace(history[0], id="0" * 40), tmp_path / "out")

    def test_nothing_is_overwritten(
        self, tool: VersionControl, history: list[Revision], tmp_path: Path
    ) -> None:
        (tmp_path / "mine").write_text("mine", encoding="utf-8")
        with pytest.raises(ToolError):
            tool.checkout(history[0], tmp_path)
        assert sorted(path.name for path in tmp_path.iterdir() if path.name in ("mine", "a", "dir")) == [
            "mine"
        ]

    def test_the_log_has_what_since_has_not(
        self, tool: VersionControl, repository: str, history: list[Revision]
    ) -> None:
        first, second, third = (revision.id for revision in history)
        assert [one.id for one in tool.log(repository, first, "main")] == [third, second]
        assert [one.id for one in tool.log(repository, "", "main")] == [third, second, first]
        assert [one.id for one in tool.log(repository, "", "main", limit=1)] == [third]
        assert [one.id for one in tool.log(repository, "", "main", paths=["dir"])] == [second, first]
        assert list(tool.log(repository, "main", "main")) == []

    def test_the_log_of_nothing_is_not_found(
        self, tool: VersionControl, repository: str, history: list[Revision]
    ) -> None:
        with pytest.raises(NotFound):
            list(tool.log(repository, "", "none"))

    def test_a_change_that_changes_nothing_makes_no_revision(
        self, tool: VersionControl, repository: str, history: list[Revision]
    ) -> None:
        again = tool.commit(repository, "main", {"c": b"3", "never-there": None}, "Again")
        assert again.id == history[2].id

    def test_a_branch_that_moved_is_a_conflict(
        self, tool: VersionControl, repository: str, history: list[Revision]
    ) -> None:
        with pytest.raises(Conflict):
            tool.commit(repository, "main", {"x": b""}, "Late", expected=history[0].id)
        tool.commit(repository, "main", {"x": b""}, "In time", expected=history[2].id)

    def test_a_new_branch_grows_from_the_default_one(
        self, tool: VersionControl, repository: str, history: list[Revision]
    ) -> None:
        branched = tool.commit(repository, "topic/one", {"d": b"4"}, "Branch")
        assert branched.parents == (history[2].id,)
        assert tool.resolve(repository, "topic/one").id == branched.id
        assert tool.resolve(repository, "main").id == history[2].id

    @pytest.mark.parametrize("path", ["../out", "/etc/out", "dir/../../out"])
    def test_a_path_that_leaves_is_refused(
        self, tool: VersionControl, repository: str, history: list[Revision], path: str
    ) -> None:
        with pytest.raises(ToolError):
            tool.commit(repository, "main", {path: b"x"}, "Out")
        assert tool.resolve(repository, "main").id == history[2].id

    def test_changed_paths(
        self, tool: VersionControl, repository: str, history: list[Revision], needs: Needs
    ) -> None:
        needs("changed-paths")
        assert tool.changed_paths(repository, history[0].id, history[2].id) == {"a", "c", "dir/b"}

    def test_a_tag_stays_where_it_is(
        self, tool: VersionControl, repository: str, history: list[Revision], needs: Needs
    ) -> None:
        needs("tags")
        tool.tag(history[0], "v1.0", "One")
        tool.tag(history[0], "v1.0", "One")
        tool.tag(history[1], "other")
        assert [(tag.name, tag.revision) for tag in tool.tags(repository, "v*")] == [("v1.0", history[0].id)]
        assert tool.resolve(repository, "v1.0").id == history[0].id
        with pytest.raises(Conflict):
            tool.tag(history[1], "v1.0")

    def test_a_pull_request_is_opened_once(
        self, tool: VersionControl, repository: str, history: list[Revision], needs: Needs
    ) -> None:
        needs("pull-requests")
        branched = tool.commit(repository, "topic", {"d": b"4"}, "Branch")
        first = tool.propose(repository, "topic", "main", "Title", "Text")
        assert tool.propose(repository, "topic", "main", "Title", "Text").id == first.id
        (found,) = tool.pull_requests(repository)
        assert (found.branch, found.base, found.title, found.head) == ("topic", "main", "Title", branched.id)

    def test_a_comment_is_replaced_by_its_key(
        self,
        tool: VersionControl,
        repository: str,
        history: list[Revision],
        comments: Callable[[str, str], list[str]] | None,
        needs: Needs,
    ) -> None:
        needs("pull-requests")
        tool.commit(repository, "topic", {"d": b"4"}, "Branch")
        request = tool.propose(repository, "topic", "main", "Title").id
        with pytest.raises(NotFound):
            tool.comment(repository, f"{request}999", "text")
        for text in ("the first", "the second: <b> `x` \u00e4\n\n- a list"):
            tool.comment(repository, request, text, key="contract")
        tool.comment(repository, request, "another")
        if comments is not None:
            said = comments(repository, request)
            assert len(said) == 2
            assert any("the second: <b> `x` \u00e4\n\n- a list" in one for one in said)

    def test_an_owner_has_repositories(
        self, tool: VersionControl, repository: str, history: list[Revision], owner: str, needs: Needs
    ) -> None:
        needs("repositories")
        url = repository.removesuffix(".git")
        (mine,) = [one for one in tool.repositories(owner) if one.url.removesuffix(".git") == url]
        assert (mine.name, mine.default_branch, mine.archived) == (url.rpartition("/")[2], "main", False)
        assert mine in tool.repositories(owner, nested=True)
        assert mine.owner
        assert tool.resolve(mine.url).id == history[2].id
        with pytest.raises(NotFound):
            tool.repositories(f"{owner}/no-such-owner-999")

    def test_branches_and_paths_are_told_without_a_checkout(
        self, tool: VersionControl, repository: str, history: list[Revision], needs: Needs
    ) -> None:
        needs("repositories")
        topic = tool.commit(repository, "topic/one", {"d": b"4"}, "Branch")
        found = {one.ref: one for one in tool.branches(repository)}
        assert {name: one.id for name, one in found.items()} == {"main": history[2].id, "topic/one": topic.id}
        paths = ("c", "d", "dir", "dir/b", "di", "a", "dir/b/c")
        has = {name: [path for path in paths if tool.has_path(one, path)] for name, one in found.items()}
        assert has == {"main": ["c", "dir", "dir/b"], "topic/one": ["c", "d", "dir", "dir/b"]}
        with pytest.raises(NotFound):
            tool.branches(f"{repository}-none")

    def test_a_status_is_the_last_of_its_name(
        self, tool: VersionControl, repository: str, history: list[Revision], needs: Needs
    ) -> None:
        needs("commit-statuses")
        other = CommitStatus(name="contract/other", state=CommitState.FAILURE)
        assert not tool.statuses(history[2])
        tool.set_status(history[2], STATUS)
        tool.set_status(history[2], other)
        done = replace(STATUS, state=CommitState.SUCCESS, text="it ran")
        for _ in range(2):
            tool.set_status(history[2], done)
        assert tool.statuses(history[2]) == {"contract/one": done, "contract/other": other}
        assert not tool.statuses(history[0])
        with pytest.raises(NotFound):
            tool.set_status(replace(history[0], id="f" * 40), STATUS)

    def test_an_unsigned_webhook_is_refused(self, tool: VersionControl, needs: Needs) -> None:
        needs("webhooks")
        for headers in ({}, {"x-hub-signature-256": "sha256=" + "0" * 64}, {"x-fake-signature": "0" * 64}):
            with pytest.raises(AccessDenied):
                tool.receive(headers, b"{}", Secret("s3cr3t"))

    def test_the_last_matching_owner_counts(
        self, tool: VersionControl, repository: str, needs: Needs
    ) -> None:
        needs("code-owners")
        owners = b"*.py @python\ndocs/* @writers anna@example.org\n"
        revision = tool.commit(
            repository, "main", {"CODEOWNERS": owners, "a.py": b"", "docs/b.md": b""}, "Owners"
        )
        assert tool.code_owners(revision, ["a.py", "docs/b.md", "CODEOWNERS"]) == {
            "a.py": ("@python",),
            "docs/b.md": ("@writers", "anna@example.org"),
        }
