"""The results that tasks of a pipeline refer to, found where Tekton looks for them."""

from __future__ import annotations

from typing import Any

import pytest
from holkas.pipeline.references import result_references
from holkas.yaml import Source, load_documents
from holkas_compat.tekton.reader import read_pipeline_spec

from tests.shared import rows

pytestmark = pytest.mark.conformance


@pytest.mark.parametrize("row", list(rows("tekton", "generated", "dag.jsonl")))
def test_references_to_results(row: dict[str, Any]) -> None:
    documents = {doc.value["kind"]: doc.value for doc in load_documents(Source("dag", row["yaml"].encode()))}
    spec = read_pipeline_spec(documents["Pipeline"]["spec"])
    tasks = {task.name: task for task in (*spec.tasks, *spec.finally_)}
    graph = row.get("dag") or {}
    for node in (*graph.get("tasks", ()), *graph.get("finally", ())):
        found = {(ref.task, ref.result) for ref in result_references(tasks[node["name"]])}
        assert found == {(each["task"], each["result"]) for each in node.get("resultRefs") or ()}


# Rows whose tasks Go could not write down have no question to their answer.
READABLE = [row for row in rows("tekton", "dag_deps.jsonl") if "_marshalError" not in (row["tasks"] or ())]


@pytest.mark.parametrize("row", READABLE)
def test_references_make_dependencies(row: dict[str, Any]) -> None:
    spec = read_pipeline_spec({"tasks": row["tasks"] or []})
    for task in spec.tasks:
        needed = {ref.task for ref in result_references(task)} | set(task.run_after)
        assert needed == set((row["deps"] or {}).get(task.name, ()))
