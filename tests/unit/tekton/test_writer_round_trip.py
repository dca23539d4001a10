"""What the writer writes, the reader reads back as it was."""

from __future__ import annotations

import pytest
from holkas.model.param import Param, ParamSpec, Result, ResultSpec
from holkas.model.pipeline import Pipeline, PipelineSpec, PipelineTask
from holkas.model.reference import Reference
from holkas.model.run import PipelineRun, TaskRun, TaskRunSettings
from holkas.model.step import Sidecar, Step
from holkas.model.task import Task, TaskSpec
from holkas.model.value import ValueType
from holkas.model.when import When
from holkas_compat.tekton import reader, writer
from holkas_compat.tekton.reader.durations import format_duration, parse_duration
from holkas_compat.tekton.writer.params import (
    write_param_specs,
    write_reference,
    write_result_specs,
    write_results,
    write_whens,
)
from hypothesis import HealthCheck, given
from hypothesis import settings as options

from tests import tekton_models as models

few = options(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))


@few
@given(models.tasks)
def test_a_task_comes_back_as_it_was(task: Task) -> None:
    assert reader.read_task(writer.write_task(task)) == task


@few
@given(models.pipelines)
def test_a_pipeline_comes_back_as_it_was(pipeline: Pipeline) -> None:
    assert reader.read_pipeline(writer.write_pipeline(pipeline)) == pipeline


@few
@given(models.step_actions)
def test_a_step_action_comes_back_as_it_was(action) -> None:
    document = writer.write_step_action(action)
    assert "name" not in document["spec"]
    assert reader.read_step_action(document) == action


@few
@given(models.task_runs)
def test_a_task_run_comes_back_as_it_was(run: TaskRun) -> None:
    assert reader.read_task_run(writer.write_run(run)) == run


@few
@given(models.pipeline_runs)
def test_a_pipeline_run_comes_back_as_it_was(run: PipelineRun) -> None:
    assert reader.read_pipeline_run(writer.write_run(run)) == run


@given(models.seconds.filter(lambda value: value is not None))
def test_seconds_survive_as_text(seconds: float) -> None:
    assert parse_duration(format_duration(seconds)) == pytest.approx(seconds, abs=1e-9)


@pytest.mark.parametrize(
    ("text", "seconds", "canonical"),
    [
        ("1h30m", 5400.0, "1h30m0s"),
        ("0", 0.0, "0s"),
        ("90s", 90.0, "1m30s"),
        ("250ms", 0.25, "250ms"),
        ("1.5s", 1.5, "1.5s"),
        ("-2m", -120.0, "-2m0s"),
    ],
)
def test_durations_are_written_as_go_writes_them(text: str, seconds: float, canonical: str) -> None:
    assert parse_duration(text) == seconds
    assert format_duration(seconds) == canonical


def test_a_text_that_is_no_duration_is_refused() -> None:
    with pytest.raises(ValueError, match="soon"):
        parse_duration("soon")


def test_documents_have_the_customary_order() -> None:
    task = Task(
        name="build",
        labels={"a": "b"},
        spec=TaskSpec(
            description="d",
            params=(ParamSpec(name="p"),),
            steps=(Step(name="s", image="i", script="x", env_from=({"prefix": "P"},)),),
            results=(ResultSpec(name="r"),),
        ),
    )
    document = writer.write_task(task)
    assert list(document) == ["apiVersion", "kind", "metadata", "spec"]
    assert list(document["metadata"]) == ["name", "labels"]
    assert list(document["spec"]) == ["params", "description", "steps", "results"]
    assert list(document["spec"]["steps"][0]) == ["name", "image", "envFrom", "script"]


def test_empty_fields_are_left_out() -> None:
    document = writer.write_pipeline_run(PipelineRun(name="r", ref=Reference(name="p")))
    assert document == {
        "apiVersion": "tekton.dev/v1",
        "kind": "PipelineRun",
        "metadata": {"name": "r"},
        "spec": {"pipelineRef": {"name": "p"}},
    }


def test_a_namespace_is_written_unless_it_is_the_default() -> None:
    run = TaskRun(name="r", namespace="ci", settings=TaskRunSettings(service_account="bot"))
    document = writer.write_task_run(run)
    assert document["metadata"] == {"name": "r", "namespace": "ci"}
    assert document["spec"] == {"serviceAccountName": "bot"}


def test_an_empty_default_is_not_the_same_as_none() -> None:
    assert write_param_specs([ParamSpec(name="a", default=""), ParamSpec(name="b")]) == [
        {"name": "a", "default": ""},
        {"name": "b"},
    ]


def test_types_are_written_unless_they_are_string() -> None:
    specs = [
        ParamSpec(name="a", type=ValueType.ARRAY, default=[]),
        ParamSpec(name="o", type=ValueType.OBJECT, properties={"k": ValueType.STRING}),
        ParamSpec(name="s", enum=("x",)),
    ]
    assert write_param_specs(specs) == [
        {"name": "a", "type": "array", "default": []},
        {"name": "o", "type": "object", "properties": {"k": {"type": "string"}}},
        {"name": "s", "enum": ["x"]},
    ]
    assert write_result_specs([ResultSpec(name="r", value="v")]) == [{"name": "r", "value": "v"}]


def test_emitted_results_bear_their_types() -> None:
    results = [
        Result(name="a", value=("x",)),
        Result(name="o", value={"k": "v"}),
        Result(name="s", value="t"),
    ]
    assert write_results(results) == [
        {"name": "a", "type": "array", "value": ["x"]},
        {"name": "o", "type": "object", "value": {"k": "v"}},
        {"name": "s", "type": "string", "value": "t"},
    ]


def test_a_reference_that_is_missing_stays_missing() -> None:
    assert write_reference(None) is None
    assert write_reference(Reference()) == {}


def test_when_expressions_keep_empty_inputs() -> None:
    assert write_whens([When(operator="in", values=("",)), When(cel="1 == 1")]) == [
        {"input": "", "operator": "in", "values": [""]},
        {"cel": "1 == 1"},
    ]


def test_a_sidecar_is_written_with_its_probe() -> None:
    spec = TaskSpec(sidecars=(Sidecar(name="db", image="pg", readiness_probe={"exec": {"command": ("x",)}}),))
    assert writer.write_task_spec(spec) == {
        "sidecars": [{"name": "db", "image": "pg", "readinessProbe": {"exec": {"command": ["x"]}}}]
    }


def test_a_pipeline_task_keeps_its_order_and_parts() -> None:
    task = PipelineTask(
        name="t",
        ref=Reference(name="build"),
        run_after=("a",),
        params=(Param(name="p", value="v"),),
        timeout=0.0,
        on_error="continue",
    )
    [written] = writer.write_pipeline_spec(PipelineSpec(tasks=(task,)))["tasks"]
    assert list(written) == ["name", "taskRef", "runAfter", "params", "timeout", "onError"]
    assert written["timeout"] == "0s"
