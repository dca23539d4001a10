"""The build server that runs pipelines on this machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from holkas.extensions.executor import Executor
from holkas.model.param import Result
from holkas.model.record import Condition, PipelineRunRecord, RunRecord, TaskRunRecord
from holkas.model.run_event import RunEvent, RunEventKind
from holkas.model.run_request import CancelMode, RunRequest
from holkas.plugins.provider import Context
from holkas.roles.build_server import BuildServer
from holkas.roles.errors import NotFound, ToolError
from holkas.state.cancel_request import request_cancel
from holkas.state.lock import OwnerLock
from holkas.state.projection import project
from holkas.state.store import RunNotFound, Store

if TYPE_CHECKING:
    from holkas.model.fidelity import FidelityTable

    from holkas_builtin.runner.local_run import LocalRun
    from holkas_builtin.runner.takeover import Takeover

_LOOK = 0.2
"""Seconds between looks at the events of another process's run."""

_KNOWN = 100
"""Runs of this process whose records and printed texts are at hand."""

_PATIENCE = 2.0
"""Seconds in which the lock of a killed process comes free."""


class LocalBuildServer(BuildServer):
    """Runs pipelines in threads of this process, steps through an executor plugin. See :class:`BuildServer`."""

    name: ClassVar[str] = "local"
    capabilities: ClassVar[frozenset[str]] = frozenset({"fidelity", "resume", "follow-together"})

    def __init__(self, context: Context) -> None:
        self._context = context
        self._store = Store(context.state)
        self._active: dict[str, LocalRun] = {}

    def start(self, request: RunRequest) -> str:
        """Begin a run; see :meth:`BuildServer.start`."""
        takeover = None
        if request.follows:
            self._known(request.follows)
            takeover = self._takeover(request.follows, same_run=False)
        executor, note = self._executor(request)
        # The executor has begun to get ready, in a process of its own: what this one needs is loaded meanwhile.
        from holkas_builtin.runner.local_run import LocalRun
        from holkas_builtin.runner.sweep import sweep

        run = LocalRun(request, self._store, executor, self._context, takeover)
        self._add(run)
        run.begin(note)
        sweep(self._store, request.options.keep_workspaces)
        return run.id

    def resume(self, run_id: str, request: RunRequest) -> None:
        """Go on with a run whose process died; see :meth:`BuildServer.resume`."""
        from holkas_builtin.runner.leftovers import end_leftovers
        from holkas_builtin.runner.local_run import LocalRun

        self._known(run_id)
        directory = self._store.directory(run_id)
        lock = OwnerLock(directory.lock)
        if not directory.path.is_dir():
            raise ToolError(f"the run {run_id} has no directory any more", hint=f"holkas runs rerun {run_id}")
        if not lock.take_within(_PATIENCE):
            raise ToolError(f"the run {run_id} goes on", hint=f"holkas runs logs -f {run_id}")
        try:
            takeover = self._takeover(run_id, same_run=True)
            if takeover.past.finished:
                raise ToolError(
                    f"the run {run_id} has ended", hint=f"holkas runs rerun {run_id} (--failed) runs it again"
                )
            end_leftovers(directory)
            for logs in takeover.past.unfinished.values():
                for log in filter(None, map(directory.inside, logs)):
                    log.unlink(missing_ok=True)
            executor, note = self._executor(request)
            run = LocalRun(request, self._store, executor, self._context, takeover, lock)
        except BaseException:
            lock.release()
            raise
        self._add(run)
        run.begin_again(note)

    def fidelity(self, request: RunRequest) -> tuple[str, FidelityTable]:
        """What the executor says that would be taken; see :meth:`BuildServer.fidelity`."""
        executor, note = self._executor(request)
        try:
            return note, executor.fidelity()
        finally:
            executor.close()

    def _add(self, run: LocalRun) -> None:
        """Know a run, and forget the oldest that have ended: what they were is in the store."""
        self._active.pop(run.id, None)
        self._active[run.id] = run
        over = len(self._active) - _KNOWN
        for old in [each for each in self._active.values() if each.has_ended][: max(0, over)]:
            del self._active[old.id]

    def _takeover(self, run_id: str, *, same_run: bool) -> Takeover:
        from holkas.state.past_run import PastRun

        from holkas_builtin.runner.takeover import Takeover

        past = PastRun.of(run_id, (event for _, event in self._store.events(run_id, kept=True)))
        return Takeover(past, self._store.directory(run_id).work, same_run=same_run)

    def follow(self, run_id: str) -> Iterator[RunEvent]:
        """Events of a run of this or another process; see :meth:`BuildServer.follow`."""
        run = self._active.get(run_id)
        if run is not None:
            return run.journal.follow()
        self._known(run_id)
        return self._follow_other(run_id)

    def follow_together(self, run_id: str) -> Iterator[Sequence[RunEvent]]:
        """As :meth:`follow`; see :meth:`BuildServer.follow_together`."""
        run = self._active.get(run_id)
        return ((event,) for event in self.follow(run_id)) if run is None else run.journal.follow_together()

    def record(self, run_id: str) -> RunRecord:
        """What is known of a run; of another process's what its events tell: name, condition, times and results."""
        run = self._active.get(run_id)
        if run is not None:
            return run.record
        self._known(run_id)
        view = project(event for _, event in self._store.events(run_id))
        kind = PipelineRunRecord if view.kind == "PipelineRun" else TaskRunRecord
        return kind(
            name=self._store.run(run_id).name,
            condition=Condition(status=view.status, reason=view.reason, message=view.message),
            started=view.started,
            finished=view.finished,
            results=tuple(Result(name=name, value=value) for name, value in view.results.items()),
        )

    def cancel(self, run_id: str, mode: CancelMode = CancelMode.CANCELLED) -> None:
        """Ask the run to end; see :meth:`BuildServer.cancel`."""
        run = self._active.get(run_id)
        if run is not None:
            run.cancel(mode)
            return
        self._known(run_id)
        request_cancel(self._store.directory(run_id), mode)

    def close(self) -> None:
        """End what still runs and wait for it."""
        for run in self._active.values():
            run.cancel(CancelMode.CANCELLED)
            run.join()
        self._store.close()

    def _executor(self, request: RunRequest) -> tuple[Executor, str]:
        from holkas_builtin.executors.auto import choose
        from holkas_builtin.runner.run_images import images_of

        plugins = self._context.plugins
        assert plugins is not None, "the runner finds executors through the plugin manager"

        def maker(name: str) -> Callable[[], Executor]:
            return lambda: plugins.make("executors", name)

        return choose(
            {provider.name: maker(provider.name) for provider in plugins.providers("executors")},
            request.options.executor,
            images=images_of(request.run, request.catalog),
            pull=request.options.pull,
        )

    def _known(self, run_id: str) -> None:
        try:
            self._store.run(run_id)
        except RunNotFound as error:
            raise NotFound(str(error), hint=RunNotFound.hint) from error

    def _follow_other(self, run_id: str) -> Iterator[RunEvent]:
        seen = 0
        while True:
            summary = self._store.run(run_id)
            for seq, event in self._store.events(run_id, after=seen):
                seen = seq
                yield event
                if event.kind is RunEventKind.RUN_FINISHED:
                    return
            if summary.status == "Unknown" and not summary.alive:
                return
            time.sleep(_LOOK)
