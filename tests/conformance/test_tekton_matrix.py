"""Combinations of a matrix in Tekton's order."""

from __future__ import annotations

import json
from typing import Any

import pytest
from holkas.model.param import Param
from holkas.model.pipeline import Matrix, MatrixInclude
from holkas.pipeline.matrix import combinations
from holkas.yaml import Source, load_documents
from holkas_compat.tekton.reader import read_pipeline_spec

from tests.shared import rows, shared

pytestmark = pytest.mark.conformance


def params(raw: list[dict[str, Any]] | None) -> tuple[Param, ...]:
    return tuple(
        Param(
            name=each["name"],
            value=tuple(each["value"]) if isinstance(each["value"], list) else each["value"],
        )
        for each in raw or ()
    )


# Rows whose matrix Go could not write down have no question to their answer.
FANOUT = [row for row in rows("tekton", "matrix_fanout.jsonl") if "_marshalError" not in row["matrix"]]


@pytest.mark.parametrize("row", FANOUT)
def test_fan_out(row: dict[str, Any]) -> None:
    raw = row["matrix"]
    include = tuple(
        MatrixInclude(name=each.get("name", ""), params=params(each.get("params")))
        for each in raw.get("include", ())
    )
    matrix = Matrix(params=params(raw.get("params")), include=include)
    assert combinations(matrix) == [params(each) for each in row["combinations"]]


def matrix_scenarios() -> list[Any]:
    """Scenarios in which a task was started for several combinations."""
    found = []
    with shared("cases", "tekton", "generated", "scenarios", "expected.jsonl").open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            if any(isinstance(task["params_substituted"], list) for task in row["tasks"].values()):
                found.append(pytest.param(row, id=row["id"]))
    return found


@pytest.mark.parametrize("row", matrix_scenarios())
def test_order_of_combinations_in_runs(row: dict[str, Any]) -> None:
    data = shared("cases", "tekton", "generated", "scenarios", row["id"], "run.yaml").read_bytes()
    documents = {doc.value["kind"]: doc.value for doc in load_documents(Source("run.yaml", data))}
    raw = documents["PipelineRun"]["spec"].get("pipelineSpec") or documents["Pipeline"]["spec"]
    spec = read_pipeline_spec(raw)
    for task in (*spec.tasks, *spec.finally_):
        if task.matrix is None or "$(" in repr(task.matrix) or task.name not in row["tasks"]:
            continue
        names = {param.name for each in combinations(task.matrix) for param in each}
        ours = [{param.name: param.value for param in each} for each in combinations(task.matrix)]
        theirs = [
            {name: value for name, value in each.items() if name in names}
            for each in row["tasks"][task.name]["params_substituted"]
        ]
        assert ours == theirs
