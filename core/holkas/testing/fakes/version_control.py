"""Version control in memory, with every capability of the role."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from threading import RLock
from time import time
from typing import ClassVar
from urllib.parse import urlsplit

from holkas.model.commit_status import CommitStatus
from holkas.model.hosted_repository import HostedRepository
from holkas.model.pull_request import PullRequest, PullRequestState
from holkas.model.repository_event import RepositoryEvent, RepositoryEventKind
from holkas.model.revision import Person, Revision, Tag
from holkas.model.secret import Secret
from holkas.roles.errors import AccessDenied, Conflict, NotFound, ToolError
from holkas.roles.version_control import VersionControl

SOMEBODY = Person(name="Somebody", email="somebody@example.org")
SIGNATURE_HEADER = "x-fake-signature"


@dataclass
class _Repository:
    """Revisions by id, the files of each, and what points to them."""

    revisions: dict[str, Revision] = field(default_factory=dict)
    files: dict[str, dict[str, bytes]] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)
    tags: dict[str, Tag] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    archived: bool = False
    pull_requests: list[PullRequest] = field(default_factory=list)
    comments: dict[str, dict[str, str]] = field(default_factory=dict)
    statuses: dict[str, dict[str, CommitStatus]] = field(default_factory=dict)


class FakeVersionControl(VersionControl):
    """Repositories that were made with :meth:`create`; their default branch is ``main``, their history a
    line.

    Webhooks are JSON with the fields of :class:`RepositoryEvent`, signed as :meth:`sign` does. Code owners
    are read
    from a file CODEOWNERS: a glob and its owners a line, the last that matches counts.
    """

    name: ClassVar[str] = "fake"
    capabilities: ClassVar[frozenset[str]] = VersionControl.known_capabilities

    def __init__(self) -> None:
        self._repositories: dict[str, _Repository] = {}
        self._lock = RLock()

    def create(self, repository: str, *, labels: tuple[str, ...] = (), archived: bool = False) -> str:
        """Make an empty repository, and return its name."""
        with self._lock:
            self._repositories.setdefault(repository, _Repository(labels=labels, archived=archived))
            return repository

    def resolve(self, repository: str, ref: str = "") -> Revision:
        with self._lock:
            repo = self._repository(repository)
            name = ref or "main"
            if identity := repo.branches.get(name):
                return replace(repo.revisions[identity], ref=name)
            if tag := repo.tags.get(name):
                return replace(repo.revisions[tag.revision], ref=name)
            matches = [
                identity for identity in repo.revisions if len(name) >= 4 and identity.startswith(name)
            ]
            if len(matches) != 1:
                raise NotFound(f"{repository} has no {name!r}")
            return repo.revisions[matches[0]]

    def checkout(self, revision: Revision, directory: Path, paths: Sequence[str] = ()) -> None:
        files = self._files(revision)
        directory.mkdir(parents=True, exist_ok=True)
        if any(directory.iterdir()):
            raise ToolError(f"{directory} is not empty")
        for path, content in files.items():
            if not paths or _below(path, paths):
                (directory / path).parent.mkdir(parents=True, exist_ok=True)
                (directory / path).write_bytes(content)

    def log(
        self, repository: str, since: str, until: str, *, paths: Sequence[str] = (), limit: int = 0
    ) -> Iterator[Revision]:
        with self._lock:
            repo = self._repository(repository)
            without = set(self._line(repo, self.resolve(repository, since).id)) if since else set()
            found: list[Revision] = []
            for identity in self._line(repo, self.resolve(repository, until).id):
                if identity in without or (limit and len(found) == limit):
                    break
                before = repo.files[parents[0]] if (parents := repo.revisions[identity].parents) else {}
                if not paths or any(_below(path, paths) for path in _differing(before, repo.files[identity])):
                    found.append(repo.revisions[identity])
        yield from found

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
        for path in changes:
            if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
                raise ToolError(f"{path!r} leaves the repository")
        with self._lock:
            repo = self._repository(repository)
            head = repo.branches.get(branch) or repo.branches.get("main", "")
            if expected and head != expected:
                raise Conflict(f"{branch} is at {head or 'nothing'}, not at {expected}")
            files = dict(repo.files[head]) if head else {}
            for path, content in changes.items():
                if content is None:
                    files.pop(path, None)
                else:
                    files[path] = content
            if not head or files != repo.files[head]:
                head = self._add(repo, repository, head, files, message, author or SOMEBODY)
            repo.branches[branch] = head
            return replace(repo.revisions[head], ref=branch)

    def begin(self, directory: Path, message: str, author: Person) -> Revision:
        with self._lock:
            name = self.create(str(directory))
            if not self._repository(name).revisions:
                files = {
                    path.relative_to(directory).as_posix(): path.read_bytes()
                    for path in sorted(directory.rglob("*"))
                    if path.is_file()
                }
                self.commit(name, "main", files, message, author=author)
            return self.resolve(name)

    def changed_paths(self, repository: str, since: str, until: str) -> frozenset[str]:
        before = self._files(self.resolve(repository, since))
        after = self._files(self.resolve(repository, until))
        return frozenset(_differing(before, after))

    def tags(self, repository: str, pattern: str = "*") -> Sequence[Tag]:
        with self._lock:
            tags = self._repository(repository).tags
            return [tags[name] for name in sorted(tags) if fnmatch(name, pattern)]

    def tag(self, revision: Revision, name: str, message: str = "") -> Tag:
        with self._lock:
            self._files(revision)
            tags = self._repository(revision.repository).tags
            tag = tags.setdefault(name, Tag(name=name, revision=revision.id, message=message))
            if tag.revision != revision.id:
                raise Conflict(f"tag {name} is at {tag.revision}")
            return tag

    def pull_requests(
        self, repository: str, state: PullRequestState = PullRequestState.OPEN
    ) -> Sequence[PullRequest]:
        with self._lock:
            return [one for one in reversed(self._repository(repository).pull_requests) if one.state == state]

    def propose(self, repository: str, branch: str, base: str, title: str, text: str = "") -> PullRequest:
        with self._lock:
            for known in self.pull_requests(repository):
                if (known.branch, known.base) == (branch, base):
                    return known
            requests = self._repository(repository).pull_requests
            request = PullRequest(
                id=str(len(requests) + 1),
                repository=repository,
                branch=branch,
                base=base,
                title=title,
                head=self.resolve(repository, branch).id,
                text=text,
                author=SOMEBODY,
            )
            requests.append(request)
            return request

    def comment(self, repository: str, pull_request: str, text: str, *, key: str = "") -> None:
        with self._lock:
            said = self._comments(repository, pull_request)
            said[key or f"#{len(said)}"] = text

    def comments(self, repository: str, pull_request: str) -> list[str]:
        """What stands below a pull request."""
        with self._lock:
            return list(self._comments(repository, pull_request).values())

    def _comments(self, repository: str, pull_request: str) -> dict[str, str]:
        repo = self._repository(repository)
        if all(one.id != pull_request for one in repo.pull_requests):
            raise NotFound(f"{repository} has no pull request {pull_request!r}")
        return repo.comments.setdefault(pull_request, {})

    def repositories(self, owner: str, *, nested: bool = False) -> Sequence[HostedRepository]:
        lead = owner.rstrip("/") + "/"
        with self._lock:
            below = {url: repo for url, repo in sorted(self._repositories.items()) if url.startswith(lead)}
            if not below:
                raise NotFound(f"there is no owner {owner!r}")
            return [
                HostedRepository(
                    url=url,
                    owner=parts.path.rpartition("/")[0].strip("/"),
                    name=parts.path.rpartition("/")[2].removesuffix(".git"),
                    ssh_url=f"git@{parts.netloc}:{parts.path.lstrip('/')}",
                    default_branch="main" if repo.branches else "",
                    labels=repo.labels,
                    archived=repo.archived,
                )
                for url, repo in below.items()
                for parts in (urlsplit(url),)
                if nested or "/" not in url.removeprefix(lead)
            ]

    def branches(self, repository: str) -> Sequence[Revision]:
        with self._lock:
            return [self.resolve(repository, name) for name in sorted(self._repository(repository).branches)]

    def has_path(self, revision: Revision, path: str) -> bool:
        return any(_below(one, [path]) for one in self._files(revision))

    def set_status(self, revision: Revision, status: CommitStatus) -> None:
        with self._lock:
            self._statuses(revision)[status.name] = status

    def statuses(self, revision: Revision) -> Mapping[str, CommitStatus]:
        with self._lock:
            return dict(self._statuses(revision))

    def _statuses(self, revision: Revision) -> dict[str, CommitStatus]:
        self._files(revision)
        return self._repository(revision.repository).statuses.setdefault(revision.id, {})

    def sign(self, body: bytes, secret: Secret) -> str:
        """The value of the header ``x-fake-signature`` for a webhook's body."""
        return hmac.new(secret.reveal(), body, hashlib.sha256).hexdigest()

    def receive(self, headers: Mapping[str, str], body: bytes, secret: Secret) -> RepositoryEvent | None:
        if not hmac.compare_digest(headers.get(SIGNATURE_HEADER, ""), self.sign(body, secret)):
            raise AccessDenied("the webhook's signature is missing or wrong")
        fields = json.loads(body)
        if fields.get("kind") not in set(RepositoryEventKind):
            return None
        return RepositoryEvent(**{**fields, "kind": RepositoryEventKind(fields["kind"])})

    def code_owners(self, revision: Revision, paths: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        lines = self._files(revision).get("CODEOWNERS", b"").decode().splitlines()
        rules = [words for line in lines if (words := line.split())]
        owners: dict[str, tuple[str, ...]] = {}
        for path in paths:
            for pattern, *names in rules:
                if fnmatch(path, pattern):
                    owners[path] = tuple(names)
        return owners

    def _repository(self, repository: str) -> _Repository:
        try:
            return self._repositories[repository]
        except KeyError:
            raise NotFound(f"there is no repository {repository!r}") from None

    def _files(self, revision: Revision) -> dict[str, bytes]:
        with self._lock:
            try:
                return self._repository(revision.repository).files[revision.id]
            except KeyError:
                raise NotFound(f"{revision.repository} has no {revision.id!r}") from None

    def _line(self, repo: _Repository, identity: str) -> Iterator[str]:
        """A revision and what came before it."""
        while identity:
            yield identity
            identity = next(iter(repo.revisions[identity].parents), "")

    def _add(
        self,
        repo: _Repository,
        repository: str,
        head: str,
        files: dict[str, bytes],
        message: str,
        author: Person,
    ) -> str:
        seed = repr((head, sorted(files.items()), message, len(repo.revisions)))
        identity = hashlib.sha256(seed.encode()).hexdigest()[:40]
        repo.files[identity] = files
        repo.revisions[identity] = Revision(
            repository=repository,
            id=identity,
            parents=(head,) if head else (),
            author=author,
            time=time(),
            message=message,
        )
        return identity


def _below(path: str, directories: Sequence[str]) -> bool:
    return any(path == one.rstrip("/") or path.startswith(one.rstrip("/") + "/") for one in directories)


def _differing(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> set[str]:
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
