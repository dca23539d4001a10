"""The private directory of a run, readable with plain tools.

``lock`` is held while the run's process lives; ``manifest.yaml`` is what was run, secrets masked;
``origin.json`` how it was asked for;
``logs/<task run>/<step>.log``; ``cancel`` holds a wish to end; ``crash.txt`` what a bug of ours left.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from contextlib import suppress
from pathlib import Path

from holkas.records import dataclass

RUN_ID = re.compile(r"[0-9]{8}-[0-9]{6}-[a-z0-9]{4}")
_ALPHABET = "bcdfghjklmnpqrstvwxz2456789"


def new_run_id(now: float) -> str:
    """A name that sorts by time: date, time (UTC) and four random letters."""
    suffix = "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in os.urandom(4))
    return f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime(now))}-{suffix}"


@dataclass(frozen=True, slots=True)
class RunDirectory:
    """Paths of one run's directory."""

    path: Path

    @property
    def lock(self) -> Path:
        """The owner's lock."""
        return self.path / "lock"

    @property
    def work(self) -> Path:
        """Workspaces, scripts and results while the run goes on; beside the runs, so that leftovers are easily found."""
        return self.path.parent.parent / "work" / self.path.name

    @property
    def manifest(self) -> Path:
        """The manifest as it was read, secrets masked."""
        return self.path / "manifest.yaml"

    @property
    def origin(self) -> Path:
        """How the run was asked for."""
        return self.path / "origin.json"

    @property
    def cancel_request(self) -> Path:
        """Holds the mode in which somebody wants the run to end."""
        return self.path / "cancel"

    @staticmethod
    def log_name(task_run: str, step: str) -> str:
        """A step's log file within the run's directory; an earlier attempt has ``.<attempt>`` in its task run's name."""
        return f"logs/{task_run}/{step}.log"

    def inside(self, relative: str) -> Path | None:
        """A file of the directory by the name that an event has; None for a name that leads out, and for none."""
        path = self.path / relative
        return path if relative and path.resolve().is_relative_to(self.path.resolve()) else None

    def remove_work(self) -> None:
        """Remove what only a going run needs, read-only directories included."""
        remove_tree(self.work)


def remove_tree(path: Path) -> None:
    """Remove a tree even where steps took away their own write permission. Links are not followed.

    Somebody else may remove it at the same time: two runs that begin together sweep the same leftovers.
    """
    shutil.rmtree(path, ignore_errors=True)
    if not path.exists():
        return
    with suppress(FileNotFoundError):
        path.chmod(0o700)
    for directory, names, _ in os.walk(path):
        for name in names:
            below = Path(directory, name)
            with suppress(FileNotFoundError):
                if not below.is_symlink():
                    below.chmod(0o700)  # before os.walk goes down into it
    shutil.rmtree(path, ignore_errors=True)
