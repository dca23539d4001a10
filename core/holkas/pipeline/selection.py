"""A part of a pipeline: which tasks run, which are left out, and which results are then needed from elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from holkas.model.pipeline import PipelineSpec, PipelineTask
from holkas.model.run import PipelineRun
from holkas.pipeline.graph import Graph, build_graph
from holkas.pipeline.references import result_references
from holkas.records import dataclass


class UnknownTask(ValueError):
    """The pipeline has no task of this name. ``names``: those that it has."""

    def __init__(self, task: str, names: Sequence[str]) -> None:
        super().__init__(f"the pipeline has no task {task!r}")
        self.task = task
        self.names = names


class NothingSelected(ValueError):
    """No task is left between the first and the last one that were asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """wanted, left_out: names of tasks, finally tasks too, in the order of the file.

    needed: results of tasks left out that tasks which run refer to, as (task, result), each once.
    sharing: workspaces of the pipeline that a task which runs shares with tasks left out, with the names of these.
    """

    wanted: tuple[str, ...]
    left_out: tuple[str, ...]
    needed: tuple[tuple[str, str], ...]
    sharing: Mapping[str, tuple[str, ...]]


def select(
    spec: PipelineSpec,
    *,
    only: Collection[str] = (),
    from_: Collection[str] = (),
    until: Collection[str] = (),
) -> Selection:
    """The part that was asked for.

    ``from_``: these tasks and all that come after one of them. ``until``: these and all that come before one of them.
    Both together: what lies between. ``only`` adds just its own. A finally task comes after every task of the graph:
    ``from_`` takes it in, ``until`` and ``only`` do not unless they name it.
    Raises UnknownTask, NothingSelected, and GraphError for a graph that cannot be run.
    """
    graph = build_graph(spec.tasks)
    last = [task.name for task in spec.finally_]
    names = [*graph.names, *last]
    for name in (*only, *from_, *until):
        if name not in names:
            raise UnknownTask(name, names)
    chosen = set(names) if from_ or until else set()
    if from_:
        begun = {name for name in from_ if name in graph.index}
        after = _reached(graph, begun, graph.children)
        chosen &= after | {name for name in last if begun or name in from_}
    if until:
        before = _reached(graph, {name for name in until if name in graph.index}, graph.parents)
        ends = {name for name in until if name in last}
        chosen &= (set(graph.names) if ends else before) | ends
    chosen |= set(only)
    if not chosen:
        raise NothingSelected(f"no task lies between {', '.join(from_)} and {', '.join(until)}")
    tasks = {task.name: task for task in (*spec.tasks, *spec.finally_)}
    return Selection(
        wanted=tuple(name for name in names if name in chosen),
        left_out=tuple(name for name in names if name not in chosen),
        needed=tuple(dict.fromkeys(_needed(tasks, chosen))),
        sharing=_sharing(tasks, chosen),
    )


def pipeline_of(run: PipelineRun) -> str:
    """What the pipeline of a run is called, by which runs of the same one are known: its name, or the run's."""
    if run.ref is not None and run.ref.name:
        return run.ref.name
    return str(run.metadata.get("generateName") or run.name)


def _reached(graph: Graph, starts: Iterable[str], edges: Sequence[Sequence[int]]) -> set[str]:
    """Names of what can be reached, the starts included."""
    pending = [graph.index[name] for name in starts]
    seen = set(pending)
    while pending:
        for node in edges[pending.pop()]:
            if node not in seen:
                seen.add(node)
                pending.append(node)
    return {graph.names[node] for node in seen}


def _needed(tasks: Mapping[str, PipelineTask], chosen: Collection[str]) -> Iterable[tuple[str, str]]:
    for name, task in tasks.items():
        if name in chosen:
            for reference in result_references(task):
                if reference.task in tasks and reference.task not in chosen:
                    yield reference.task, reference.result


def _sharing(tasks: Mapping[str, PipelineTask], chosen: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    used = {
        name: {usage.workspace or usage.name for usage in task.workspaces} for name, task in tasks.items()
    }
    wanted = {workspace for name in chosen for workspace in used[name]}
    found = {
        workspace: tuple(name for name in tasks if name not in chosen and workspace in used[name])
        for workspace in sorted(wanted)
    }
    return {workspace: names for workspace, names in found.items() if names}
