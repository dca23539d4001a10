"""Carries out one pipeline run: asks the core what may start, starts it, tells the core what became of it."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor as Pool
from dataclasses import dataclass, replace
from typing import Any

from holkas.model.pipeline import PipelineSpec, PipelineTask
from holkas.model.record import Condition, PipelineRunRecord, RunRecord, TaskRunRecord
from holkas.model.run import PipelineRun, TaskRun
from holkas.model.run_event import RunEventKind
from holkas.model.run_request import CancelMode
from holkas.model.task import TaskSpec
from holkas.model.workspace import WorkspaceBinding
from holkas.pipeline.admission import refuse, resolved_task
from holkas.pipeline.conclusion import pending_condition
from holkas.pipeline.decision import Decision, Launch
from holkas.pipeline.graph import GraphError
from holkas.pipeline.param_values import ParamResolutionError
from holkas.pipeline.progress import Progress, RunFacts
from holkas.pipeline.reasons import PipelineRunReason, TaskRunReason

from holkas_builtin.runner.cancellation import Cancellation
from holkas_builtin.runner.run_context import RunContext
from holkas_builtin.runner.task_bindings import task_bindings, task_settings
from holkas_builtin.runner.task_runner import TaskAssignment, run_task


@dataclass(slots=True)
class _Child:
    """A child run that has been started and not ended."""

    launch: Launch
    cancel: Callable[[str, str], None]


class PipelineLoop:
    """One pipeline run. :meth:`run` is called once, in a thread of its own; :meth:`cancel` from any thread."""

    def __init__(self, run: PipelineRun, context: RunContext, pool: Pool, *, pipeline_task: str = "") -> None:
        self._run = run
        self._context = context
        self._pool = pool
        self._pipeline_task = pipeline_task
        self._inbox: queue.SimpleQueue[RunRecord | CancelMode | BaseException] = queue.SimpleQueue()
        self._running: dict[str, _Child] = {}
        self._children: dict[str, RunRecord] = {}
        self._order: list[str] = []
        self._finally_started: float | None = None

    def cancel(self, mode: CancelMode) -> None:
        """Ask the run to end."""
        self._inbox.put(mode)

    def run(self) -> PipelineRunRecord:
        """Carry the run out."""
        started = time.time()
        spec, name = self._resolve()
        record = PipelineRunRecord(
            name=self._run.name,
            pipeline_task=self._pipeline_task,
            params=self._run.params,
            spec=spec,
            started=started,
        )
        if self._run.status == "PipelineRunPending":
            return replace(record, condition=pending_condition(self._run.name))
        refusal = refuse(self._run, spec, self._context.catalog)
        if refusal is not None or spec is None:
            condition = refusal or Condition(
                status="False", reason="CouldntGetPipeline", message="no pipeline"
            )
            return replace(record, condition=condition, finished=time.time())
        self._announce(spec)
        try:
            progress = Progress(spec, self._facts(spec, name))
        except (GraphError, ParamResolutionError) as error:
            condition = Condition(
                status="False", reason=PipelineRunReason.VALIDATION_FAILED, message=str(error)
            )
            return replace(record, condition=condition, finished=time.time())
        if self._run.status in set(CancelMode):
            progress.cancel(CancelMode(self._run.status), started)
        decision = progress.begin(started)
        while True:
            self._carry_out(decision, spec)
            conclusion = decision.conclusion
            if conclusion is not None:
                break
            decision = self._next(progress)
        return replace(
            record,
            condition=conclusion.condition,
            results=conclusion.results,
            skipped=conclusion.skipped,
            spec=progress.spec,
            children=tuple(self._children[child] for child in self._order if child in self._children),
            finally_started=self._finally_started,
            finished=time.time(),
        )

    # -- what the run is ---------------------------------------------------------------------------------------

    def _resolve(self) -> tuple[PipelineSpec | None, str]:
        if self._run.spec is not None:
            return self._run.spec, self._run.name
        name = self._run.ref.name if self._run.ref is not None else ""
        pipeline = self._context.catalog.pipelines.get(name)
        return (pipeline.spec if pipeline is not None else None), name

    def _facts(self, spec: PipelineSpec, name: str) -> RunFacts:
        specs = {task.name: self._task_spec(task) for task in (*spec.tasks, *spec.finally_)}
        return RunFacts(
            run_name=self._run.name,
            namespace=self._run.namespace,
            uid=self._context.run_id,
            pipeline_name=name,
            params=self._run.params,
            workspaces=frozenset(binding.name for binding in self._run.workspaces),
            task_specs={task: known for task, known in specs.items() if known is not None},
            timeouts=self._run.timeouts,
            embedded=self._run.spec is not None,
        )

    def _task_spec(self, task: PipelineTask) -> TaskSpec | None:
        return resolved_task(task, self._context.catalog)

    def _announce(self, spec: PipelineSpec) -> None:
        if not self._pipeline_task:
            self._context.journal.tell(
                RunEventKind.RUN_STARTED,
                kind="PipelineRun",
                name=self._run.name,
                tasks=[task.name for task in spec.tasks],
                finally_tasks=[task.name for task in spec.finally_],
            )

    # -- what happens ------------------------------------------------------------------------------------------

    def _next(self, progress: Progress) -> Decision:
        """Wait for the next event and let the core decide."""
        deadline = progress.next_deadline
        wait = None if deadline is None else max(0.0, deadline - time.time())
        try:
            event = self._inbox.get(timeout=wait)
        except queue.Empty:
            return progress.time_passed(time.time())
        if isinstance(event, CancelMode):
            return progress.cancel(event, time.time())
        if isinstance(event, BaseException):
            raise event
        del self._running[event.name]
        self._children[event.name] = event
        outputs: tuple[Mapping[str, Any], ...] = ()
        inputs: tuple[Mapping[str, Any], ...] = ()
        if isinstance(event, TaskRunRecord):
            outputs, inputs = event.outputs, event.inputs
        return progress.task_done(
            event.name, event.condition, event.results, outputs=outputs, inputs=inputs, now=time.time()
        )

    def _carry_out(self, decision: Decision, spec: PipelineSpec) -> None:
        if decision.finally_started:
            self._finally_started = time.time()
        for skipped in decision.skipped:
            self._context.journal.tell(RunEventKind.TASK_SKIPPED, task=skipped.name, reason=skipped.reason)
        for launch in decision.launch:
            self._order.append(launch.name)
            self._launch(launch)
        for wish in decision.cancel:
            child = self._running.get(wish.taskrun)
            if child is not None:
                child.cancel(wish.reason, wish.message)

    def _launch(self, launch: Launch) -> None:
        task = launch.pipeline_task
        bindings = task_bindings(task, self._run.workspaces, owner=self._run.name)
        if task.pipeline_spec is not None or task.pipeline_ref is not None:
            self._launch_pipeline(launch, bindings)
            return
        spec = self._task_spec(task)
        if spec is None:  # its name came from a result: admission could not look for it
            name = task.ref.name if task.ref is not None else ""
            message = f'task "{name}" not found: the file has no Task of this name'
            condition = Condition(status="False", reason=TaskRunReason.RESOLUTION_FAILED, message=message)
            self._running[launch.name] = _Child(launch, lambda reason, message: None)
            self._inbox.put(TaskRunRecord(name=launch.name, pipeline_task=task.name, condition=condition))
            return
        settings = task_settings(self._run, task.name)
        cancellation = Cancellation()
        assignment = TaskAssignment(
            run=TaskRun(
                name=launch.name,
                namespace=self._run.namespace,
                ref=task.ref,
                spec=spec,
                params=launch.params,
                workspaces=bindings,
                retries=launch.retries,
                timeout=settings.timeout if settings.timeout is not None else launch.timeout,
                settings=settings,
                labels=settings.labels,
                annotations=settings.annotations,
            ),
            pipeline_task=task.name,
            combination=launch.combination,
            display_name=launch.display_name,
            when=launch.when,
            task_name=task.ref.name if task.ref is not None else launch.name,
            owner=self._run.name,
            ignored=task.on_error == "continue",
            cancellation=cancellation,
        )
        self._running[launch.name] = _Child(launch, cancellation.set)
        self._pool.submit(self._work, assignment)

    def _work(self, assignment: TaskAssignment) -> None:
        try:
            self._inbox.put(run_task(assignment, self._context))
        except (
            BaseException
        ) as error:  # a bug or a full disk: the loop must hear of it instead of waiting for ever
            self._inbox.put(error)
        finally:
            assignment.cancellation.close()

    def _launch_pipeline(self, launch: Launch, bindings: tuple[WorkspaceBinding, ...]) -> None:
        task = launch.pipeline_task
        child = PipelineLoop(
            PipelineRun(
                name=launch.name,
                namespace=self._run.namespace,
                ref=task.pipeline_ref,
                spec=task.pipeline_spec,
                params=launch.params,
                workspaces=bindings,
                template=replace(self._run.template, pipeline_task=""),
            ),
            self._context,
            self._pool,
            pipeline_task=task.name,
        )
        self._running[launch.name] = _Child(
            launch, lambda reason, message: child.cancel(CancelMode.CANCELLED)
        )
        threading.Thread(target=self._work_pipeline, args=(child,), name=launch.name, daemon=True).start()

    def _work_pipeline(self, child: PipelineLoop) -> None:
        try:
            self._inbox.put(child.run())
        except BaseException as error:  # as in _work
            self._inbox.put(error)
