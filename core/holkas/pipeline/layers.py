"""A pipeline as layers of tasks with the reasons why one waits for another: what a drawing of it needs."""

from __future__ import annotations

from collections.abc import Sequence

from holkas.model.pipeline import PipelineSpec, PipelineTask
from holkas.pipeline.graph import build_graph
from holkas.pipeline.matrix import count_combinations
from holkas.pipeline.references import references_in_value, result_references
from holkas.records import dataclass


@dataclass(frozen=True, slots=True)
class Edge:
    """``task`` waits for ``parent``: because it says so (``run_after``), because it uses these results, or both."""

    parent: str
    task: str
    run_after: bool
    results: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Node:
    """A task. layer: from 0, the longest way from a task that waits for nobody; that of ``finally`` comes last.

    runs: of a matrix, 0 where only a run will know; None for a task without matrix.
    what: the name it refers to, or ``pipeline``, ``custom task`` or nothing for a spec of its own.
    """

    name: str
    layer: int
    final: bool
    guarded: bool
    runs: int | None = None
    what: str = ""


@dataclass(frozen=True, slots=True)
class Layers:
    """The tasks in the order of their layers, those of ``finally`` last; edges in the order of the file."""

    name: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    def rows(self) -> list[list[Node]]:
        """The tasks of each layer, ``finally`` left out."""
        rows: list[list[Node]] = []
        for node in self.nodes:
            if not node.final:
                while len(rows) <= node.layer:
                    rows.append([])
                rows[node.layer].append(node)
        return rows

    def final(self) -> list[Node]:
        """The tasks under ``finally``."""
        return [node for node in self.nodes if node.final]


def layers_of(name: str, spec: PipelineSpec) -> Layers:
    """The layers of a pipeline.

    Edges of tasks under ``finally`` show only whose results they use: they wait for all tasks. Raises GraphError.
    """
    levels = build_graph(spec.tasks).levels()
    layer = {task: number for number, level in enumerate(levels) for task in level}
    by_name = {task.name: task for task in spec.tasks}
    nodes = [_node(by_name[task], layer[task], final=False) for level in levels for task in level]
    nodes += [_node(task, len(levels), final=True) for task in spec.finally_]
    edges = [edge for task in spec.tasks for edge in _edges(task)]
    edges += [edge for task in spec.finally_ for edge in _edges(task)]
    return Layers(name, tuple(nodes), tuple(edges))


def _edges(task: PipelineTask) -> list[Edge]:
    results: dict[str, list[str]] = {parent: [] for parent in task.run_after}
    for reference in result_references(task):
        known = results.setdefault(reference.task, [])
        if reference.result not in known:
            known.append(reference.result)
    return [
        Edge(parent, task.name, parent in task.run_after, tuple(names)) for parent, names in results.items()
    ]


def _node(task: PipelineTask, layer: int, *, final: bool) -> Node:
    return Node(task.name, layer, final, bool(task.when), _runs(task), _what(task))


def _runs(task: PipelineTask) -> int | None:
    if task.matrix is None:
        return None
    params = [*task.matrix.params, *(param for include in task.matrix.include for param in include.params)]
    open_ = any(True for param in params for _ in references_in_value(param.value))
    return 0 if open_ else count_combinations(task.matrix)


def _what(task: PipelineTask) -> str:
    reference = task.ref or task.pipeline_ref
    if reference is not None:
        return reference.name or reference.resolver
    if task.pipeline_spec is not None:
        return "pipeline"
    return "custom task" if task.custom_spec is not None else ""


def marks(node: Node) -> Sequence[str]:
    """What is special about a task, in a word each."""
    found = []
    if node.runs is not None:
        found.append(f"×{node.runs}" if node.runs else "×matrix")
    if node.guarded:
        found.append("when")
    return found
