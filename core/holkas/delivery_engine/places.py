"""Where a delivery keeps what it needs on its way: sources, the build's workspace, fetched artifacts."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

from holkas.delivery_engine.spares import Spares
from holkas.model.revision import Revision
from holkas.roles.version_control import VersionControl
from holkas.state.lock import OwnerLock
from holkas.state.run_directory import remove_tree


class DeliveryPlace:
    """``<state>/deliveries/<project>/<number>``; gone once the delivery has ended."""

    def __init__(self, state: Path, project: str, number: int) -> None:
        self.path = state / "deliveries" / project / f"{number:08}"
        self._spares = Spares(self.path.parent)

    @property
    def workspace(self) -> Path:
        """The sources that the pipeline works on."""
        return self.path / "workspace"

    def tree(self, control: VersionControl, revision: Revision) -> Path:
        """The sources as they are in version control; checked out once."""
        return self._once(self.path / "tree", lambda path: control.checkout(revision, path))

    def fresh_workspace(self, control: VersionControl, revision: Revision, name: str = "workspace") -> Path:
        """The sources for a pipeline that begins; what an earlier one did to them is gone."""
        workspace = self.path / name
        if workspace.exists():
            remove_tree(workspace)
        return self._once(workspace, lambda path: control.checkout(revision, path))

    def empty(self, name: str) -> Path:
        """An empty directory; what a process that died left there is removed."""
        path = self.path / name
        if path.exists():
            remove_tree(path)
        self._begin()
        self._spares.take(path)
        return path

    def remove(self) -> None:
        """Forget everything; it can all be made again."""
        try:
            with os.scandir(self.path) as entries:
                below = [Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False)]
        except FileNotFoundError:
            return
        for path in below:
            self._spares.give(path)
        self._spares.give(self.path)

    def _begin(self) -> None:
        if not self.path.exists():
            self._spares.take(self.path)

    def _once(self, path: Path, fill: Callable[[Path], None]) -> Path:
        """A directory that is there completely or not at all, whenever the process dies."""
        if not path.exists():
            self._begin()
            unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
            try:
                self._spares.take(unfinished)
                fill(unfinished)
                os.replace(unfinished, path)  # noqa: PTH105 - a directory takes its place at once
            except BaseException:
                shutil.rmtree(unfinished, ignore_errors=True)
                raise
        return path


def project_lock(state: Path, project: str) -> OwnerLock:
    """The lock of who drives a project's deliveries, and tells people about them."""
    path = state / "deliveries" / f"{project}.lock"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return OwnerLock(path)


def ledger_key(state: Path) -> bytes:
    """The key of this state directory by which secrets are compared without being stored."""
    path = state / "ledger.key"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        unfinished.touch(mode=0o600)
        unfinished.write_bytes(secrets.token_bytes(32))
        try:
            os.link(unfinished, path)  # fails where somebody was faster, whose key then counts
        except FileExistsError:
            pass
        finally:
            unfinished.unlink()
        return path.read_bytes()
