"""A bare clone of each repository, shared by processes under a lock, and what a server says about its refs."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from holkas.records import dataclass
from holkas.roles.errors import NotFound, Retryable, ToolError
from holkas.roles.faults import told

from .address import Address
from .command import GitProgram
from .names import is_id
from .partial import ALL, FETCH, FILTER, MARK, REMOTE, fetch_contents, fill, is_worth_it, settings

_LOCK_TIMEOUT = 900.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Refs:
    """What a server says now. ``ids``: full name of a ref → id, tags peeled under ``NAME^{}``. default: branch that
    HEAD means, also where it has no commit yet; empty where the server does not say."""

    ids: Mapping[str, str]
    default: str = ""


class Cache:
    """The clone of one repository. Safe for threads and processes: writers lock, readers need not.

    partial: whether a new clone may leave contents on the server, where the server can do that.
    """

    def __init__(self, git: GitProgram, address: Address, directory: Path, *, partial: bool = True) -> None:
        self.address = address
        self._partial = partial and is_worth_it(address)
        self._git = git
        key = hashlib.sha256(address.url.encode()).hexdigest()[:32]
        self.directory = directory / f"{key}.git"
        self._lock = directory / f"{key}.lock"

    def run(
        self, *words: str, what: str, given: bytes = b"", extra: Mapping[str, str] | None = None
    ) -> bytes:
        """A command in the clone; it speaks to no server."""
        return self._git.run(*words, what=what, directory=self.directory, given=given, extra=extra)

    def server(self, *words: str, what: str) -> bytes:
        """A command in the clone that speaks to the server."""
        before = settings(self.address) if self.is_partial else ()
        return self._git.run(*before, *words, what=what, directory=self.directory, address=self.address)

    @property
    def is_partial(self) -> bool:
        """Whether contents of files may be missing; :meth:`sizes` has them come."""
        return (self.directory / MARK).exists()

    def refs(self, *patterns: str) -> Refs:
        """The server's refs with exactly these names, and HEAD. Raises NotFound, AccessDenied, Retryable."""
        what = f"cannot ask {self.address.url} for its refs"
        out = self._git.run(
            "ls-remote",
            "--symref",
            "--",
            self.address.url,
            "HEAD",
            *patterns,
            what=what,
            address=self.address,
        )
        wanted = {"HEAD", *patterns, *(f"{one}^{{}}" for one in patterns)}
        ids: dict[str, str] = {}
        default = ""
        for line in out.decode("utf-8", "replace").splitlines():
            value, _, name = line.partition("\t")
            if value.startswith("ref: refs/heads/") and name == "HEAD":
                default = value.removeprefix("ref: refs/heads/")
            elif is_id(value) and (name in wanted or any("*" in one for one in patterns)):
                ids[name] = value
        return Refs(ids=ids, default=default)

    def has(self, identity: str) -> bool:
        """Whether a commit is in the clone."""
        if not (self.directory / "HEAD").exists():
            return False
        try:
            self.run("cat-file", "-e", f"{identity}^{{commit}}", what="cannot look for a commit")
        except ToolError:
            return False
        return True

    def fetch(self, *more: str) -> None:
        """Bring branches and tags up to date; ``more``: ids that need not be on one of them."""
        with self.locked():
            complete = self._make(partial=self._partial)
            what = f"cannot fetch {self.address.url}"
            whence = (FILTER, "--", REMOTE) if self.is_partial else ("--", self.address.url)
            if not complete:
                self.server(*FETCH, "--prune", *whence, *ALL, what=what)
            for one in more:
                if not self.has(one):
                    self.server(*FETCH, *whence, one, what=what)

    def need(self, identity: str) -> None:
        """Have a commit in the clone. Raises NotFound when the server has it not either."""
        if self.has(identity):
            return
        self.fetch(identity)
        if not self.has(identity):
            raise NotFound(f"{self.address.url} has no commit {identity}")

    def sizes(self, ids: Collection[bytes]) -> dict[bytes, int]:
        """Bytes of files by their ids, once they are in the clone: those that are missing are fetched, all at once.

        Raises NotFound when the server has them not either, and what a fetch raises.
        """
        found, missing = self._sizes(ids)
        if missing and self.is_partial:
            with self.locked():
                fetch_contents(self._git, self.address, self.directory, missing)
            more, missing = self._sizes(missing)
            found |= more
        if missing:
            raise NotFound(f"{self.address.url} does not give {missing[0].decode()}")
        return found

    def _sizes(self, ids: Collection[bytes]) -> tuple[dict[bytes, int], list[bytes]]:
        """Those that are here, and those that are not."""
        what = f"cannot look for files of {self.address.url}"
        given = b"".join(one + b"\n" for one in dict.fromkeys(ids))
        out = self.run("cat-file", "--batch-check=%(objectname) %(objectsize)", what=what, given=given)
        words = [line.split(b" ") for line in out.splitlines()]
        missing = [identity for identity, size in words if size == b"missing"]
        return {identity: int(size) for identity, size in words if size != b"missing"}, missing

    def commit(self, identity: str) -> bytes:
        """A commit's raw text."""
        return self.run("cat-file", "commit", identity, what=f"cannot read {identity}")

    def make(self) -> None:
        """Have an empty clone at least, so that objects can be put into it."""
        if not (self.directory / "HEAD").exists():
            with self.locked():
                self._make()

    def _make(self, *, partial: bool = False) -> bool:
        """The clone is made beside its place and moved there, so that it is whole or not there. Whether it has just been
        made with everything that the server has."""
        if (self.directory / "HEAD").exists():
            return False
        new = self.directory.with_suffix(".new")
        if self.directory.exists():
            shutil.rmtree(self.directory)
        self._empty(new)
        complete = partial and fill(self._git, self.address, new)
        if partial and not complete:
            self._empty(new)
        new.rename(self.directory)
        return complete

    def _empty(self, directory: Path) -> None:
        if directory.exists():
            shutil.rmtree(directory)
        self._git.run(
            "init", "--quiet", "--bare", "--template=", "--", str(directory), what="cannot make a clone"
        )

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One writer at a time, of all threads and processes; the kernel gives the lock back when one dies."""
        with told(f"cannot keep a clone of {self.address.url}"):
            self._lock.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(self._lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                _wait_for(descriptor, self.address.url)
                yield
            finally:
                os.close(descriptor)


def _wait_for(descriptor: int, what: str) -> None:
    end = time.monotonic() + _LOCK_TIMEOUT
    pause = 0.005
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                raise Retryable(f"the clone of {what} is locked by another process") from None
            time.sleep(pause)
            pause = min(pause * 2, 0.2)
        else:
            return
