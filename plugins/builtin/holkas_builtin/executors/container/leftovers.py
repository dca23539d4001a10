"""Containers never outlive the process that started them for long, however it ends.

Each carries two labels: the store that it belongs to and its owner, one executor of one process. While that process
lives, it holds a lock named after the owner. A shell that waits for the process's end removes the containers of a
killed one at once; where that fails, the next run does, which knows a dead owner by its free lock.
"""

from __future__ import annotations

import contextlib
import re
import secrets
import shlex
import subprocess
import sys
from pathlib import Path

from .engine import Engine, EngineError

STORE = "io.holkas.store"
OWNER = "io.holkas.owner"
_ID = re.compile(r"[0-9a-f]{12}")

_GUARD = """
read -r word && [ "$word" = done ] && exit 0
for again in 1 2 3 4; do
  {list} | while read -r id; do {remove} "$id"; done
  sleep 1
done
rm -rf -- {private}
"""
"""Removes what it finds for some seconds: a container may just be on its way. Ends at once when told so."""


class Owner:
    """One executor as the owner of containers. ``root``: a private directory of the store, made where it is missing."""

    def __init__(self, engine: Engine, root: Path) -> None:
        from holkas.state.lock import OwnerLock

        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.id = secrets.token_hex(6)
        self._engine = engine
        self._root = root
        self._store = _store(root)
        self.private = root / self.id
        self.private.mkdir(mode=0o700)
        new = root / f"{self.id}.new"
        self._lock = OwnerLock(new)
        self._lock.take()
        new.rename(root / f"{self.id}.lock")  # who sweeps never sees it free
        self._guard = self._started()

    @property
    def labels(self) -> tuple[str, str]:
        """Options that mark a container as this owner's."""
        return f"--label={STORE}={self._store}", f"--label={OWNER}={self.id}"

    def sweep(self) -> None:
        """Remove what dead owners of this store have left."""
        import shutil

        from holkas.state.lock import is_owned

        for lock in sorted(self._root.glob("*.lock")):
            owner = lock.stem
            if owner == self.id or not _ID.fullmatch(owner) or is_owned(lock):
                continue
            try:
                found = self._engine.call(*self._listing(owner)).split()
                if found:
                    self._engine.remove(found)
            except EngineError:
                continue  # the next run tries again
            shutil.rmtree(self._root / owner, ignore_errors=True)
            lock.unlink(missing_ok=True)

    def close(self, *, left: bool = False) -> None:
        """Let the guard go, and forget the owner; ``left``: whether containers are, so that others remove them."""
        import shutil

        if self._guard is not None and self._guard.stdin is not None:
            with contextlib.suppress(OSError):
                self._guard.stdin.write(b"done\n")
                self._guard.stdin.close()
            self._guard.wait()
        shutil.rmtree(self.private, ignore_errors=True)
        if not left:
            (self._root / f"{self.id}.lock").unlink(missing_ok=True)
        self._lock.release()

    def _listing(self, owner: str) -> tuple[str, ...]:
        return (
            "ps", "--all", "--quiet", f"--filter=label={STORE}={self._store}", f"--filter=label={OWNER}={owner}",
        )  # fmt: skip

    def _started(self) -> subprocess.Popen[bytes] | None:
        if sys.platform == "win32":
            return None
        script = _GUARD.format(
            list=shlex.join(self._engine.argv(*self._listing(self.id))),
            remove=shlex.join(self._engine.argv(*self._engine.removal)),
            private=shlex.quote(str(self.private)),
        )
        with contextlib.suppress(OSError):
            return subprocess.Popen(
                ["/bin/sh", "-c", script],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                start_new_session=True,  # a Ctrl-C is not for it
                bufsize=0,
            )
        return None


def _store(root: Path) -> str:
    """A name that no other store has, not even on another machine that uses the same engine."""
    file = root / "store-id"
    with contextlib.suppress(OSError):
        found = file.read_text("ascii").strip()
        if _ID.fullmatch(found):
            return found
        file.unlink()  # damaged
    temporary = root / f"store-id.{secrets.token_hex(4)}"
    temporary.write_text(secrets.token_hex(6), "ascii")
    with contextlib.suppress(FileExistsError):
        file.hardlink_to(temporary)  # the first one wins, which a rename would not give
    temporary.unlink()
    return file.read_text("ascii").strip()
