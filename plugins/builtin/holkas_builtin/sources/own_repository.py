"""The git repository of the project: what it is called elsewhere, and its files as they lie there, as a tree."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from holkas.extensions.source_fetcher import SourceRefused
from holkas.roles.errors import ToolError
from holkas.state.aging import forget_old

from holkas_builtin.git.command import GitProgram
from holkas_builtin.git.names import is_id, ref_fault


class OwnRepository:
    """A repository with a working tree. ``state``: where objects of uncommitted files are put."""

    def __init__(self, git: GitProgram, root: Path, state: Path) -> None:
        self.root = root
        self._git = git
        self._state = state

    @cached_property
    def git_directory(self) -> Path:
        """Where the repository itself is; another place than ``.git`` for a linked working tree."""
        place = self.root / ".git"
        if place.is_dir():
            return place
        text = place.read_text() if place.is_file() else ""
        if not text.startswith("gitdir: "):
            raise SourceRefused(f"{self.root} is no git repository")
        return (self.root / text.removeprefix("gitdir: ").strip()).resolve()

    @cached_property
    def objects(self) -> Path:
        """Its object store."""
        common = self.git_directory / "commondir"
        if common.is_file():
            return (self.git_directory / common.read_text().strip() / "objects").resolve()
        return self.git_directory / "objects"

    @cached_property
    def environ(self) -> dict[str, str]:
        """Variables that let git see the objects of uncommitted files too, and write further ones beside the store."""
        key = hashlib.sha256(os.fsencode(self.objects)).hexdigest()[:32]
        store = self._state / "sources" / "objects" / key
        (store / "pack").mkdir(parents=True, exist_ok=True, mode=0o700)
        forget_old(store)  # git itself renews what it would write again
        return {
            "GIT_OBJECT_DIRECTORY": str(store),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(self.objects),
        }

    def names(self) -> set[str]:
        """What other people's manifests may call it: the normal form of each remote's URL.

        The file is read without git, which would take as long as all the rest; files that it includes are not.
        """
        found: set[str] = set()
        inside = False
        try:
            text = (self.objects.parent / "config").read_text("utf-8", "replace")
        except OSError:
            return found
        for line in text.splitlines():
            words = line.strip()
            if words.startswith("["):
                inside = words.lower().startswith("[remote ")
            elif inside:
                key, equals, value = words.partition("=")
                if equals and key.strip().lower() == "url":
                    found.add(normal(value.strip().strip('"')))
        return found

    def branches(self) -> set[str]:
        """Names of the branch that is checked out and of the remote's default one."""
        found = set()
        head = (self.git_directory / "HEAD").read_text().strip()
        if head.startswith("ref: refs/heads/"):
            found.add(head.removeprefix("ref: refs/heads/"))
        default = self.objects.parent / "refs" / "remotes" / "origin" / "HEAD"
        if default.is_file():
            found.add(default.read_text().strip().removeprefix("ref: refs/remotes/origin/"))
        return found

    def resolve(self, ref: str) -> tuple[str, str]:
        """Ids of the commit and of its tree that a ref means. Raises SourceRefused."""
        if not is_id(ref) and (fault := ref_fault(ref.replace("~", "").replace("^", ""))):
            raise SourceRefused(fault)
        for name in (ref, f"origin/{ref}"):
            try:
                out = self._run(
                    "rev-parse", "--verify", "-q", "--end-of-options", f"{name}^{{commit}}", what=""
                )
                tree = self._run(
                    "rev-parse", "--verify", "-q", "--end-of-options", f"{out}^{{tree}}", what=""
                )
            except ToolError:
                continue
            return out, tree
        raise SourceRefused(f"{self.root} has no revision {ref!r}", "fetch it, or name another one")

    def head(self) -> str:
        """Id of the commit that is checked out; empty before the first one."""
        text = (self.git_directory / "HEAD").read_text().strip()
        name = text.removeprefix("ref: ")
        if is_id(text):
            return text
        if name.startswith("refs/heads/") and not ref_fault(name):
            loose = self.objects.parent / name
            if loose.is_file() and is_id(identity := loose.read_text().strip()):
                return identity
        try:
            return self._run("rev-parse", "--verify", "-q", "HEAD", what="")
        except ToolError:
            return ""

    def working_tree(self) -> str:
        """Id of a tree with the files as they lie there: those that are tracked, and new ones that are not ignored.

        Nothing in the repository changes: index and objects are written elsewhere.
        """
        place = self._state / "sources"
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(dir=place, prefix="index-") as name:
            index = Path(name) / "index"
            if (self.git_directory / "index").is_file():
                shutil.copy2(self.git_directory / "index", index)
            extra = {
                **self.environ,
                "GIT_INDEX_FILE": str(index),
                "GIT_WORK_TREE": str(self.root),
                "GIT_LITERAL_PATHSPECS": "0",
            }
            what = "cannot read the working tree"
            self._git.run(
                "add", "-A", "--", str(self.root), what=what, directory=self.git_directory, extra=extra
            )
            out = self._git.run("write-tree", what=what, directory=self.git_directory, extra=extra)
            return out.decode().strip()

    def _run(self, *words: str, what: str) -> str:
        out = self._git.run(*words, what=what, directory=self.git_directory, extra=self.environ)
        return out.decode("utf-8", "replace").strip()


def normal(url: str) -> str:
    """A repository's URL in a form that is the same for https and ssh, with and without ``.git``, a user or a port.

    Wider than what :func:`holkas.gitops.repository_url.same_repository` takes for the same: people clone by ssh what
    their manifests name by https.
    """
    text = url.strip()
    if "://" not in text:
        host, colon, path = text.partition(":")
        if not colon or "/" in host:
            return text.rstrip("/").removesuffix(".git")
        text = f"ssh://{host}/{path.lstrip('/')}"
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").lower()
    except ValueError:
        return text
    return f"{host}/{parts.path.strip('/').removesuffix('.git')}".lower() if host else parts.path
