"""The graph of a pipeline, as Tekton builds it."""

from __future__ import annotations

from typing import Any

import pytest
from holkas.pipeline.graph import GraphError, build_graph, dependencies
from holkas.pipeline.references import result_references
from holkas_compat.tekton.reader.pipeline import read_pipeline_task

from tests.shared import rows
from tests.tekton_documents import pipeline_spec

pytestmark = pytest.mark.conformance

CASES = list(rows("tekton", "generated", "dag.jsonl"))
# Three rows hold only the error with which the export of their tasks failed.
DEPENDENCIES = [row for row in rows("tekton", "dag_deps.jsonl") if not isinstance(row["tasks"], dict)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_generated_graph(case: dict[str, Any]) -> None:
    spec = pipeline_spec(case["yaml"])
    expected = case["dag"]
    if expected.get("error"):
        with pytest.raises(GraphError):
            build_graph(spec.tasks)
        return
    graph = build_graph(spec.tasks)
    for node, (task, wanted) in enumerate(zip(spec.tasks, expected["tasks"], strict=True)):
        assert task.name == wanted["name"]
        assert sorted(dependencies(task)) == sorted(wanted["deps"])
        assert sorted(graph.names[parent] for parent in graph.parents[node]) == sorted(wanted["prev"])
        assert sorted(graph.names[child] for child in graph.children[node]) == sorted(wanted["next"])
        found = {(ref.task, ref.result) for ref in result_references(task)}
        assert found == {(ref["task"], ref["result"]) for ref in wanted.get("resultRefs", ())}
    assert [sorted(level) for level in graph.levels()] == [sorted(level) for level in expected["levels"]]


@pytest.mark.parametrize("case", DEPENDENCIES, ids=lambda case: "-".join(case["deps"]))
def test_dependencies(case: dict[str, Any]) -> None:
    tasks = [read_pipeline_task({"name": "", **task}) for task in case["tasks"] or ()]
    found = {task.name: sorted(dependencies(task)) for task in tasks if dependencies(task)}
    assert found == case["deps"]
