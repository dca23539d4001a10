"""The steps of one attempt, one after the other, as Tekton's entrypoint lets them follow each other."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from holkas.extensions.executor import ExecutorError
from holkas.model.record import StepRecord
from holkas.model.run_event import RunEventKind
from holkas.model.step import Step
from holkas.model.task import TaskSpec
from holkas.model.value import Value
from holkas.pipeline.apply_task import step_directory
from holkas.pipeline.cel import CelError, evaluate
from holkas.pipeline.reasons import TaskRunReason, TerminationReason
from holkas.pipeline.step_results import MissingStepResultError, apply_step_artifacts, apply_step_results
from holkas.pipeline.when import allows
from holkas.records import replace

from holkas_builtin.runner.beneath import write_beneath
from holkas_builtin.runner.cancellation import Cancellation
from holkas_builtin.runner.emitted import read_artifacts, read_results
from holkas_builtin.runner.errors import SetupError
from holkas_builtin.runner.place import AttemptPlace
from holkas_builtin.runner.result_limits import MESSAGE, did_not_fit
from holkas_builtin.runner.run_context import RunContext
from holkas_builtin.runner.step_run import Ending, Exit
from holkas_builtin.runner.step_start import StepStarter
from holkas_builtin.runner.streams import LogFile

NOT_STARTED = 1
"""Exit code of a step that could not be started, or was not: Tekton's entrypoint itself then ends with 1."""


class StepSequence:
    """Carries out the steps of a task whose variables are all replaced but those of step results."""

    def __init__(
        self,
        starter: StepStarter,
        context: RunContext,
        spec: TaskSpec,
        made: AttemptPlace,
        *,
        task: str,
        log_name: str,
        cancellation: Cancellation,
        deadline: float,
        has_files: bool,
        pump: Callable[[], None],
    ) -> None:
        """``task``: name of the task run. For the others see :class:`StepStarter` and :func:`run_step`."""
        self._starter = starter
        self._context = context
        self._spec = spec
        self._made = made
        self._task = task
        self._log_name = log_name
        self._cancellation = cancellation
        self._deadline = deadline
        self._has_files = has_files
        self._pump = pump
        self._lost: set[str] = set()
        self._warned = False
        self.delivered: set[str] = set()
        self._results: dict[str, Mapping[str, Value]] = {}
        self._artifacts: dict[str, tuple[Sequence[Mapping[str, Any]], Sequence[Mapping[str, Any]]]] = {}

    async def carry_out(self) -> tuple[StepRecord, ...]:
        """Run them all. After one has failed, or when the time is over, the rest is skipped."""
        records: list[StepRecord] = []
        stopped = ""
        for index, step in enumerate(self._spec.steps):
            name = step.name or f"unnamed-{index}"
            stopped = stopped or self._over()
            if stopped:
                record = StepRecord(name=name, started=time.time())
                records.append(_ended(record, NOT_STARTED, stopped, TerminationReason.SKIPPED))
                continue
            record = await self._one(index, name, step)
            stopped = "" if name in self._lost else _stop_reason(record)
            stopped = stopped or self._looked_at(name)
            records.append(record)
            self._tell_finished(record)
        return tuple(records)

    def _over(self) -> str:
        """Why no step may start any more; empty when one may."""
        if self._cancellation.is_set:
            return TaskRunReason.CANCELLED
        return TaskRunReason.TIMED_OUT if time.monotonic() >= self._deadline else ""

    def _looked_at(self, name: str) -> str:
        """Nothing runs after a step that was looked at."""
        debugging = self._context.debugging
        return TaskRunReason.CANCELLED if debugging is not None and debugging.step == name else ""

    async def _one(self, index: int, name: str, step: Step) -> StepRecord:
        """One step from its conditions to its results. Every way of failing is a record."""
        record = StepRecord(
            name=name, started=time.time(), log=self._context.directory.log_name(self._log_name, name)
        )
        own = f"tekton/steps/{step_directory(step.name, index)}"
        self._context.journal.tell(RunEventKind.STEP_STARTED, task=self._task, step=name, log=record.log)
        log = LogFile(
            self._context.directory.path, record.log, self._context.journal.masker, self._tell_log(name)
        )
        try:
            step = apply_step_artifacts(apply_step_results(step, self._results), self._artifacts)
            if not allows(step.when, evaluate):
                self._write_exit_code(own, 0)
                return _ended(record, 0, "Completed", TerminationReason.SKIPPED)
            exit_ = await self._starter.start_and_wait(
                index,
                step,
                log,
                deadline=self._deadline,
                cancellation=self._cancellation,
                pump=self._pump,
            )
        except (ExecutorError, SetupError, MissingStepResultError, CelError) as error:
            log.write(f"holkas: {error}\n".encode())
            return _ended(record, NOT_STARTED, "Error", TerminationReason.ERROR)
        finally:
            log.close()
        return self._ended(record, step, own, exit_)

    def _ended(self, record: StepRecord, step: Step, own: str, exit_: Exit) -> StepRecord:
        record = replace(record, image=exit_.image)
        if exit_.ending is Ending.CANCELLED:
            return _ended(record, exit_.code, TaskRunReason.CANCELLED, TerminationReason.CANCELLED)
        if exit_.ending is Ending.TASK_TIMEOUT:
            return _ended(record, exit_.code, TaskRunReason.TIMED_OUT, TerminationReason.TIMEOUT_EXCEEDED)
        if exit_.ending is Ending.STEP_TIMEOUT:
            return _ended(record, exit_.code, "Error", TerminationReason.TIMEOUT_EXCEEDED)
        self._results[record.name] = {}
        if self._has_files:
            record = self._with_files(record, step, own)
            if not self._fits(record, step, own, exit_.code):
                return _ended(record, NOT_STARTED, "Error", TerminationReason.ERROR)
        if exit_.code == 0:
            self._write_exit_code(own, 0)
            return _ended(record, 0, "Completed", TerminationReason.COMPLETED)
        if step.on_error == "continue":
            self._write_exit_code(own, exit_.code)
            return _ended(record, exit_.code, "Error", TerminationReason.CONTINUED)
        return _ended(record, exit_.code, exit_.reason or "Error", TerminationReason.ERROR)

    def _with_files(self, record: StepRecord, step: Step, own: str) -> StepRecord:
        """The record with the results and artifacts that the step has left in files."""
        results, problems = read_results(self._made.directory, f"{own}/results", step.results)
        for problem in problems:
            self._note(problem)
        self._results[record.name] = {result.name: result.value for result in results}
        inputs, outputs = read_artifacts(self._made.directory, f"{own}/artifacts/provenance.json")
        self._artifacts[record.name] = (inputs, outputs)
        return replace(record, results=results, inputs=inputs, outputs=outputs)

    @property
    def lost_results(self) -> bool:
        """Whether results of a step were too large; those of the task that are known then are ``delivered``."""
        return bool(self._lost)

    def _fits(self, record: StepRecord, step: Step, own: str, code: int) -> bool:
        """Whether what the step has left can be taken to where a cluster would."""
        limits = self._context.limits
        if limits.source == "sidecar-logs" or not (self._spec.results or step.results):
            return True
        size, names = limits.message_of(self._made.directory, own, self._spec, step, code)
        if size <= MESSAGE:
            self.delivered.update(names)
            return True
        if limits.source == "files":
            if not self._warned:
                self._warned = True
                self._note(
                    f"results of {size} bytes: a cluster takes {MESSAGE} unless its results-from is sidecar-logs"
                )
            return True
        self._note(did_not_fit(record))
        self._lost.add(record.name)
        # Tekton's entrypoint lets the next step begin before it looks at results.
        self._write_exit_code(own, code)
        return False

    def _write_exit_code(self, own: str, code: int) -> None:
        if not self._has_files:
            return
        try:
            write_beneath(self._made.directory, f"{own}/exitCode", str(code).encode())
        except OSError as error:
            self._note(str(error))

    def _note(self, text: str) -> None:
        self._context.journal.tell(RunEventKind.NOTE, task=self._task, text=text, level="warning")

    def _tell_log(self, step: str) -> Callable[[str], None]:
        def tell(text: str) -> None:
            self._context.journal.tell(RunEventKind.LOG, task=self._task, step=step, text=text)

        return tell

    def _tell_finished(self, record: StepRecord) -> None:
        self._context.journal.hold(
            RunEventKind.STEP_FINISHED,
            task=self._task,
            step=record.name,
            exit_code=record.exit_code,
            reason=record.reason,
            termination=record.termination,
            results={result.name: result.value for result in record.results},
        )


def _stop_reason(record: StepRecord) -> str:
    """Why the steps after this one do not run, empty when they do: it becomes their reason."""
    if record.termination in _GOES_ON:
        return ""
    return record.reason


_GOES_ON = (TerminationReason.COMPLETED, TerminationReason.CONTINUED, TerminationReason.SKIPPED)


def _ended(record: StepRecord, code: int, reason: str, termination: str) -> StepRecord:
    return replace(record, exit_code=code, reason=reason, termination=termination, finished=time.time())
