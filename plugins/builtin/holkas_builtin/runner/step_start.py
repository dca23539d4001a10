"""Starts steps: everything that holkas puts into their world is there before the first of them begins.

A step can leave links and files of its own anywhere in that world, so what is made later goes through
:mod:`~holkas_builtin.runner.beneath`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from holkas.extensions.executor import Account, ExecutorError, Mount, Session
from holkas.model.run import TaskRun
from holkas.model.step import Step
from holkas.model.task import TaskSpec
from holkas.pipeline.apply_task import step_directory

from holkas_builtin.runner.cancellation import Cancellation
from holkas_builtin.runner.credentials import CREDENTIALS, put_credentials
from holkas_builtin.runner.debugging import in_place_of
from holkas_builtin.runner.environment import variables
from holkas_builtin.runner.found_first import found_first
from holkas_builtin.runner.place import AttemptPlace, container_mounts, private_directory
from holkas_builtin.runner.pod import Pod
from holkas_builtin.runner.pull_credentials import registries
from holkas_builtin.runner.run_context import RunContext
from holkas_builtin.runner.scripts import script_text
from holkas_builtin.runner.step_command import container_command, security_of
from holkas_builtin.runner.step_directories import make_step_directory
from holkas_builtin.runner.step_run import Deadlines, Exit, run_step
from holkas_builtin.runner.stream_copies import stream_copies
from holkas_builtin.runner.streams import LogFile
from holkas_builtin.runner.working_directory import make_working_directory

GRACE = 5.0
"""Seconds between SIGTERM and SIGKILL for a step that is to end."""


class StepStarter:
    """Starts the steps of one attempt; made before anything of the attempt runs. Making it raises SetupError."""

    def __init__(
        self,
        session: Session,
        context: RunContext,
        spec: TaskSpec,
        made: AttemptPlace,
        run: TaskRun,
        pod: Pod,
        *,
        credentials: Mapping[str, bytes],
        has_files: bool,
    ) -> None:
        """``credentials``: files by path. ``has_files``: whether the steps can look for files under /tekton."""
        self._session = session
        self._context = context
        self._spec = spec
        self._made = made
        self._run = run
        self._pod = pod
        self._credentials = credentials
        self._homes: dict[int, str] = {}
        self._check_environment()
        self._mounts = [self._mounts_of(index, step) for index, step in enumerate(spec.steps)]
        self._write_scripts()
        if has_files:
            for index, step in enumerate(spec.steps):
                make_step_directory(made.tekton / "steps", step_directory(step.name, index), index)

    async def start_and_wait(
        self,
        index: int,
        step: Step,
        log: LogFile,
        *,
        deadline: float,
        cancellation: Cancellation,
        pump: Callable[[], None],
    ) -> Exit:
        """Carry out one step, its step results replaced. Raises ExecutorError and SetupError.

        deadline: of the task, by :func:`time.monotonic`. pump: called now and then while the step runs.
        """
        mounts = self._mounts[index]
        if any(mount.sub_path for mount in step.volume_mounts):  # an earlier step may have put a link there
            mounts = self._mounts_of(index, step)
        command = container_command(
            step,
            self._context,
            self._run.settings,
            script_name=_script_name(index, self._spec.steps[index]),
            mounts=mounts,
            pod=self._pod,
            what=f"steps[{index}]",
            home=self._homes.get(index, ""),
        )
        if self._context.first_on_path:
            command = found_first(command, self._context.first_on_path)
        debugging = self._context.debugging
        timeout = step.timeout
        if debugging is not None and debugging.step == (step.name or f"unnamed-{index}"):
            command, timeout = in_place_of(command, debugging), None
        seen = (*self._made.place.mounts, *mounts)
        make_working_directory(command.cwd, seen)
        ends = float("inf") if not timeout else time.monotonic() + timeout
        with stream_copies(step, seen) as (stdout_copy, stderr_copy):
            return await run_step(
                self._session,
                command,
                log,
                stdout_copy=stdout_copy,
                stderr_copy=stderr_copy,
                deadlines=Deadlines(step=ends, task=deadline),
                cancellation=cancellation,
                grace=GRACE,
                others=pump,
            )

    def _check_environment(self) -> None:
        """What a variable needs and the file lacks stops the whole pod, before its first step."""
        for index, step in enumerate(self._spec.steps):
            if step.env_from or any(variable.source for variable in step.env):
                variables(step, (), self._context, pod=self._pod, what=f"steps[{index}]")

    def _mounts_of(self, index: int, step: Step) -> tuple[Mount, ...]:
        private = not self._context.executor.has_images
        mounts = container_mounts(step, self._spec, self._made, index=index, private=private)
        if not self._credentials:
            return mounts
        directory, account = self._made.directory, self._account(step)
        home = private_directory(directory, index, "home")
        put_credentials(self._credentials, home, account.user)
        own = private_directory(directory, index, "creds")
        own.mkdir(mode=0o700, exist_ok=True)
        put_credentials(self._credentials, own, account.user)
        if not private:
            self._homes[index] = account.home
            mounts = (Mount(source=home, target=account.home), *mounts)
        return (*mounts, Mount(source=own, target=CREDENTIALS))

    def _account(self, step: Step) -> Account:
        """Who the step runs as; where that cannot be known, its start will say why."""
        settings = self._run.settings
        user = security_of(step, settings).get("runAsUser")
        try:
            return self._context.executor.account(
                step.image, None if user is None else int(user), registries(settings, self._context)
            )
        except ExecutorError:
            return Account()

    def _write_scripts(self) -> None:
        texts = {
            _script_name(index, step): self._session.rewrite(script_text(step.script), mounts)
            for index, (step, mounts) in enumerate(zip(self._spec.steps, self._mounts, strict=True))
            if step.script
        }
        self._context.places.write_scripts(
            self._made.directory,
            {name: text.encode("utf-8", "surrogateescape") for name, text in texts.items()},
        )


def _script_name(index: int, step: Step) -> str:
    return f"script-{index}" if step.script else ""
