"""Version control: the history of files."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from holkas.model.commit_status import CommitStatus
from holkas.model.hosted_repository import HostedRepository
from holkas.model.pull_request import PullRequest, PullRequestState
from holkas.model.repository_event import RepositoryEvent
from holkas.model.revision import Person, Revision, Tag
from holkas.model.secret import Secret
from holkas.roles.role import Role


class VersionControl(Role):
    """Keeps the history of files: git and the forges around it, Subversion, Mercurial.

    A *repository* is named by a URL or a path of this machine, the same text every time. Names of refs and
    repositories come from strangers' files: a tool never lets one become an option of a command line.

    Life cycle: nothing is kept open between calls, but a tool may keep a cache under its state directory,
    which it locks against other processes. Threads: calls for different repositories run at the same time.

    Capabilities: ``begin``, ``changed-paths``, ``tags``, ``pull-requests``, ``repositories``,
    ``commit-statuses``, ``webhooks``, ``code-owners``. Those about pull requests, repositories and statuses are a
    forge's; git itself knows of none of them.
    """

    known_capabilities: ClassVar[frozenset[str]] = frozenset(
        {
            *("begin", "changed-paths", "tags", "pull-requests", "repositories"),
            *("commit-statuses", "webhooks", "code-owners"),
        }
    )

    @abstractmethod
    def resolve(self, repository: str, ref: str = "") -> Revision:
        """The revision that a branch, a tag or an id (whole, or a beginning that is unique) means now.

        ref: empty for the repository's default branch. The server is asked each time; only a whole id may be
        answered from a cache. Raises NotFound, AccessDenied, Retryable.
        """

    @abstractmethod
    def checkout(self, revision: Revision, directory: Path, paths: Sequence[str] = ()) -> None:
        """Write the files of a revision below ``directory``, which is made, or is empty.

        paths: only these files and directories, relative and with slashes; all where there are none.
        Executable bits and symbolic links are kept, the tool's own metadata (``.git``) may or may not be
        there. Nothing is written outside of ``directory``, whatever the revision holds. Raises NotFound,
        Retryable, and ToolError when the directory is not empty.
        """

    @abstractmethod
    def log(
        self, repository: str, since: str, until: str, *, paths: Sequence[str] = (), limit: int = 0
    ) -> Iterator[Revision]:
        """Revisions that ``until`` has and ``since`` has not, newest first, each before its parents.

        since, until: refs or ids; ``since`` empty for the very beginning. paths: only revisions that touch
        these. limit: at most so many, 0 for all. Raises NotFound.
        """

    @abstractmethod
    def commit(
        self,
        repository: str,
        branch: str,
        changes: Mapping[str, bytes | None],
        message: str,
        *,
        author: Person | None = None,
        expected: str = "",
    ) -> Revision:
        """Make one revision on top of a branch and push it: all of the changes or nothing.

        changes: relative path → new content, None to delete (a file that is not there is no error).
        expected: the id that the branch must have; empty for whatever it has. A branch that does not exist is
        made, of the default branch, or as the repository's first. Changes that change nothing make no
        revision: the branch's own is returned, so that a repeated call is harmless. Raises Conflict when the
        branch is not at ``expected`` or somebody pushed in between, AccessDenied, Retryable, and ToolError
        for a path that leaves the repository.
        """

    def begin(self, directory: Path, message: str, author: Person) -> Revision:
        """Make a directory of this machine a repository of its own, with its files as the first revision of
        ``main``. What the tool's own rules leave out (``.gitignore``) is left out, and later revisions that a
        person makes there are the author's. A directory that is one already, with a revision, stays as it is.
        Capability ``begin``.
        """
        raise self.unsupported("begin")

    def changed_paths(self, repository: str, since: str, until: str) -> frozenset[str]:
        """Paths that differ between two revisions, deleted ones included. Capability ``changed-paths``."""
        raise self.unsupported("changed-paths")

    def tags(self, repository: str, pattern: str = "*") -> Sequence[Tag]:
        """Tags that match a glob, by name. Capability ``tags``."""
        raise self.unsupported("tags")

    def tag(self, revision: Revision, name: str, message: str = "") -> Tag:
        """Tag a revision and push the tag; the same tag again is harmless. Capability ``tags``.

        Raises Conflict when the tag exists at another revision.
        """
        raise self.unsupported("tags")

    def pull_requests(
        self, repository: str, state: PullRequestState = PullRequestState.OPEN
    ) -> Sequence[PullRequest]:
        """The pull requests of a repository, newest first. Capability ``pull-requests``."""
        raise self.unsupported("pull-requests")

    def propose(self, repository: str, branch: str, base: str, title: str, text: str = "") -> PullRequest:
        """Open a pull request, or return the open one of the same two branches. Capability
        ``pull-requests``."""
        raise self.unsupported("pull-requests")

    def comment(self, repository: str, pull_request: str, text: str, *, key: str = "") -> None:
        """Say something below a pull request, in Markdown. Capability ``pull-requests``.

        key: the comment that was made with the same key is replaced, so that a call that is repeated leaves one, and
        what was said last counts; empty for a new comment each time. Raises NotFound.
        """
        raise self.unsupported("pull-requests")

    def repositories(self, owner: str, *, nested: bool = False) -> Sequence[HostedRepository]:
        """The repositories of an organisation, a group or a project, archived ones included. Capability
        ``repositories``.

        owner: the URL that shows it (``https://github.com/org``), which may come from a stranger's file: a secret is
        sent to the hosts that it was configured for, and to no other.
        nested: those of groups inside it too. Raises NotFound, AccessDenied, Retryable.
        """
        raise self.unsupported("repositories")

    def branches(self, repository: str) -> Sequence[Revision]:
        """What the branches of a repository are at, each with its name as ``ref``. Capability ``repositories``.

        Only ``repository``, ``id`` and ``ref`` need to be known. Raises NotFound, AccessDenied, Retryable.
        """
        raise self.unsupported("repositories")

    def has_path(self, revision: Revision, path: str) -> bool:
        """Whether a revision has such a file or directory, without a copy of it. Capability ``repositories``.

        path: relative, with slashes and without one at its end. Raises NotFound, AccessDenied, Retryable.
        """
        raise self.unsupported("repositories")

    def set_status(self, revision: Revision, status: CommitStatus) -> None:
        """Show beside a revision how something went with it, in place of the status of the same name. Raises NotFound.

        Capability ``commit-statuses``.
        """
        raise self.unsupported("commit-statuses")

    def statuses(self, revision: Revision) -> Mapping[str, CommitStatus]:
        """What is shown beside a revision, by name. Raises NotFound. Capability ``commit-statuses``."""
        raise self.unsupported("commit-statuses")

    def receive(self, headers: Mapping[str, str], body: bytes, secret: Secret) -> RepositoryEvent | None:
        """What a webhook says, once its signature is verified; None for an event of no interest.

        headers: names in lower case. Raises AccessDenied for a missing or wrong signature, compared in
        constant time. Capability ``webhooks``.
        """
        raise self.unsupported("webhooks")

    def code_owners(self, revision: Revision, paths: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        """Path → who is responsible for it (``@team``, an address), for those that have owners.

        Capability ``code-owners``.
        """
        raise self.unsupported("code-owners")
