"""One run from its first event to its last, in a thread."""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from holkas.extensions.executor import Executor
from holkas.model.record import Condition, PipelineRunRecord, RunRecord, TaskRunRecord
from holkas.model.run import PipelineRun, TaskRun
from holkas.model.run_event import RunEventKind
from holkas.model.run_request import CancelMode, RunRequest
from holkas.pipeline.reasons import TaskRunReason
from holkas.plugins.provider import Context
from holkas.records import replace
from holkas.state.cancel_request import take_cancel_request
from holkas.state.errors import StateUnusable
from holkas.state.lock import OwnerLock
from holkas.state.masking import Masker
from holkas.state.origin import write_origin
from holkas.state.run_directory import new_run_id, remove_tree
from holkas.state.run_summary import RunSummary
from holkas.state.store import Store

if TYPE_CHECKING:
    from holkas_builtin.runner.takeover import Takeover
    from holkas_builtin.runner.task_cache import TaskCache

from holkas_builtin.runner.assignment import lone_assignment
from holkas_builtin.runner.cancellation import Cancellation
from holkas_builtin.runner.crew import Crew
from holkas_builtin.runner.fingerprint import store_key
from holkas_builtin.runner.journal import Journal
from holkas_builtin.runner.pipeline_loop import PipelineLoop
from holkas_builtin.runner.place_pool import PlacePool
from holkas_builtin.runner.private import make_private
from holkas_builtin.runner.result_limits import ResultLimits
from holkas_builtin.runner.reuse import Reuse
from holkas_builtin.runner.run_clock import RunClock
from holkas_builtin.runner.run_context import RunContext, secrets_root
from holkas_builtin.runner.task_runner import run_task
from holkas_builtin.runner.task_telling import tell_finished
from holkas_builtin.runner.waits import carried_out

_LOOK = 0.2
"""Seconds between looks at a cancel request that another process left, and the longest time that an event is held."""


def default_jobs() -> int:
    """Tasks at the same time when nobody says how many: steps wait more often than they compute."""
    return max(16, 4 * (os.cpu_count() or 1))


class LocalRun:
    """A run that this process carries out."""

    def __init__(
        self,
        request: RunRequest,
        store: Store,
        executor: Executor,
        context: Context,
        takeover: Takeover | None = None,
        lock: OwnerLock | None = None,
    ) -> None:
        """takeover: the run whose outcomes are taken over. lock: of that run, held, where the run itself goes on."""
        self._request = request
        self._store = store
        self._executor = executor
        self._context = context
        self._takeover = takeover
        goes_on = takeover is not None and takeover.same_run
        self.id = takeover.past.id if takeover is not None and goes_on else new_run_id(time.time())
        self._masker = Masker.of_catalog(request.catalog)
        self.journal = Journal(store, self.id, self._masker, goes_on=goes_on)
        self._lock = lock or OwnerLock(store.directory(self.id).lock)
        self._thread = threading.Thread(target=self._carry_out, name=f"run-{self.id}", daemon=True)
        self._cancel_lock = threading.Lock()
        self._loop: PipelineLoop | None = None
        self._cancellation = Cancellation()
        self._wish: CancelMode | None = None
        self._ended = threading.Event()
        kind = PipelineRunRecord if isinstance(request.run, PipelineRun) else TaskRunRecord
        self.record: RunRecord = kind(name=request.run.name)

    def begin(self, note: str) -> None:
        """Record the run and start its thread."""
        request, directory = self._request, self._store.directory(self.id)
        directory.path.mkdir(mode=0o700, parents=True)
        self._lock.take()
        directory.manifest.write_text(self._masker.mask_text(request.text), encoding="utf-8")
        write_origin(directory, request.origin, self._masker)
        if self._takeover is not None:
            self._copy_workspaces(self._takeover.past.id)
        elif request.options.debugging is not None:
            self._copy_workspaces(request.options.debugging.run)
        self._store.add_run(
            RunSummary(
                id=self.id,
                name=request.run.name,
                kind="PipelineRun" if isinstance(request.run, PipelineRun) else request.run.kind,
                source=request.source,
                project=str(self._context.project),
                executor=self._executor.name,
                command=tuple(self._masker.mask_text(word) for word in request.command),
                created=time.time(),
                finished=None,
                status="Unknown",
                reason="Started",
                message="",
                alive=True,
            )
        )
        self._start(note)

    def _copy_workspaces(self, past: str) -> None:
        from holkas_builtin.runner.workspaces_kept import copy_workspaces

        copy_workspaces(self._store.directory(past), self._store.directory(self.id))

    def begin_again(self, note: str) -> None:
        """Go on with a run whose process died: record that, and start its thread."""
        assert self._takeover is not None, "there is a run to go on with"
        past = self._takeover.past
        self.journal.tell(RunEventKind.RUN_RESUMED, interrupted=list(past.unfinished))
        past.dead.append((past.last, time.time()))
        self._start(note if note.startswith("warning: ") else "")

    def _start(self, note: str) -> None:
        if note:
            level = "warning" if note.startswith("warning: ") else "info"
            self.journal.tell(RunEventKind.NOTE, text=note.removeprefix("warning: "), level=level)
        self._thread.start()
        threading.Thread(target=self._watch_requests, name=f"requests-{self.id}", daemon=True).start()

    def cancel(self, mode: CancelMode) -> None:
        """Ask the run to end; a second, harder wish is taken too."""
        with self._cancel_lock:
            if self._ended.is_set():
                return
            self.journal.tell(RunEventKind.CANCEL_REQUESTED, mode=mode.value)
            if self._loop is not None:
                self._loop.cancel(mode)
            else:
                self._wish = mode
            self._cancellation.set(TaskRunReason.CANCELLED)

    @property
    def has_ended(self) -> bool:
        """Whether its end is recorded."""
        return self._ended.is_set()

    def join(self) -> None:
        """Wait until the run has ended."""
        self._thread.join()

    def _watch_requests(self) -> None:
        directory = self._store.directory(self.id)
        while not self._ended.wait(_LOOK):
            with suppress(StateUnusable):  # the task itself will meet the fault and end the run
                self.journal.release(_LOOK)
            mode = take_cancel_request(directory)
            if mode is not None:
                self.cancel(mode)

    def _carry_out(self) -> None:
        directory = self._store.directory(self.id)
        secrets = secrets_root(self.id, directory.work)
        run = self._request.run
        context = RunContext(
            run_id=self.id,
            namespace=run.namespace,
            catalog=self._request.catalog,
            executor=self._executor,
            journal=self.journal,
            directory=directory,
            secrets=secrets,
            places=PlacePool(directory.work / "places"),
            key=store_key(self._store.root),
            clock=RunClock(self._takeover.past.dead if self._takeover and self._takeover.same_run else ()),
            left_out=self._request.left_out,
            first_on_path=self._request.options.first_on_path,
            debugging=self._request.options.debugging,
            limits=ResultLimits(
                source=self._request.options.results_from, size=self._request.options.max_result_size
            ),
            plugins=self._context.plugins,
        )
        try:
            directory.work.mkdir(mode=0o700, parents=True, exist_ok=True)
            make_private(secrets)
            self.record = self._run(context)
        except (
            Exception
        ) as error:  # a full disk, a bug: the run must end with a sentence, never hang its followers
            self.record = replace(
                self.record,
                condition=Condition(
                    status="False", reason="Error", message=f"{type(error).__name__}: {error}"
                ),
                finished=time.time(),
            )
            import traceback

            with suppress(OSError):  # a full disk may be the very reason
                (directory.path / "crash.txt").write_text(
                    self._masker.mask_text(traceback.format_exc()), encoding="utf-8"
                )
        finally:
            self._end(context)

    def _cache(self) -> TaskCache | None:
        if not self._request.options.cache:
            return None
        from holkas_builtin.runner.task_cache import TaskCache

        return TaskCache(self._store.cache)

    def _run(self, context: RunContext) -> RunRecord:
        run = self._request.run
        reuse = Reuse(takeover=self._takeover, cache=self._cache())
        if not isinstance(run, PipelineRun):
            return self._run_task(run, context, reuse)
        # The cache reads and writes what lies in claims, which takes its time.
        prompt = self._executor.is_prompt and reuse.cache is None
        if prompt:
            self.journal.gather()
        jobs = self._request.options.jobs or default_jobs()
        crew = Crew(jobs, prompt=prompt, before_waiting=self.journal.settle)
        loop = PipelineLoop(run, context, crew, reuse)
        with self._cancel_lock:
            self._loop = loop
            if self._wish is not None:
                loop.cancel(self._wish)
        return crew.carry_out(loop.run())

    def _run_task(self, run: TaskRun, context: RunContext, reuse: Reuse) -> TaskRunRecord:
        takeover = reuse.takeover
        if takeover is None or not takeover.same_run or not takeover.past.announced:
            self.journal.tell(RunEventKind.RUN_STARTED, kind=run.kind, name=run.name, tasks=[run.name])
        if run.status:
            self._cancellation.set(TaskRunReason.CANCELLED, run.status_message)
        assignment = lone_assignment(run, self._request.catalog, self._cancellation)
        if takeover is None:
            return carried_out(run_task(assignment, context, cache=reuse.cache))
        verdict = takeover.judge(assignment, context, stale=False)
        if verdict.record is None:
            return carried_out(run_task(assignment, context, verdict.earlier, cache=reuse.cache))
        if takeover.origin:
            tell_finished(
                assignment, context, verdict.record, len(verdict.record.attempts), origin=takeover.origin
            )
        return verdict.record

    def _end(self, context: RunContext) -> None:
        """Nothing of the run goes on after this. The end is recorded first: what is left to remove can be swept."""
        try:
            self._executor.close()
        finally:
            self._tell_end()
        self._cancellation.close()
        remove_tree(context.secrets)
        with suppress(OSError):  # another run of the store may have its own in there
            context.secrets.parent.rmdir()
        context.places.clear()
        options = self._request.options
        if self.record.condition.succeeded or not options.keep_workspaces or options.debugging is not None:
            context.directory.remove_work()
        else:
            from holkas_builtin.runner.workspaces_kept import keep_workspaces

            keep_workspaces(context.directory)
        self._lock.release()

    def _tell_end(self) -> None:
        condition = self.record.condition
        with self._cancel_lock:
            self._ended.set()
        self.journal.finish(
            status=condition.status,
            reason=condition.reason,
            message=condition.message,
            results={result.name: result.value for result in self.record.results},
        )
