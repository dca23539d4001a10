"""The history of a directory of resources, in a git repository of its own."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from holkas.roles.errors import ToolError

from holkas_builtin.git.command import GitProgram

_AUTHOR = ("-c", "user.name=holkas", "-c", "user.email=holkas@localhost", "-c", "commit.gpgSign=false")
_IGNORED = ".holkas/\n"
_LIMIT = 1000


class GitHistory:
    """Commits what is in a directory. Its repository is the directory's own, not one that it lies in."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._git = GitProgram(timeout=120.0)
        self._lock = Lock()

    def commit(self, message: str) -> None:
        """Commit everything that is there now; nothing where nothing has changed. Raises ToolError."""
        subject = " ".join(message.split())[:_LIMIT] or "sync"
        with self._lock:
            if not (self._root / ".git").is_dir():
                self._git.run(
                    "init", "-q", "-b", "main", "--", str(self._root), what="cannot begin the history"
                )
                exclude = self._root / ".git" / "info" / "exclude"
                exclude.parent.mkdir(exist_ok=True)
                exclude.write_text(_IGNORED, encoding="utf-8")
            self._run("add", "-A")
            if self._run("status", "--porcelain", "--untracked-files=no"):
                self._run(*_AUTHOR, "commit", "-q", "--no-verify", "-m", subject)

    def _run(self, *words: str) -> bytes:
        place = ("-C", str(self._root), "--git-dir", str(self._root / ".git"), "--work-tree", str(self._root))
        try:
            return self._git.run(*place, *words, what="cannot keep the history")
        except OSError as error:
            raise ToolError(f"cannot keep the history: {error}") from None
