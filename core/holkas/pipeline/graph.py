"""The order of a pipeline's tasks: who waits for whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from holkas.model.pipeline import PipelineTask
from holkas.pipeline.references import result_references
from holkas.records import dataclass


class GraphError(ValueError):
    """A graph that cannot be run: a cycle, a task that is missing, or two of one name.

    cycle: the names along the cycle, each waiting for the next one and the last for the first; empty otherwise.
    """

    def __init__(self, message: str, cycle: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.cycle = tuple(cycle)


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes are numbered in the order of the file; ``parents`` and ``children`` hold numbers, ascending."""

    names: Sequence[str]
    index: Mapping[str, int]
    parents: Sequence[Sequence[int]]
    children: Sequence[Sequence[int]]

    def __len__(self) -> int:
        return len(self.names)

    def levels(self) -> list[list[str]]:
        """Names by the longest way from a root: what could run together if all tasks took equally long."""
        waiting = [len(parents) for parents in self.parents]
        level = [node for node, count in enumerate(waiting) if not count]
        levels = []
        while level:
            levels.append([self.names[node] for node in level])
            following = []
            for node in level:
                for child in self.children[node]:
                    waiting[child] -= 1
                    if not waiting[child]:
                        following.append(child)
            level = sorted(following)
        return levels


def dependencies(task: PipelineTask) -> set[str]:
    """Names of the tasks that a task waits for: those in ``runAfter`` and those whose results it uses."""
    names = set(task.run_after)
    for reference in result_references(task):
        names.add(reference.task)
    return names


def build_graph(tasks: Sequence[PipelineTask]) -> Graph:
    """The graph of a pipeline's ``tasks`` (pkg/reconciler/pipeline/dag).

    Raises :class:`GraphError`; its message is Tekton's.
    """
    index: dict[str, int] = {}
    for number, task in enumerate(tasks):
        if index.setdefault(task.name, number) != number:
            message = (
                f"task {task.name} is already present in Graph, can't add it again: duplicate pipeline task"
            )
            raise GraphError(message)
    names = tuple(index)
    wanted = [dependencies(task) for task in tasks]
    parents = [sorted(index[name] for name in needs if name in index) for needs in wanted]
    children: list[list[int]] = [[] for _ in names]
    for node, own_parents in enumerate(parents):
        for parent in own_parents:
            children[parent].append(node)
    graph = Graph(names, index, parents, children)
    _refuse_cycles(graph)
    for node, needs in enumerate(wanted):
        if len(needs) != len(parents[node]):
            missing = min(needs - index.keys())
            raise GraphError(
                f"couldn't add link between {names[node]} and {missing}: "
                f"task {names[node]} depends on {missing} but {missing} wasn't present in Pipeline"
            )
    return graph


def _refuse_cycles(graph: Graph) -> None:
    waiting = [len(parents) for parents in graph.parents]
    free = [node for node, count in enumerate(waiting) if not count]
    for node in free:
        for child in graph.children[node]:
            waiting[child] -= 1
            if not waiting[child]:
                free.append(child)
    if len(free) == len(graph):
        return
    bound = {node for node, count in enumerate(waiting) if count}
    first = min(bound, key=graph.names.__getitem__)
    quoted = ", ".join(f'"{name}"' for name in sorted(_names(graph, first, bound)))
    raise GraphError(
        f'cycle detected; task "{graph.names[first]}" depends on {quoted}', _cycle_from(graph, first, bound)
    )


def _cycle_from(graph: Graph, start: int, bound: set[int]) -> list[str]:
    """Follow unresolved parents until one comes twice; every unresolved node has one."""
    place: dict[int, int] = {}
    path: list[int] = []
    node = start
    while node not in place:
        place[node] = len(path)
        path.append(node)
        node = next(parent for parent in graph.parents[node] if parent in bound)
    return [graph.names[node] for node in path[place[node] :]]


def _names(graph: Graph, node: int, among: set[int]) -> Iterable[str]:
    return (graph.names[parent] for parent in graph.parents[node] if parent in among)
