"""The graph of a pipeline's tasks."""

from __future__ import annotations

import pytest
from holkas.model.pipeline import PipelineTask
from holkas.pipeline.graph import GraphError, build_graph, dependencies
from hypothesis import given
from hypothesis import strategies as st

from tests.pipeline_runs import NEVER, task

DAGS = st.integers(1, 12).flatmap(
    lambda size: st.lists(
        st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)).filter(lambda edge: edge[0] < edge[1]),
        max_size=30,
    ).map(lambda edges: (size, edges))
)


def graph_tasks(size: int, edges: list[tuple[int, int]]) -> list[PipelineTask]:
    return [task(f"t{node}", *(f"t{a}" for a, b in edges if b == node)) for node in range(size)]


def test_edges_come_from_order_and_results() -> None:
    graph = build_graph([task("c", "a", x="$(tasks.b.results.r)"), task("a"), task("b")])
    assert [graph.names[parent] for parent in graph.parents[0]] == ["a", "b"]
    assert [graph.names[child] for child in graph.children[graph.index["b"]]] == ["c"]
    assert len(graph) == 3


def test_a_parent_named_twice_is_one_edge() -> None:
    graph = build_graph([task("a"), task("b", "a", "a", x="$(tasks.a.results.r)")])
    assert graph.parents[1] == [0]
    assert graph.children[0] == [1]


def test_results_are_found_in_when_and_matrix() -> None:
    assert dependencies(task("x", matrix={"m": "$(tasks.a.results.list[*])"}, when=NEVER)) == {"a"}


def test_levels_are_waves() -> None:
    graph = build_graph([task("d", "b", "c"), task("b", "a"), task("c", "a"), task("a"), task("e")])
    assert graph.levels() == [["a", "e"], ["b", "c"], ["d"]]


def test_a_cycle_is_named() -> None:
    with pytest.raises(GraphError, match=r'cycle detected; task "a" depends on "c"') as caught:
        build_graph([task("a", "c"), task("b", "a"), task("c", "b"), task("d", "a"), task("free")])
    assert set(caught.value.cycle) == {"a", "b", "c"}


def test_a_task_after_itself() -> None:
    with pytest.raises(GraphError) as caught:
        build_graph([task("a", "a")])
    assert caught.value.cycle == ("a",)


def test_what_hangs_on_a_cycle_is_not_in_it() -> None:
    with pytest.raises(GraphError) as caught:
        build_graph([task("a", "z"), task("y", "z"), task("z", "y")])
    assert set(caught.value.cycle) == {"y", "z"}


def test_an_unknown_parent() -> None:
    with pytest.raises(GraphError, match="task a depends on ghost but ghost wasn't present in Pipeline"):
        build_graph([task("a", "ghost")])


def test_two_of_one_name() -> None:
    with pytest.raises(GraphError, match="task a is already present in Graph"):
        build_graph([task("a"), task("a")])


@given(DAGS)
def test_levels_respect_edges(case: tuple[int, list[tuple[int, int]]]) -> None:
    size, edges = case
    levels = build_graph(graph_tasks(size, edges)).levels()
    place = {name: number for number, level in enumerate(levels) for name in level}
    assert len(place) == size
    assert all(place[f"t{a}"] < place[f"t{b}"] for a, b in edges)


@given(DAGS, st.data())
def test_an_edge_back_closes_a_cycle(case: tuple[int, list[tuple[int, int]]], data: st.DataObject) -> None:
    size, edges = case
    if not edges:
        return
    first, second = data.draw(st.sampled_from(edges))
    with pytest.raises(GraphError) as caught:
        build_graph(graph_tasks(size, [*edges, (second, first)]))
    cycle = caught.value.cycle
    waits = {(f"t{b}", f"t{a}") for a, b in [*edges, (second, first)]}
    assert all(pair in waits for pair in zip(cycle, (*cycle[1:], cycle[0]), strict=True))
