"""Layers of a pipeline: who stands where, and why one waits for another."""

from __future__ import annotations

import pytest
from holkas.model.param import Param
from holkas.model.pipeline import CustomTaskSpec, Matrix, MatrixInclude, PipelineSpec, PipelineTask
from holkas.model.reference import Reference
from holkas.model.when import When
from holkas.pipeline.graph import GraphError
from holkas.pipeline.layers import Edge, layers_of, marks
from hypothesis import given, settings
from hypothesis import strategies as st


def uses(*results: str) -> tuple[Param, ...]:
    return tuple(Param(name=f"p{index}", value=f"$(tasks.{result})") for index, result in enumerate(results))


def task(name: str, **more: object) -> PipelineTask:
    return PipelineTask(name=name, **more)  # type: ignore[arg-type]  # the tests give what a task takes


def test_layers_follow_the_longest_way() -> None:
    spec = PipelineSpec(
        tasks=(task("d", run_after=("b", "c")), task("b"), task("c", run_after=("b",)), task("a")),
        finally_=(task("z"),),
    )
    layers = layers_of("main", spec)
    assert [[node.name for node in row] for row in layers.rows()] == [["b", "a"], ["c"], ["d"]]
    assert [node.name for node in layers.final()] == ["z"]
    assert layers.nodes[-1].layer == 3


def test_an_edge_says_why() -> None:
    spec = PipelineSpec(
        tasks=(
            task("a"),
            task("b"),
            task("c", run_after=("a", "b"), params=uses("b.results.x", "b.results.y", "b.results.x[0]")),
            task("d", params=uses("a.results.x")),
        ),
        finally_=(task("z", params=uses("a.results.x")),),
    )
    assert layers_of("main", spec).edges == (
        Edge("a", "c", True),
        Edge("b", "c", True, ("x", "y")),
        Edge("a", "d", False, ("x",)),
        Edge("a", "z", False, ("x",)),
    )


def matrix(*values: object, include: int = 0) -> Matrix:
    params = tuple(Param(name=f"m{index}", value=value) for index, value in enumerate(values))  # type: ignore[arg-type]  # strings and tuples of them
    more = tuple(MatrixInclude(params=(Param(name="n", value=str(index)),)) for index in range(include))
    return Matrix(params=params, include=more)


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (matrix(("a", "b"), ("1", "2", "3")), ["×6"]),
        (matrix(include=2), ["×2"]),
        (matrix(("a", "$(params.x)")), ["×matrix"]),
        (matrix("$(tasks.a.results.r[*])"), ["×matrix"]),
    ],
)
def test_the_runs_of_a_matrix_are_counted_where_they_are_known(made: Matrix, words: list[str]) -> None:
    spec = PipelineSpec(tasks=(task("a"), task("t", run_after=("a",), matrix=made)))
    node = layers_of("main", spec).nodes[-1]
    assert marks(node) == words


def test_what_a_task_is() -> None:
    spec = PipelineSpec(
        tasks=(
            task("a", ref=Reference(name="build"), when=(When(cel="true"),)),
            task("b", ref=Reference(resolver="git")),
            task("c", pipeline_spec=PipelineSpec()),
            task("d", custom_spec=CustomTaskSpec(api_version="a/v1", kind="K")),
            task("e"),
        )
    )
    nodes = layers_of("main", spec).nodes
    assert [node.what for node in nodes] == ["build", "git", "pipeline", "custom task", ""]
    assert [list(marks(node)) for node in nodes] == [["when"], [], [], [], []]


def test_a_circle_cannot_be_drawn() -> None:
    with pytest.raises(GraphError, match="cycle"):
        layers_of("main", PipelineSpec(tasks=(task("a", run_after=("b",)), task("b", run_after=("a",)))))


def test_an_empty_pipeline() -> None:
    assert (layers_of("main", PipelineSpec()).rows(), layers_of("main", PipelineSpec()).final()) == ([], [])


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 30), max_size=4), max_size=12))
def test_every_edge_leads_down(wishes: list[list[int]]) -> None:
    tasks = []
    for index, wanted in enumerate(wishes):
        above = sorted({f"t{number % index}" for number in wanted}) if index else []
        tasks.append(task(f"t{index}", run_after=tuple(above)))
    layers = layers_of("main", PipelineSpec(tasks=tuple(reversed(tasks))))
    layer = {node.name: node.layer for node in layers.nodes}
    assert len(layer) == len(tasks)
    assert all(layer[edge.parent] < layer[edge.task] for edge in layers.edges)
