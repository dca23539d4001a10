"""Carries out one CustomRun: a plugin does the work, this sees that it ends when it has to.

Retries and the time-out of each attempt are handed over, as Tekton hands them over; what a plugin does not look after
itself ends at last with all its attempts' time together. Source: Tekton's docs/customruns.md.
"""

from __future__ import annotations

import hashlib
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue

from holkas.extensions.custom_task import (
    MAX_RESULTS,
    CustomExecution,
    CustomOutcome,
    CustomRun,
    CustomTask,
    CustomTaskRefused,
)
from holkas.model.param import Result
from holkas.model.record import TaskRunRecord
from holkas.model.task import TaskSpec
from holkas.pipeline.reasons import CustomRunReason
from holkas.pipeline.timeouts import attempt_timeout, go_duration
from holkas.plugins.custom_kinds import servers_of
from holkas.plugins.errors import PluginError
from holkas.records import replace
from holkas.roles.errors import ToolError
from holkas.state.run_directory import remove_tree

from holkas_builtin.runner.assignment import TaskAssignment
from holkas_builtin.runner.errors import SetupError
from holkas_builtin.runner.place import secrets_of
from holkas_builtin.runner.place_volumes import bind
from holkas_builtin.runner.pod import Pod
from holkas_builtin.runner.run_context import RunContext
from holkas_builtin.runner.task_record import blank_record, custom_document
from holkas_builtin.runner.task_telling import tell_finished, tell_started
from holkas_builtin.runner.waits import apart

GRACE = 30.0
"""Seconds in which a custom task has to end when it is told to; nobody waits for it any longer."""


async def run_custom_task(
    assignment: TaskAssignment,
    context: RunContext,
    ended: Callable[[TaskRunRecord], None] = lambda record: None,
) -> TaskRunRecord:
    """Carry it out and return what became of it. Never raises for what a manifest or a plugin does wrong."""
    blank = blank_record(assignment, context)
    tell_started(assignment, context, TaskSpec(), 0)
    context.journal.release()  # what was decided is recorded before a stranger's code acts on it
    outcome = await apart(lambda: _outcome(assignment, context))
    record = _record(blank, outcome)
    attempts = tuple(_record(blank, each) for each in outcome.attempts)
    for number, attempt in enumerate(attempts):
        tell_finished(assignment, context, attempt, number, retried=True)
    record = replace(record, attempts=attempts)
    tell_finished(assignment, context, record, len(attempts), then=lambda: ended(record))
    return record


def _record(blank: TaskRunRecord, outcome: CustomOutcome) -> TaskRunRecord:
    return replace(
        blank,
        condition=outcome.condition,
        results=tuple(Result(name=name, value=value) for name, value in outcome.results.items()),
        started=outcome.started or blank.started,
        finished=outcome.finished or time.time(),
    )


def _outcome(assignment: TaskAssignment, context: RunContext) -> CustomOutcome:
    run, debugging = assignment.run, context.debugging
    if assignment.cancellation.is_set or debugging is not None:
        return CustomOutcome.cancelled(assignment.cancellation.message)
    kind = run.custom_kind
    names = servers_of(context.plugins, kind)
    if context.plugins is None or len(names) != 1:
        return CustomOutcome.failed(_not_served(kind, names))
    directory = _directory(assignment, context)
    try:
        tool: CustomTask = context.plugins.make("custom_tasks", names[0])
        try:
            custom = _custom_run(assignment, context, directory)
            return _checked(_Going(tool, custom, assignment).outcome())
        finally:
            tool.close()
    except (CustomTaskRefused, SetupError) as error:
        return CustomOutcome.failed(str(error), reason=error.reason)
    except (ToolError, PluginError) as error:
        return CustomOutcome.failed(str(error))
    except Exception as error:
        # A stranger's code: whatever it raises fails its own CustomRun; the traceback is kept for its author.
        with suppress(OSError):
            (context.directory.path / "crash.txt").write_text(
                context.journal.masker.mask_text(traceback.format_exc()), encoding="utf-8"
            )
        return CustomOutcome.failed(f"the custom task {names[0]!r} failed: {type(error).__name__}: {error}")
    finally:
        remove_tree(secrets_of(directory, context))
        remove_tree(directory)


def _not_served(kind: str, names: list[str]) -> str:
    if not names:
        return f"no plugin serves the custom task {kind}"
    return f"several plugins serve the custom task {kind}: {', '.join(names)}; switch off all but one"


def _directory(assignment: TaskAssignment, context: RunContext) -> Path:
    """For what of its workspaces is its own."""
    name = hashlib.sha256(f"{assignment.path}/{assignment.run.name}".encode()).hexdigest()[:24]
    return context.directory.work / "custom" / f"custom-{name}"


def _custom_run(assignment: TaskAssignment, context: RunContext, directory: Path) -> CustomRun:
    run = assignment.run
    version, _, kind = run.custom_kind.rpartition("/")
    embedded = run.custom_spec
    return CustomRun(
        name=run.name,
        namespace=run.namespace,
        api_version=version,
        kind=kind,
        ref_name=run.ref.name if run.ref is not None and embedded is None else "",
        document=custom_document(run, context.catalog),
        spec=None if embedded is None else embedded.spec,
        metadata={} if embedded is None else embedded.metadata,
        params=run.params,
        workspaces=run.workspaces,
        directories=_directories(assignment, context, directory),
        retries=run.retries,
        timeout=attempt_timeout(run.timeout),
        service_account=run.settings.service_account,
        labels=run.labels,
        annotations=run.annotations,
    )


def _directories(assignment: TaskAssignment, context: RunContext, directory: Path) -> Mapping[str, Path]:
    run = assignment.run
    pod = Pod.of(run, f"{context.run_id}-{run.name}")
    return {
        binding.name: bind(binding.name, binding, directory, context, pod=pod, owner=assignment.owner).path
        for binding in run.workspaces
    }


class _Wish:
    """Somebody wants the end."""


class _Going:
    """A CustomRun that goes on. The plugin is called in a thread of its own: whatever it does, the run can end."""

    def __init__(self, tool: CustomTask, run: CustomRun, assignment: TaskAssignment) -> None:
        self._tool = tool
        self._run = run
        self._cancellation = assignment.cancellation
        self._said: SimpleQueue[CustomOutcome | BaseException | _Wish] = SimpleQueue()
        self._lock = threading.Lock()
        self._execution: CustomExecution | None = None
        self._wish: str | None = None

    def outcome(self) -> CustomOutcome:
        """How it ended. Raises what the plugin raises."""
        run = self._run
        limit = None if run.timeout is None else run.timeout * (run.retries + 1)
        self._call(self._work)
        self._cancellation.listen(lambda: self._said.put(_Wish()))
        timed_out = False
        try:
            said = self._next(limit)
        except Empty:
            timed_out, said = True, _Wish()
        late = f'CustomRun "{run.name}" failed to finish within "{go_duration(run.timeout or 0.0)}"'
        if isinstance(said, _Wish):
            said = self._ended(late if timed_out else self._cancellation.message)
        if timed_out and said.condition.reason == CustomRunReason.CANCELLED:
            return replace(said, condition=CustomOutcome.timed_out(late).condition)
        return said

    def _next(self, seconds: float | None) -> CustomOutcome | _Wish:
        said = self._said.get(timeout=seconds)
        if isinstance(said, BaseException):
            raise said
        return said

    def _ended(self, message: str) -> CustomOutcome:
        """The end after it was told to."""
        with self._lock:
            self._wish, execution = message, self._execution
        if execution is not None:
            self._call(lambda: execution.cancel(message))
        until = time.monotonic() + GRACE
        said: CustomOutcome | _Wish = _Wish()
        while isinstance(said, _Wish):
            try:
                said = self._next(max(0.0, until - time.monotonic()))
            except Empty:
                text = f"it was told to end and did not within {go_duration(GRACE)}"
                return CustomOutcome.cancelled(f"{message}: {text}" if message else text)
        return said

    def _call(self, function: Callable[[], None]) -> None:
        def called() -> None:
            try:
                function()
            except BaseException as error:  # it is raised where the end is waited for
                self._said.put(error)

        threading.Thread(target=called, name=f"custom-{self._run.name}", daemon=True).start()

    def _work(self) -> None:
        execution = self._tool.start(self._run)
        with self._lock:
            self._execution, wish = execution, self._wish
        if wish is not None:
            execution.cancel(wish)
        self._said.put(execution.wait())


def _checked(outcome: CustomOutcome) -> CustomOutcome:
    """The outcome of a plugin as it may be recorded."""
    if not isinstance(outcome, CustomOutcome) or outcome.condition.status not in ("True", "False"):
        return CustomOutcome.failed("the custom task did not say how it ended")
    if not all(isinstance(text, str) for pair in outcome.results.items() for text in pair):
        return CustomOutcome.failed("a result of a custom task is text")
    size = sum(len(text.encode("utf-8", "replace")) for pair in outcome.results.items() for text in pair)
    if size > MAX_RESULTS:
        return CustomOutcome.failed(f"results of {size} bytes are more than {MAX_RESULTS}")
    condition = outcome.condition
    if not condition.reason:
        usual = CustomRunReason.SUCCEEDED if condition.succeeded else CustomRunReason.FAILED
        outcome = replace(outcome, condition=replace(condition, reason=usual))
    return replace(outcome, attempts=tuple(_checked(replace(each, attempts=())) for each in outcome.attempts))
