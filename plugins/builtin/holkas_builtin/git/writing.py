"""Makes commits and tags without a working tree, and pushes them: all or nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from holkas.model.revision import Person
from holkas.roles.errors import Conflict, ToolError
from holkas.roles.faults import told

from .cache import Cache
from .names import check_path

_TRIES = 5


class Writer:
    """Writes into one repository. ``author``: of commits that nobody else is given for."""

    def __init__(self, cache: Cache, author: Person) -> None:
        self._cache = cache
        self._author = author

    def commit(
        self,
        branch: str,
        changes: Mapping[str, bytes | None],
        message: str,
        author: Person | None,
        expected: str,
    ) -> str:
        """Id of the branch's head once the changes are in it. Raises Conflict, AccessDenied, Retryable."""
        for path in changes:
            check_path(path)
        for _ in range(_TRIES):
            tip, base = self._heads(branch)
            if expected and base != expected:
                raise Conflict(f"{branch} is at {base or 'nothing'}, not at {expected}")
            if base:
                self._cache.need(base)
            else:
                self._cache.make()
            made = self._build(base, changes, message, author)
            if made == tip:
                return made
            try:
                self._push(f"refs/heads/{branch}", tip, made)
            except Conflict:
                if expected:
                    raise
                continue
            return made
        raise Conflict(f"somebody else pushes to {branch} of {self._cache.address.url} all the time")

    def tag(self, name: str, identity: str, message: str) -> None:
        """Make and push a tag that is not there yet. Raises Conflict when somebody was first."""
        self._cache.need(identity)
        made = identity
        if message:
            text = f"object {identity}\ntype commit\ntag {name}\ntagger {_stamp(self._author)}\n\n{message}\n"
            made = self._cache.run("mktag", what="cannot make the tag", given=text.encode()).decode().strip()
        self._push(f"refs/tags/{name}", "", made)

    def _heads(self, branch: str) -> tuple[str, str]:
        """The branch's head, empty where it is new, and what a commit is made on top of."""
        ref = f"refs/heads/{branch}"
        refs = self._cache.refs(ref)
        tip = refs.ids.get(ref, "")
        return tip, tip or refs.ids.get("HEAD", "")

    def _build(
        self, base: str, changes: Mapping[str, bytes | None], message: str, author: Person | None
    ) -> str:
        run = self._cache.run
        with told("cannot make a revision"), tempfile.TemporaryDirectory(prefix="holkas-git-") as place:
            index = {"GIT_INDEX_FILE": str(Path(place) / "index")}
            modes: dict[str, bytes] = {}
            if base:
                run("read-tree", base, what="cannot read the tree", extra=index)
                listed = run("ls-files", "-s", "-z", what="cannot read the tree", extra=index)
                for record in listed.split(b"\0"):
                    head, _, name = record.partition(b"\t")
                    modes[name.decode("utf-8", "surrogateescape")] = head.partition(b" ")[0]
            lines = []
            for path, content in changes.items():
                name = path.encode("utf-8", "surrogateescape")
                if content is None:
                    lines.append(b"0 " + b"0" * 40 + b"\t" + name)
                    continue
                blob = run("hash-object", "-w", "--stdin", what="cannot store a file", given=content).strip()
                mode = modes.get(path, b"100644")
                mode = mode if mode in (b"100644", b"100755") else b"100644"
                lines.append(mode + b" " + blob + b"\t" + name)
            given = b"".join(line + b"\0" for line in lines)
            run(
                "update-index", "--add", "--replace", "-z", "--index-info",
                what="cannot change the tree", given=given, extra=index,
            )  # fmt: skip
            lenient = ("--missing-ok",) if self._cache.is_partial else ()
            tree = run("write-tree", *lenient, what="cannot write the tree", extra=index).decode().strip()
        if (
            base
            and tree == run("rev-parse", f"{base}^{{tree}}", what="cannot read the tree").decode().strip()
        ):
            return base
        return self._commit_tree(tree, base, message, author)

    def _commit_tree(self, tree: str, base: str, message: str, author: Person | None) -> str:
        person = author or self._author
        if any(char in f"{person.name}{person.email}" for char in "<>\n\0"):
            raise ToolError(f"{person.name!r} <{person.email}> cannot be an author")
        people = {
            "GIT_AUTHOR_NAME": person.name or "unknown",
            "GIT_AUTHOR_EMAIL": person.email,
            "GIT_COMMITTER_NAME": self._author.name,
            "GIT_COMMITTER_EMAIL": self._author.email,
        }
        parents = ("-p", base) if base else ()
        given = message.encode("utf-8", "replace").replace(b"\0", b"") + b"\n"
        what = "cannot make the commit"
        return (
            self._cache.run("commit-tree", tree, *parents, what=what, given=given, extra=people)
            .decode()
            .strip()
        )

    def _push(self, ref: str, before: str, made: str) -> None:
        """Only where the ref is still what it was, so that nobody's work is lost."""
        self._cache.server(
            "push", "--quiet", "--no-verify", f"--force-with-lease={ref}:{before}",
            "--", self._cache.address.url, f"{made}:{ref}",
            what=f"cannot push to {ref} of {self._cache.address.url}",
        )  # fmt: skip


def _stamp(person: Person) -> str:
    import time

    return f"{person.name} <{person.email}> {int(time.time())} +0000"
