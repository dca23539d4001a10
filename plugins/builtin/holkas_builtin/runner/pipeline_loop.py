"""Carries out one pipeline run: asks the core what may start, starts it, tells the core what became of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from holkas.model.pipeline import PipelineSpec
from holkas.model.record import Condition, PipelineRunRecord, RunRecord, TaskRunRecord
from holkas.model.reference import RefSource
from holkas.model.run import PipelineRun
from holkas.model.run_event import RunEventKind
from holkas.model.run_request import CancelMode
from holkas.pipeline.admission import refuse, resolved_task
from holkas.pipeline.conclusion import pending_condition
from holkas.pipeline.decision import Decision, Launch
from holkas.pipeline.graph import GraphError
from holkas.pipeline.param_values import ParamResolutionError
from holkas.pipeline.progress import Progress, RunFacts
from holkas.pipeline.reasons import PipelineRunReason, TaskRunReason
from holkas.pipeline.selection import pipeline_of
from holkas.records import dataclass, replace

from holkas_builtin.runner.assignment import TaskAssignment
from holkas_builtin.runner.children import child_pipeline_run, endless, task_assignment
from holkas_builtin.runner.crew import Crew
from holkas_builtin.runner.inbox import Inbox
from holkas_builtin.runner.preflight import refuse_pipeline
from holkas_builtin.runner.reuse import Reuse
from holkas_builtin.runner.run_context import RunContext
from holkas_builtin.runner.task_runner import run_task

if TYPE_CHECKING:
    from holkas_builtin.runner.replay import Fed, Replay

Cancel = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class _Ended:
    """A child run that has ended: with a record, or with a fault of ours (a full disk, a bug)."""

    name: str
    outcome: RunRecord | BaseException


class PipelineLoop:
    """One pipeline run. :meth:`run` is carried out once, by the crew; :meth:`cancel` is called by any thread."""

    def __init__(
        self,
        run: PipelineRun,
        context: RunContext,
        crew: Crew,
        reuse: Reuse,
        *,
        pipeline_task: str = "",
        ancestors: tuple[str, ...] = (),
        path: str = "",
        stale: bool = False,
    ) -> None:
        """Of a pipeline inside others: its task there, their names, the tasks that lead to it.

        stale: something before it runs again, so that no earlier outcome of its tasks holds.
        """
        self._run = run
        self._context = context
        self._crew = crew
        self._reuse = reuse
        self._pipeline_task = pipeline_task
        self._path = path
        self._stale = stale
        self._replay: Replay | None = None
        self._stashed: list[_Ended] = []
        self._inside: dict[str, PipelineLoop] = {}
        self._inbox: Inbox[_Ended | CancelMode] = Inbox()
        self._running: dict[str, Cancel] = {}
        self._children: dict[str, RunRecord | None] = {}
        self._finally_started: float | None = None
        spec = run.spec
        self._name = run.name
        if spec is None:
            self._name = run.ref.name if run.ref is not None else ""
            pipeline = context.catalog.pipelines.get(run.ref.key) if run.ref is not None else None
            if pipeline is not None:
                self._name, spec = pipeline.name, pipeline.spec
        self._spec = spec
        self._ancestors = ancestors if run.ref is None else (*ancestors, run.ref.key)

    def cancel(self, mode: CancelMode) -> None:
        """Ask the run to end."""
        self._inbox.put(mode)

    @property
    def ran_anew(self) -> bool:
        """Whether any of its tasks ran although the run goes on from an earlier one."""
        return self._replay is not None and self._replay.any_anew

    async def run(self) -> PipelineRunRecord:
        """Carry the run out. Raises what went wrong with this machine, after everything it started has ended."""
        record = PipelineRunRecord(
            name=self._run.name,
            pipeline_task=self._pipeline_task,
            params=self._run.params,
            ref_source=self._source(),
            spec=self._spec,
            started=self._went_on() or time.time(),
        )
        if self._run.status == "PipelineRunPending":
            return replace(record, condition=pending_condition(self._run.name))
        refusal = refuse(self._run, self._spec, self._context.catalog)
        if refusal is None and self._spec is not None:
            refusal = refuse_pipeline(self._spec, self._context)
        if refusal is not None or self._spec is None:
            assert refusal is not None, "admission refuses a run without a pipeline"
            return replace(record, condition=refusal, finished=time.time())
        self._announce(self._spec)
        if self._reuse.takeover is not None:
            from holkas_builtin.runner.replay import Replay

            self._replay = Replay(
                self._reuse.takeover, self._context, self._spec, self._path, stale=self._stale
            )
        try:
            progress = Progress(self._spec, self._facts(self._spec))
        except (GraphError, ParamResolutionError) as error:
            reason = PipelineRunReason.VALIDATION_FAILED
            condition = Condition(status="False", reason=reason, message=str(error))
            return replace(record, condition=condition, finished=time.time())
        try:
            return await self._drive(progress, record)
        except BaseException:
            await self._abandon()
            raise

    async def _drive(self, progress: Progress, record: PipelineRunRecord) -> PipelineRunRecord:
        now = self._went_on() or self._context.clock.now()
        if self._run.status in set(CancelMode):
            progress.cancel(CancelMode(self._run.status), now)
        decision = progress.begin(now)
        self._carry_out(decision)
        while decision.conclusion is None:
            decision = await self._next(progress)
            self._carry_out(decision)
        return replace(
            record,
            condition=decision.conclusion.condition,
            results=decision.conclusion.results,
            skipped=decision.conclusion.skipped,
            spec=progress.spec,
            children=tuple(child for child in self._children.values() if child is not None),
            finally_started=self._finally_started,
            finished=time.time(),
        )

    def _source(self) -> RefSource | None:
        ref = self._run.ref
        return None if ref is None else self._context.catalog.sources.get(("Pipeline", ref.key))

    def _facts(self, spec: PipelineSpec) -> RunFacts:
        catalog = self._context.catalog
        specs = {task.name: resolved_task(task, catalog) for task in (*spec.tasks, *spec.finally_)}
        return RunFacts(
            run_name=self._run.name,
            namespace=self._run.namespace,
            uid=self._context.run_id,
            pipeline_name=self._name,
            params=self._run.params,
            workspaces=frozenset(binding.name for binding in self._run.workspaces),
            task_specs={task: known for task, known in specs.items() if known is not None},
            timeouts=self._run.timeouts,
            embedded=self._run.spec is not None,
            left_out={} if self._path else self._context.left_out,
        )

    def _announce(self, spec: PipelineSpec) -> None:
        takeover = self._reuse.takeover
        told = takeover is not None and takeover.same_run and takeover.past.announced
        if not self._pipeline_task and not told:
            self._context.journal.tell(
                RunEventKind.RUN_STARTED,
                kind="PipelineRun",
                name=self._run.name,
                tasks=[task.name for task in spec.tasks],
                finally_tasks=[task.name for task in spec.finally_],
                pipeline=pipeline_of(self._run),
            )

    async def _next(self, progress: Progress) -> Decision:
        """Wait for the next event and let the core decide."""
        clock = self._context.clock
        if self._replay is not None and not self._replay.over:
            fed = self._replay.next()
            if fed is not None:
                return await self._feed(fed, self._replay, progress)
            self._replay.finish(self._submit)
        if self._stashed:
            return self._told(self._stashed.pop(0), progress)
        deadline = progress.next_deadline
        until = float("inf") if deadline is None else time.monotonic() + max(0.0, deadline - clock.now())
        event = await self._inbox.get(until)
        if event is None:
            return progress.time_passed(clock.now())
        return self._told(event, progress)

    async def _feed(self, fed: Fed, replay: Replay, progress: Progress) -> Decision:
        """Tell the core what it was told before, at the same time of the run."""
        moment = self._context.clock.now() if fed.time is None else self._context.clock.at(fed.time)
        deadline = progress.next_deadline
        if deadline is not None and deadline <= moment:
            return progress.time_passed(moment)
        if fed.wish is not None:
            replay.take(fed)
            return progress.cancel(fed.wish, moment)
        if fed.record is not None:
            replay.take(fed)
            return self._told(_Ended(fed.name, fed.record), progress, moment)
        while True:  # a pipeline inside this one, which replays by itself
            event = await self._inbox.get()
            assert event is not None, "there is no time at which it gives up"
            if isinstance(event, CancelMode):
                return self._told(event, progress, moment)
            if event.name == fed.name:
                replay.take(fed)
                return self._told(event, progress, moment)
            self._stashed.append(event)

    def _told(self, event: _Ended | CancelMode, progress: Progress, moment: float | None = None) -> Decision:
        now = self._context.clock.now() if moment is None else moment
        if isinstance(event, CancelMode):
            return progress.cancel(event, now)
        del self._running[event.name]
        record = event.outcome
        if isinstance(record, BaseException):
            raise record
        self._children[event.name] = record
        inside = self._inside.pop(event.name, None)
        if inside is not None and self._replay is not None and inside.ran_anew:
            self._replay.ran_anew(record.pipeline_task)
        artifacts = (record.outputs, record.inputs) if isinstance(record, TaskRunRecord) else ((), ())
        return progress.task_done(
            event.name,
            record.condition,
            record.results,
            outputs=artifacts[0],
            inputs=artifacts[1],
            now=now,
        )

    def _went_on(self) -> float:
        """When the run began in an earlier process; 0 where it begins in this one."""
        takeover = self._reuse.takeover
        return takeover.past.started if takeover is not None and takeover.same_run and not self._path else 0.0

    async def _abandon(self) -> None:
        """End what still runs and wait for it: nothing of a run goes on after it."""
        for cancel in self._running.values():
            cancel(TaskRunReason.CANCELLED, "the run cannot go on")
        for event in self._stashed:
            self._running.pop(event.name, None)
        # What was not started yet will not report an end.
        waiting = set() if self._replay is None else self._replay.not_started()
        while self._running.keys() - waiting:
            said = await self._inbox.get()
            if isinstance(said, _Ended):
                del self._running[said.name]

    def _carry_out(self, decision: Decision) -> None:
        if decision.finally_started:
            self._finally_started = time.time()
        for skipped in decision.skipped:
            if self._replay is not None and self._replay.told_skip(skipped.name, skipped.reason):
                continue
            self._context.journal.tell(RunEventKind.TASK_SKIPPED, task=skipped.name, reason=skipped.reason)
        for launch in decision.launch:
            self._children[launch.name] = None
            self._launch(launch)
        for wish in decision.cancel:
            if wish.taskrun in self._running:
                self._running[wish.taskrun](wish.reason, wish.message)

    def _launch(self, launch: Launch) -> None:
        task = launch.pipeline_task
        if task.pipeline_spec is not None or task.pipeline_ref is not None:
            self._launch_pipeline(launch)
            return
        assignment = task_assignment(self._run, launch, self._context.catalog, self._path)
        self._running[launch.name] = assignment.cancellation.set
        if self._replay is None:
            self._submit(assignment)
        else:
            self._replay.launch(assignment, self._submit)

    def _submit(self, assignment: TaskAssignment, earlier: Sequence[TaskRunRecord] = ()) -> None:
        if assignment.run.custom_kind:  # it may wait for days, for a person: no task waits for its place
            self._crew.add(self._work(assignment, earlier))
        else:
            self._crew.submit(lambda: self._work(assignment, earlier))

    async def _work(self, assignment: TaskAssignment, earlier: Sequence[TaskRunRecord]) -> None:
        name = assignment.run.name

        def ended(record: TaskRunRecord) -> None:
            self._inbox.put(_Ended(name, record))

        try:
            await run_task(assignment, self._context, earlier, ended, self._reuse.cache)
        except BaseException as error:  # the loop must hear of it instead of waiting for ever
            self._inbox.put(_Ended(name, error))
        assignment.cancellation.close()

    def _launch_pipeline(self, launch: Launch) -> None:
        refused = endless(launch, self._ancestors)
        if refused is not None:
            self._running[launch.name] = lambda reason, message: None
            self._inbox.put(_Ended(launch.name, refused))
            return
        name = launch.pipeline_task.name
        stale = False
        if self._replay is not None:
            stale = self._replay.launch_pipeline(launch.name, name)
        child = PipelineLoop(
            child_pipeline_run(self._run, launch),
            self._context,
            self._crew,
            self._reuse,
            pipeline_task=name,
            ancestors=self._ancestors,
            path=f"{self._path}/{name}" if self._path else name,
            stale=stale,
        )
        self._inside[launch.name] = child
        self._running[launch.name] = lambda reason, message: child.cancel(CancelMode.CANCELLED)
        self._crew.add(self._work_pipeline(launch.name, child))

    async def _work_pipeline(self, name: str, child: PipelineLoop) -> None:
        def ended(outcome: RunRecord | BaseException) -> Callable[[], None]:
            return lambda: self._inbox.put(_Ended(name, outcome))

        try:
            record = await child.run()
            if self._replay is not None and self._replay.had_ended(name):
                ended(record)()
                return
            self._context.journal.tell(
                RunEventKind.PIPELINE_FINISHED,
                task=name,
                pipeline_task=record.pipeline_task,
                status=record.condition.status,
                reason=record.condition.reason,
                kept={
                    "path": self._path,
                    "results": {result.name: result.value for result in record.results},
                },
                then=ended(record),
            )
        except BaseException as error:  # as in _work
            ended(error)()
