"""What pipelines pass to their tasks, in the runs whose outcome Tekton's scheduler gave."""

from __future__ import annotations

from typing import Any

import pytest
from holkas.pipeline.apply_pipeline import PipelineContext, apply_to_pipeline
from holkas.pipeline.apply_results import apply_pipeline_task_context
from holkas.pipeline.param_values import admitted_params
from holkas.pipeline.params_check import check_pipeline_params
from holkas.pipeline.references import references_in_value
from holkas.yaml import Source, load_documents
from holkas_compat.tekton.reader import read_pipeline, read_pipeline_run

from tests.shared import rows, shared

pytestmark = pytest.mark.conformance

REASONS = {
    "ParameterMissing",
    "ParameterTypeMismatch",
    "ObjectParameterMissKeys",
    "ParamArrayIndexingInvalid",
    "InvalidParamValue",
}


def scenario(row: dict[str, Any]) -> Any:
    data = shared("cases", "tekton", "generated", "scenarios", row["id"], "run.yaml").read_bytes()
    documents = [doc.value for doc in load_documents(Source("run.yaml", data))]
    run = read_pipeline_run(next(each for each in documents if each["kind"] == "PipelineRun"))
    if run.spec is not None:
        return run, run.name, run.spec, admitted_params(run.spec.params, run.params)
    pipelines = {each["metadata"]["name"]: each for each in documents if each["kind"] == "Pipeline"}
    pipeline = read_pipeline(pipelines[run.ref.name])
    return run, pipeline.name, pipeline.spec, run.params


SCENARIOS = [
    pytest.param(row, id=row["id"]) for row in rows("tekton", "generated", "scenarios", "expected.jsonl")
]


@pytest.mark.parametrize("row", SCENARIOS)
def test_params_known_from_the_start(row: dict[str, Any]) -> None:
    run, name, spec, params = scenario(row)
    if not row["tasks"]:
        assert row["reason"] != "Succeeded"
        return
    context = PipelineContext(run_name=run.name, namespace=run.namespace, pipeline_name=name)
    bound = [binding.name for binding in run.workspaces]
    spec = apply_to_pipeline(spec, params=params, context=context, workspaces=bound)
    for task in map(apply_pipeline_task_context, (*spec.tasks, *spec.finally_)):
        if task.name not in row["tasks"]:
            continue
        passed = row["tasks"][task.name]["params_substituted"]
        for param in task.params:
            if any(reference.scope == "tasks" for reference in references_in_value(param.value)):
                continue
            ours = param.value if isinstance(param.value, str | dict) else list(param.value)
            for theirs in passed if isinstance(passed, list) else [passed]:
                assert theirs[param.name] == ours


@pytest.mark.parametrize("row", SCENARIOS)
def test_params_that_do_not_fit(row: dict[str, Any]) -> None:
    _, _, spec, params = scenario(row)
    problem = check_pipeline_params(spec, params)
    if row["reason"] in REASONS:
        assert problem is not None
        assert (problem.reason, problem.message) == (row["reason"], row["message"])
    else:
        assert problem is None
