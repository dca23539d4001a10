"""The role: git as version control."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import ClassVar

from holkas.model.repository_event import RepositoryEvent
from holkas.model.revision import Person, Revision, Tag
from holkas.model.secret import Secret
from holkas.plugins.provider import Context
from holkas.roles.errors import Conflict, NotFound, ToolError
from holkas.roles.version_control import VersionControl

from .address import DEFAULT_PROTOCOLS, address
from .cache import Cache
from .command import GitProgram
from .commits import parse_commit
from .names import check_path, check_ref, is_id, may_be_short_id

_TRIES = 3


class Git(VersionControl):
    """Repositories on servers and paths; a path is relative to the project. Keeps bare clones below the state.

    A local repository that is not bare refuses a push to the branch that it has checked out, as git does.
    """

    name: ClassVar[str] = "git"
    capabilities: ClassVar[frozenset[str]] = frozenset(
        {"begin", "changed-paths", "tags", "webhooks", "code-owners"}
    )

    def __init__(self, context: Context) -> None:
        options = context.options
        self._protocols = tuple(options.get("protocols", DEFAULT_PROTOCOLS))
        self._credentials = tuple(options.get("credentials", ()))
        self._git = GitProgram(timeout=float(options.get("timeout", 600.0)), protocols=self._protocols)
        self._author = Person(
            name=str(options.get("name", "holkas")), email=str(options.get("email", "holkas@localhost"))
        )
        self._partial = bool(options.get("partial", True))
        self._project = context.project.absolute()
        self._directory = context.state.absolute() / "git"

    def fault(self) -> str:
        try:
            version = self._git.run("--version", what="cannot ask git for its version").decode()
        except ToolError as error:
            return str(error)
        numbers = tuple(int(one) for one in version.split()[2].split(".")[:2] if one.isdigit())
        return "" if numbers >= (2, 31) else f"{version.strip()} is too old: 2.31 or newer is needed"

    def resolve(self, repository: str, ref: str = "") -> Revision:
        cache = self._cache(repository)
        if ref:
            check_ref(ref)
        if is_id(ref):
            cache.need(ref)
            return parse_commit(repository, ref, cache.commit(ref))
        for _ in range(_TRIES):
            identity, name = self._ask(cache, ref)
            try:
                cache.need(identity)
            except NotFound:
                continue  # the ref moved between question and fetch: ask again
            return parse_commit(repository, identity, cache.commit(identity), name)
        raise NotFound(f"{cache.address.url} has {ref or 'HEAD'} at a commit that it does not give")

    def checkout(self, revision: Revision, directory: Path, paths: Sequence[str] = ()) -> None:
        from .checkout import write_tree

        for path in paths:
            check_path(path.strip("/"))
        cache = self._needed(revision.repository, revision.id)
        write_tree(self._git, cache, revision.id, directory, paths)

    def log(
        self, repository: str, since: str, until: str, *, paths: Sequence[str] = (), limit: int = 0
    ) -> Iterator[Revision]:
        cache = self._cache(repository)
        newest = self.resolve(repository, until).id
        words = ["rev-list", "--topo-order", "--header"]
        if limit:
            words.append(f"--max-count={limit}")
        words.append(newest)
        if since:
            words.append(f"^{self.resolve(repository, since).id}")
        words += ["--", *(check_path(path.strip("/")) for path in paths)]
        out = cache.run(*words, what=f"cannot read the history of {cache.address.url}")
        for record in out.split(b"\0"):
            identity, _, raw = record.lstrip(b"\n").partition(b"\n")
            if identity:
                yield parse_commit(repository, identity.decode(), _unindented(raw))

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
        from .writing import Writer

        cache = self._cache(repository)
        check_ref(branch)
        made = Writer(cache, self._author).commit(branch, changes, message, author, expected)
        return parse_commit(repository, made, cache.commit(made), branch)

    def begin(self, directory: Path, message: str, author: Person) -> Revision:
        from .beginning import begin

        begin(self._git, directory.absolute(), message, author)
        return self.resolve(str(directory.absolute()))

    def changed_paths(self, repository: str, since: str, until: str) -> frozenset[str]:
        cache = self._cache(repository)
        before, after = self.resolve(repository, since).id, self.resolve(repository, until).id
        out = cache.run(
            "diff-tree", "-r", "-z", "--name-only", "--no-renames", "--no-ext-diff", before, after,
            what="cannot compare two commits",
        )  # fmt: skip
        return frozenset(path.decode("utf-8", "surrogateescape") for path in out.split(b"\0") if path)

    def tags(self, repository: str, pattern: str = "*") -> Sequence[Tag]:
        cache = self._cache(repository)
        cache.fetch()
        form = "%(refname:strip=2)%00%(objecttype)%00%(objectname)%00%(*objectname)%00%(contents)%00%00"
        out = cache.run("for-each-ref", f"--format={form}", "refs/tags/", what="cannot list the tags")
        found = []
        for record in out.decode("utf-8", "replace").split("\0\0\n"):
            name, _, rest = record.partition("\0")
            if not name or not fnmatchcase(name, pattern):
                continue
            kind, identity, peeled, text = rest.split("\0", 3)
            message = text.rstrip("\n") if kind == "tag" else ""
            found.append(Tag(name=name, revision=peeled or identity, message=message))
        return sorted(found, key=lambda tag: tag.name)

    def tag(self, revision: Revision, name: str, message: str = "") -> Tag:
        from .writing import Writer

        cache = self._cache(revision.repository)
        check_ref(name)
        ref = f"refs/tags/{name}"
        tag = Tag(name=name, revision=revision.id, message=message)
        for last in (False, True):
            ids = cache.refs(ref, f"{ref}^{{}}").ids
            present = ids.get(f"{ref}^{{}}") or ids.get(ref)
            if present == revision.id:
                return tag
            if present or last:
                break
            try:
                Writer(cache, self._author).tag(name, revision.id, message)
            except Conflict:
                continue  # somebody was first: look whether it is the same
            return tag
        raise Conflict(f"tag {name} is at {present}, not at {revision.id}")

    def receive(self, headers: Mapping[str, str], body: bytes, secret: Secret) -> RepositoryEvent | None:
        from .webhooks import received

        return received(headers, body, secret)

    def code_owners(self, revision: Revision, paths: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        from .checkout import entries
        from .owners import PLACES, owners_of

        cache = self._needed(revision.repository, revision.id)
        present = {one.path: one for one in entries(cache, revision.id, PLACES)}
        for place in PLACES:
            if (entry := present.get(place)) is not None and entry.size <= 3 * 1024 * 1024:
                text = cache.run("cat-file", "blob", entry.identity.decode(), what=f"cannot read {place}")
                return owners_of(text.decode("utf-8", "replace"), paths)
        return {}

    def _cache(self, repository: str) -> Cache:
        where = address(repository, self._project, protocols=self._protocols, credentials=self._credentials)
        return Cache(self._git, where, self._directory, partial=self._partial)

    def _needed(self, repository: str, identity: str) -> Cache:
        """The clone, with a commit in it."""
        if not is_id(identity):
            raise NotFound(f"{identity!r} is no id of a commit")
        cache = self._cache(repository)
        cache.need(identity)
        return cache

    def _ask(self, cache: Cache, ref: str) -> tuple[str, str]:
        """The id that a ref has on the server now, and the ref's own name. A branch comes before a tag of its name."""
        if not ref:
            refs = cache.refs()
            if identity := refs.ids.get("HEAD"):
                return identity, refs.default
            raise NotFound(f"{cache.address.url} has no commit yet")
        if ref.startswith("refs/"):
            names = [ref, f"{ref}^{{}}"]
        else:
            names = [f"refs/heads/{ref}", f"refs/tags/{ref}^{{}}", f"refs/tags/{ref}"]
        ids = cache.refs(*names).ids
        for name in sorted(
            names, key=lambda one: (not one.startswith("refs/heads/"), not one.endswith("^{}"))
        ):
            if identity := ids.get(name):
                return identity, ref
        if ref == "HEAD":
            return self._ask(cache, "")
        if may_be_short_id(ref):
            cache.fetch()
            what = f"{cache.address.url} has no branch, tag or revision {ref!r}"
            words = ("rev-parse", "--verify", "--end-of-options", f"{ref}^{{commit}}")
            return cache.run(*words, what=what).decode().strip(), ""
        raise NotFound(f"{cache.address.url} has no branch, tag or revision {ref!r}")


def _unindented(raw: bytes) -> bytes:
    """A commit as ``rev-list --header`` shows it, its message without the four blanks before each line."""
    head, separator, message = raw.partition(b"\n\n")
    lines = [line.removeprefix(b"    ") for line in message.split(b"\n")]
    return head + separator + b"\n".join(lines)
