"""Starting a step in Linux namespaces through the launcher: the sandbox's first way."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Mapping, Sequence

from holkas.extensions.executor import Command, ExecutorError

from . import shebang, tools
from .closable import Closable
from .failures import start_failure
from .launcher_client import Launched, Launcher, LauncherError, raise_for
from .mount_plan import Operation
from .starter import Missing, Starter


class WorldProcess(Closable):
    """A world with its step as the second process."""

    def __init__(self, launcher: Launcher, world: Launched) -> None:
        self._launcher = launcher
        self._world = world
        self._code: int | None = None
        self._lock = threading.Lock()

    def fileno(self) -> int:
        """Readable when every process of the world is gone."""
        return self._world.pipe

    def wait(self, timeout: float | None = None) -> int | None:
        """The exit code; None when ``timeout`` seconds passed first."""
        if self._code is None and not self._world.has_answer(timeout):
            return None
        with self._lock:
            if self._code is None:
                words = self._world.line()
                # Without a word the launcher itself has ended, which kills every world.
                self._code = int(words[1]) if words else 128 + signal.SIGKILL
            return self._code

    def terminate(self, grace: float = 0.0) -> None:
        """SIGTERM to all processes of the world, ``grace`` seconds later SIGKILL."""
        if grace > 0 and self.wait(0) is None:
            self._launcher.signal(self._world, signal.SIGTERM)
            self.wait(grace)
        if self.wait(0) is None:
            self._launcher.signal(self._world, signal.SIGKILL)
        self.wait()

    def close(self) -> None:
        """Give the descriptor back; the process must have ended."""
        with self._lock:
            if self._world.pipe >= 0:
                os.close(self._world.pipe)
                self._world.pipe = -1


class Namespaces(Starter):
    """One launcher for all steps of a run. Raises LauncherError if the kernel refuses the base of all worlds."""

    def __init__(self, base: Sequence[Operation]) -> None:
        self._launcher = Launcher("worlds")
        try:
            self._launcher.setup(base)
        except LauncherError:
            self._launcher.close()
            raise

    def start(
        self,
        command: Command,
        operations: Sequence[Operation],
        argv: Sequence[str],
        env: Mapping[str, str],
        script: str,
        *,
        stdout: int,
        stderr: int,
    ) -> Closable:
        """A world of its own for one step."""
        cwd = command.cwd or "/"
        # Ids count only for real root: in a user namespace there is but one.
        user, group = (command.user, command.group) if os.geteuid() == 0 else (None, None)
        try:
            world = self._launcher.launch(
                operations=operations,
                argv=argv,
                env=env,
                cwd=cwd,
                user=user,
                group=group,
                stdout=stdout,
                stderr=stderr,
            )
            try:
                raise_for(world.line())
            except LauncherError:
                os.close(world.pipe)
                raise
        except LauncherError as error:
            if error.stage == "exec" and error.number in tools.MISSING:
                raise Missing(error.number) from error
            if error.stage == "exec":
                raise start_failure(error.number, command, shebang.interpreter(script, "/")) from error
            if error.stage == "cwd":
                why = os.strerror(error.number)
                raise ExecutorError(f'the working directory "{cwd}" cannot be entered: {why}') from error
            raise ExecutorError(f"the sandbox could not be made: {error}") from error
        return WorldProcess(self._launcher, world)

    def close(self) -> None:
        """End every world and the launcher."""
        self._launcher.close()
