"""Makes a directory a repository with everything in it."""

from __future__ import annotations

from pathlib import Path

from holkas.model.revision import Person
from holkas.roles.errors import ToolError

from .command import GitProgram


def begin(git: GitProgram, directory: Path, message: str, author: Person) -> None:
    """The first revision of ``main``; nothing where there is one. Killed in between, the next call goes on."""
    what = f"cannot make {directory} a repository"
    place = ("-C", str(directory))
    if (directory / ".git").exists():
        try:
            git.run(*place, "rev-parse", "--verify", "--quiet", "HEAD", what=what)
        except ToolError:
            pass  # it was begun, and nothing is in it yet
        else:
            return
    git.run(*place, "init", "--quiet", "--initial-branch=main", what=what)
    for key, value in (("user.name", author.name), ("user.email", author.email)):
        git.run(*place, "config", "--local", key, value, what=what)
    git.run(*place, "add", "--all", what=what)
    git.run(*place, "commit", "--quiet", "--no-gpg-sign", f"--message={message}", what=what)
