"""What is known of a running pipeline, shared by the rules that decide what comes next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field

from holkas.model.param import Param
from holkas.model.pipeline import PipelineSpec
from holkas.model.record import SkippedTask
from holkas.model.run import Timeouts
from holkas.model.run_request import CancelMode
from holkas.model.task import TaskSpec
from holkas.model.value import Value
from holkas.pipeline.apply_pipeline import PipelineContext, apply_to_pipeline
from holkas.pipeline.graph import Graph, build_graph
from holkas.pipeline.param_values import admitted_params
from holkas.pipeline.reasons import SkipReason
from holkas.pipeline.references import result_references
from holkas.pipeline.task_state import Artifacts, Phase, TaskState
from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What Progress has to know of the run besides the pipeline.

    params: the run's own params; the pipeline's defaults are added.
    workspaces: names of the pipeline's workspaces that the run binds.
    task_specs: the resolved spec of each pipeline task by the pipeline task's name, where it is known.
    pipeline_name: name of the pipeline; the run's own for an embedded one.
    embedded: whether the run holds the pipeline (``pipelineSpec``) instead of referring to it.
    left_out: tasks that are not to run, each with those of its results that are known.
    """

    run_name: str
    namespace: str = "default"
    uid: str = ""
    pipeline_name: str = ""
    params: tuple[Param, ...] = ()
    workspaces: frozenset[str] = frozenset()
    task_specs: Mapping[str, TaskSpec] = field(default_factory=dict)
    timeouts: Timeouts = field(default_factory=Timeouts)
    embedded: bool = False
    left_out: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class RunState:
    """The state of one run.

    spec: params, contexts and workspaces are replaced. tasks: the graph's nodes. last: the finally tasks.
    results: by task, as soon as it has ended. open_tasks: nodes of the graph that are not done.
    stopping: a failure that is not ignored was seen, nothing new starts. mode: a wish that the run end.
    """

    facts: RunFacts
    spec: PipelineSpec
    graph: Graph
    tasks: list[TaskState]
    last: list[TaskState]
    by_name: dict[str, TaskState]
    results: dict[str, Mapping[str, Value]] = field(default_factory=dict)
    artifacts: dict[str, Artifacts] = field(default_factory=dict)
    open_tasks: int = 0
    open_last: int = 0
    open_runs: int = 0
    stopping: bool = False
    mode: CancelMode | None = None
    timed_out: bool = False
    tasks_timed_out: bool = False
    finally_timed_out: bool = False

    @property
    def ending(self) -> bool:
        """Whether the run ends as soon as nothing runs any more, without its finally tasks."""
        return self.timed_out or self.mode is CancelMode.CANCELLED

    def all_tasks(self) -> Iterator[TaskState]:
        """The graph's tasks, then the finally tasks."""
        yield from self.tasks
        yield from self.last

    @property
    def overall_skip_reason(self) -> SkipReason | None:
        """Why no task of the graph may start any more; this reason then counts for all that have not."""
        if self.stopping:
            return SkipReason.STOPPING
        if self.mode is CancelMode.RUN_FINALLY:
            return SkipReason.GRACEFULLY_CANCELLED
        if self.mode is CancelMode.STOP:
            return SkipReason.GRACEFULLY_STOPPED
        return None

    def skipped_task(self, state: TaskState) -> SkippedTask:
        """The entry for ``status.skippedTasks``; a finally task's has its when expressions if they skipped it."""
        reason = state.skip_reason
        overall = None if state.is_finally or reason is SkipReason.LEFT_OUT else self.overall_skip_reason
        when = state.task.when if not state.is_finally or reason is SkipReason.WHEN_EXPRESSIONS else ()
        return SkippedTask(name=state.name, reason=str(overall or reason), when=when)

    def skipped_tasks(self) -> tuple[SkippedTask, ...]:
        """All skipped tasks, with the reasons that hold now."""
        return tuple(self.skipped_task(state) for state in self.all_tasks() if state.phase is Phase.SKIPPED)


def new_run_state(spec: PipelineSpec, facts: RunFacts) -> RunState:
    """The state before anything started. Raises GraphError and ParamResolutionError."""
    graph = build_graph(spec.tasks)
    context = PipelineContext(
        run_name=facts.run_name,
        namespace=facts.namespace,
        uid=facts.uid,
        pipeline_name=facts.pipeline_name or facts.run_name,
    )
    params = admitted_params(spec.params, facts.params) if facts.embedded else facts.params
    spec = apply_to_pipeline(spec, params=params, context=context, workspaces=facts.workspaces)
    tasks = [
        TaskState(task, node, waiting=len(graph.parents[node]), references=tuple(result_references(task)))
        for node, task in enumerate(spec.tasks)
    ]
    last = [
        TaskState(task, node, is_finally=True, references=tuple(result_references(task)))
        for node, task in enumerate(spec.finally_)
    ]
    return RunState(
        facts=facts,
        spec=spec,
        graph=graph,
        tasks=tasks,
        last=last,
        by_name={state.name: state for state in (*tasks, *last)},
        results=dict(facts.left_out),
        open_tasks=len(tasks),
        open_last=len(last),
    )
