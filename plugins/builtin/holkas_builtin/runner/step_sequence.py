"""The steps of one attempt, one after the other, as Tekton's entrypoint lets them follow each other."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from holkas.extensions.executor import Command, ExecutorError, Mount, Session
from holkas.model.record import StepRecord
from holkas.model.run import TaskRun
from holkas.model.run_event import RunEventKind
from holkas.model.step import Step
from holkas.model.task import TaskSpec
from holkas.model.value import Value
from holkas.pipeline.apply_task import step_directory
from holkas.pipeline.cel import CelError, evaluate
from holkas.pipeline.reasons import TaskRunReason, TerminationReason
from holkas.pipeline.step_results import MissingStepResultError, apply_step_artifacts, apply_step_results
from holkas.pipeline.when import allows

from holkas_builtin.runner.beneath import NotPlain, open_beneath, write_beneath
from holkas_builtin.runner.cancellation import Cancellation
from holkas_builtin.runner.credentials import put_credentials
from holkas_builtin.runner.emitted import read_artifacts, read_results
from holkas_builtin.runner.errors import SetupError
from holkas_builtin.runner.place import AttemptPlace, container_mounts, private_directory
from holkas_builtin.runner.run_context import RunContext
from holkas_builtin.runner.scripts import script_text, write_script
from holkas_builtin.runner.step_command import container_command
from holkas_builtin.runner.step_run import Deadlines, Ending, Exit, run_step
from holkas_builtin.runner.streams import LogFile

GRACE = 5.0
"""Seconds between SIGTERM and SIGKILL for a step that is to end."""

NOT_STARTED = 1
"""Exit code of a step that could not be started: Tekton's entrypoint itself then ends with 1."""


class StepSequence:
    """Carries out the steps of a task whose variables are all replaced but those of step results."""

    def __init__(
        self,
        session: Session,
        context: RunContext,
        spec: TaskSpec,
        made: AttemptPlace,
        run: TaskRun,
        *,
        credentials: Mapping[str, bytes],
        cancellation: Cancellation,
        deadline: float,
        log_name: str,
        pump: Callable[[], None],
    ) -> None:
        self._session = session
        self._context = context
        self._spec = spec
        self._made = made
        self._run = run
        self._credentials = credentials
        self._cancellation = cancellation
        self._deadline = deadline
        self._log_name = log_name
        self._pump = pump
        self._results: dict[str, Mapping[str, Value]] = {}
        self._artifacts: dict[str, tuple[Sequence[Mapping[str, Any]], Sequence[Mapping[str, Any]]]] = {}

    def carry_out(self) -> tuple[StepRecord, ...]:
        """Run them all. After one has failed the rest is skipped."""
        records: list[StepRecord] = []
        stopped = ""
        for index, step in enumerate(self._spec.steps):
            name = step.name or f"unnamed-{index}"
            if stopped:
                now = time.time()
                termination = TerminationReason.SKIPPED
                records.append(
                    StepRecord(
                        name=name,
                        exit_code=1,
                        reason=stopped,
                        termination=termination,
                        started=now,
                        finished=now,
                    )
                )
                continue
            record = self._one(index, name, step)
            stopped = _stop_reason(record)
            records.append(record)
            self._tell_finished(record)
        return tuple(records)

    def _one(self, index: int, name: str, step: Step) -> StepRecord:
        """One step from its conditions to its results. Every way of failing is a record."""
        record = StepRecord(name=name, started=time.time(), log=self._log_path(name))
        own = f"tekton/steps/{step_directory(step.name, index)}"
        for part in ("results", "artifacts"):
            path = self._made.directory / own / part
            path.mkdir(parents=True, exist_ok=True)
            path.chmod(0o777)
        (self._made.tekton / "steps" / str(index)).symlink_to(step_directory(step.name, index))
        self._context.journal.tell(RunEventKind.STEP_STARTED, task=self._run.name, step=name, log=record.log)
        log = LogFile(
            self._context.directory.path / record.log, self._context.journal.masker, self._tell_log(name)
        )
        try:
            step = apply_step_artifacts(apply_step_results(step, self._results), self._artifacts)
            if not allows(step.when, evaluate):
                self._write_exit_code(own, 0)
                return _ended(record, 0, "Completed", TerminationReason.SKIPPED)
            exit_ = self._start_and_wait(index, step, log)
        except (ExecutorError, SetupError, MissingStepResultError, CelError) as error:
            log.write(f"holkas: {error}\n".encode())
            return _ended(record, NOT_STARTED, "Error", TerminationReason.ERROR)
        finally:
            log.close()
        return self._ended(record, step, own, exit_)

    def _ended(self, record: StepRecord, step: Step, own: str, exit_: Exit) -> StepRecord:
        if exit_.ending is Ending.CANCELLED:
            return _ended(record, exit_.code, TaskRunReason.CANCELLED, TerminationReason.CANCELLED)
        if exit_.ending is Ending.TASK_TIMEOUT:
            return _ended(record, exit_.code, TaskRunReason.TIMED_OUT, TerminationReason.TIMEOUT_EXCEEDED)
        if exit_.ending is Ending.STEP_TIMEOUT:
            return _ended(record, exit_.code, "Error", TerminationReason.TIMEOUT_EXCEEDED)
        results, problems = read_results(self._made.directory, f"{own}/results", step.results)
        for problem in problems:
            self._context.journal.tell(RunEventKind.NOTE, task=self._run.name, text=problem, level="warning")
        self._results[record.name] = {result.name: result.value for result in results}
        inputs, outputs = read_artifacts(self._made.directory, f"{own}/artifacts/provenance.json")
        self._artifacts[record.name] = (inputs, outputs)
        record = replace(record, results=results, inputs=inputs, outputs=outputs)
        if exit_.code == 0:
            self._write_exit_code(own, 0)
            return _ended(record, 0, "Completed", TerminationReason.COMPLETED)
        if step.on_error == "continue":
            self._write_exit_code(own, exit_.code)
            return _ended(record, exit_.code, "Error", TerminationReason.CONTINUED)
        return _ended(record, exit_.code, "Error", TerminationReason.ERROR)

    def _start_and_wait(self, index: int, step: Step, log: LogFile) -> Exit:
        mounts = container_mounts(step, self._spec, self._made, index=index)
        if self._credentials:
            put_credentials(self._credentials, private_directory(self._made.directory, index, "home"))
        script_name = self._write_script(index, step, mounts)
        command = container_command(
            step,
            self._context,
            self._run.settings,
            script_name=script_name,
            mounts=mounts,
            pod=f"{self._run.name}-pod",
            what=f"steps[{index}]",
        )
        self._make_working_directory(command)
        ends = float("inf") if not step.timeout else time.monotonic() + step.timeout
        with self._copies(step, mounts) as (stdout_copy, stderr_copy):
            return run_step(
                self._session,
                command,
                log,
                stdout_copy=stdout_copy,
                stderr_copy=stderr_copy,
                deadlines=Deadlines(step=ends, task=self._deadline),
                cancellation=self._cancellation,
                grace=GRACE,
                others=self._pump,
            )

    def _write_script(self, index: int, step: Step, mounts: tuple[Mount, ...]) -> str:
        if not step.script:
            return ""
        name = f"script-{index}"
        text = self._session.rewrite(script_text(step.script), mounts)
        write_script(self._made.tekton / "scripts", name, text)
        return name

    def _make_working_directory(self, command: Command) -> None:
        """Directories under /workspace are made when missing; elsewhere they have to be there (Tekton's rule)."""
        for mount in sorted(self._all_mounts(command.mounts), key=lambda mount: -len(mount.target)):
            if command.cwd == mount.target or command.cwd.startswith(f"{mount.target}/"):
                rest = command.cwd[len(mount.target) :].strip("/")
                if rest and command.cwd.startswith("/workspace/") and not mount.read_only:
                    _make_directories(mount.source, rest)
                return

    def _all_mounts(self, own: tuple[Mount, ...]) -> tuple[Mount, ...]:
        return (*self._made.place.mounts, *own)

    @contextmanager
    def _copies(self, step: Step, mounts: tuple[Mount, ...]) -> Iterator[tuple[int | None, int | None]]:
        """Descriptors of the files that also get the streams; one file when both paths are the same."""
        opened: dict[str, int] = {}
        try:
            for path in {step.stdout_path, step.stderr_path} - {""}:
                opened[path] = self._open_copy(path, mounts)
            yield opened.get(step.stdout_path), opened.get(step.stderr_path)
        finally:
            for descriptor in opened.values():
                os.close(descriptor)

    def _open_copy(self, path: str, mounts: tuple[Mount, ...]) -> int:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        for mount in sorted(self._all_mounts(mounts), key=lambda mount: -len(mount.target)):
            if path.startswith(f"{mount.target}/"):
                try:
                    return open_beneath(mount.source, path[len(mount.target) :], flags, create_parents=True)
                except (NotPlain, FileNotFoundError) as error:
                    raise ExecutorError(f"{path}: the stream cannot be written there: {error}") from error
        raise ExecutorError(f"{path}: the stream can only be written to a workspace, a volume or /tekton")

    def _write_exit_code(self, own: str, code: int) -> None:
        try:
            write_beneath(self._made.directory, f"{own}/exitCode", str(code).encode())
        except OSError as error:
            self._context.journal.tell(
                RunEventKind.NOTE, task=self._run.name, text=str(error), level="warning"
            )

    def _log_path(self, name: str) -> str:
        path = self._context.directory.log(self._log_name, name)
        return str(path.relative_to(self._context.directory.path))

    def _tell_log(self, step: str) -> Callable[[str], None]:
        def tell(text: str) -> None:
            self._context.journal.tell(RunEventKind.LOG, task=self._run.name, step=step, text=text)

        return tell

    def _tell_finished(self, record: StepRecord) -> None:
        self._context.journal.tell(
            RunEventKind.STEP_FINISHED,
            task=self._run.name,
            step=record.name,
            exit_code=record.exit_code,
            reason=record.reason,
            termination=record.termination,
            results={result.name: result.value for result in record.results},
        )


def _stop_reason(record: StepRecord) -> str:
    """Why the steps after this one do not run, empty when they do: it becomes their reason."""
    if record.termination in (TerminationReason.COMPLETED, TerminationReason.CONTINUED):
        return ""
    if record.termination == TerminationReason.SKIPPED:
        return ""
    return record.reason


def _ended(record: StepRecord, code: int, reason: str, termination: str) -> StepRecord:
    return replace(record, exit_code=code, reason=reason, termination=termination, finished=time.time())


def _make_directories(root: Path, relative: str) -> None:
    descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in relative.split("/"):
            if part in ("", "."):
                continue
            try:
                os.mkdir(part, 0o777, dir_fd=descriptor)
            except FileExistsError:
                pass
            try:
                below = os.open(
                    part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=descriptor
                )
            except OSError:
                return  # a link or a file: the start of the step will say what is wrong, seen from inside
            os.close(descriptor)
            descriptor = below
    finally:
        os.close(descriptor)
