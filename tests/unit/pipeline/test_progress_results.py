"""Results: of matrices, between tasks, and of the pipeline."""

from __future__ import annotations

from dataclasses import replace

import pytest
from holkas.model.param import Param
from holkas.model.pipeline import MatrixInclude, PipelineTask
from holkas.model.record import Condition
from holkas.model.step import Env, Step
from holkas.model.task import TaskSpec
from holkas.pipeline.progress import Progress, RunFacts

from tests.pipeline_runs import FAILED, NEVER, SUCCEEDED, Drive, pipeline, task


def emitted(value: str) -> tuple[Condition, dict[str, str]]:
    return SUCCEEDED, {"r": value}


def test_combinations_in_order_with_their_params() -> None:
    drive = Drive(pipeline(task("m", matrix={"x": ("1", "2"), "y": ("p", "q")}, z="all")))
    drive.to_the_end()
    assert [
        (name, launch.combination, {param.name: param.value for param in launch.params})
        for name, launch in drive.launched.items()
    ] == [
        ("m-0", 0, {"x": "1", "y": "p", "z": "all"}),
        ("m-1", 1, {"x": "2", "y": "p", "z": "all"}),
        ("m-2", 2, {"x": "1", "y": "q", "z": "all"}),
        ("m-3", 3, {"x": "2", "y": "q", "z": "all"}),
    ]


def test_aggregated_results_follow_the_names_as_text() -> None:
    values = tuple(str(number) for number in range(12))
    outcomes = {f"m-{number}": emitted(f"v{number}") for number in range(12) if number != 3}
    outcomes["m-4"] = (SUCCEEDED, {"r": ("not", "a", "string")})
    drive = Drive(
        pipeline(task("m", matrix={"x": values}), task("use", all="$(tasks.m.results.r[*])")), outcomes
    )
    drive.to_the_end()
    expected = ["v0", "v1", "v10", "v11", "v2", "", "v5", "v6", "v7", "v8", "v9"]
    assert list(drive.launched["use"].params[0].value) == expected


def test_a_matrix_over_a_result() -> None:
    drive = Drive(
        pipeline(task("a"), task("m", matrix={"x": "$(tasks.a.results.list[*])"})),
        {"a": (SUCCEEDED, {"list": ("x", "y")})},
    )
    drive.to_the_end()
    assert list(drive.launched) == ["a", "m-0", "m-1"]


def test_a_matrix_over_one_string_fails_the_run() -> None:
    drive = Drive(
        pipeline(task("a"), task("m", matrix={"x": "$(tasks.a.results.r)"})), {"a": emitted("no array")}
    )
    conclusion = drive.to_the_end()
    assert conclusion.condition.reason == "InvalidMatrixParameterTypes"
    assert conclusion.condition.message.endswith(
        'parameters of type array only are allowed, but param "x" has type "string" in pipelineTask "m"'
    )


def test_what_was_to_start_beside_a_bad_matrix_does_not() -> None:
    drive = Drive(
        pipeline(task("a"), task("b", "a"), task("m", matrix={"x": "$(tasks.a.results.r)"})),
        {"a": emitted("no array")},
    )
    drive.to_the_end()
    assert list(drive.launched) == ["a"]


def test_a_matrix_fails_when_all_its_runs_have_ended() -> None:
    drive = Drive(pipeline(task("m", matrix={"x": ("1", "2")}), task("b", "m")), {"m-0": FAILED})
    drive.begin()
    assert not drive.done("m-0").skipped
    assert [skipped.name for skipped in drive.done("m-1").skipped] == ["b"]


def test_lengths_of_a_matrix() -> None:
    declared = task("m", matrix={"x": "$(tasks.a.results.list[*])", "y": ("1", "2")})
    drive = Drive(
        pipeline(
            task("a"),
            declared,
            task(
                "n",
                "m",
                count="$(tasks.m.matrix.length)",
                values="$(tasks.m.matrix.r.length)",
                none="$(tasks.m.matrix.other.length)",
                unknown="$(tasks.x.matrix.length)",
                retries="$(context.pipelineTask.retries)",
            ),
        ),
        {"a": (SUCCEEDED, {"list": ("p", "q", "r")}), "m-0": emitted("v")},
    )
    drive.to_the_end()
    # The array counts as one value: Tekton counts combinations before the result is known.
    assert {param.name: param.value for param in drive.launched["n"].params} == {
        "count": "2",
        "values": "1",
        "none": "0",
        "unknown": "$(tasks.x.matrix.length)",
        "retries": "0",
    }


def test_names_of_included_combinations() -> None:
    matrix = task("m", matrix={"x": ("1", "2")})
    assert matrix.matrix is not None
    include = (MatrixInclude(name="second $(params.x)", params=(Param(name="x", value="2"),)),)
    matrix = replace(matrix, display_name="plain", matrix=replace(matrix.matrix, include=include))
    drive = Drive(pipeline(matrix))
    drive.to_the_end()
    assert [launch.display_name for launch in drive.launched.values()] == ["plain", "second 2"]


def test_pipeline_results() -> None:
    drive = Drive(
        pipeline(
            task("a"),
            task("skipped", when=NEVER),
            last=[task("f")],
            text="<$(tasks.a.results.r)>",
            again="$(tasks.a.results.r)",
            whole="$(tasks.a.results.list[*])",
            item="$(tasks.a.results.list[1])",
            obj="$(tasks.a.results.obj[*])",
            key="$(tasks.a.results.obj.k)",
            last_one="$(finally.f.results.r)",
            gone="$(tasks.skipped.results.r)",
            plain="no variable",
        ),
        {"a": (SUCCEEDED, {"r": "v", "list": ("x", "y"), "obj": {"k": "w"}}), "f": emitted("end")},
    )
    conclusion = drive.to_the_end()
    results = {result.name: result.value for result in conclusion.results}
    assert list(results.pop("whole")) == ["x", "y"]
    assert results == {
        "text": "<v>",
        "again": "v",
        "item": "y",
        "obj": {"k": "w"},
        "key": "w",
        "last_one": "end",
    }


def test_an_array_without_star_or_index_gives_its_first_item() -> None:
    drive = Drive(
        pipeline(task("a"), first="$(tasks.a.results.list)"), {"a": (SUCCEEDED, {"list": ("x", "y")})}
    )
    assert [result.value for result in drive.to_the_end().results] == ["x"]


@pytest.mark.parametrize(
    "value",
    [
        "$(tasks.a.results.none)",
        "$(tasks.a.results.r.key)",
        "$(tasks.a.results.list[7])",
        "$(tasks.a.results.obj.none)",
        "$(tasks.ghost.results.r)",
        "$(params.x)",
    ],
)
def test_pipeline_results_that_cannot_be_had(value: str) -> None:
    drive = Drive(
        pipeline(task("a"), good="$(tasks.a.results.r)", bad=value),
        {"a": (SUCCEEDED, {"r": "v", "list": ("x",), "obj": {"k": "w"}})},
    )
    conclusion = drive.to_the_end()
    assert conclusion.condition.reason == "CouldntGetPipelineResult"
    assert conclusion.condition.message.endswith(
        "invalid pipelineresults [bad], the referenced results don't exist"
    )
    assert [result.name for result in conclusion.results] == ["good"]


def test_a_failed_run_has_the_results_that_there_are() -> None:
    drive = Drive(
        pipeline(task("a"), ok="$(tasks.a.results.r)", no="$(tasks.a.results.other)"),
        {"a": (FAILED, {"r": "v"})},
    )
    conclusion = drive.to_the_end()
    assert conclusion.condition.reason == "Failed"
    assert [result.name for result in conclusion.results] == ["ok"]


@pytest.mark.parametrize("consumer", ["runs", "stopped", "none"])
def test_results_of_a_matrix_count_where_a_task_refers_to_them(consumer: str) -> None:
    matrix = task("m", matrix={"x": ("1", "2")})
    other = task("o", "m", x="$(tasks.m.results.r[*])")
    spec = {
        "runs": pipeline(matrix, other, all="$(tasks.m.results.r[*])"),
        "stopped": pipeline(matrix, task("bad"), other, all="$(tasks.m.results.r[*])"),
        "none": pipeline(matrix, all="$(tasks.m.results.r[*])"),
    }[consumer]
    drive = Drive(spec, {"m-0": emitted("p"), "m-1": emitted("q"), "bad": FAILED})
    drive.begin()
    if consumer == "stopped":
        drive.done("bad")
    conclusion = drive.to_the_end()
    if consumer == "none":
        assert conclusion.condition.reason == "CouldntGetPipelineResult"
    else:
        assert [list(result.value) for result in conclusion.results] == [["p", "q"]]


def test_artifacts_reach_the_steps_of_later_tasks() -> None:
    def embedded(name: str, *after: str, script: str) -> PipelineTask:
        step = Step(script=script, args=("$(tasks.a.inputs.src)",), env=(Env(name="E", value="e"),))
        return replace(task(name, *after), task_spec=TaskSpec(steps=(step,)))

    spec = pipeline(embedded("a", script=""), embedded("b", "a", script="use $(tasks.a.outputs)"))
    progress = Progress(spec, RunFacts(run_name="run"))
    progress.begin(0)
    decision = progress.task_done(
        "run-a",
        SUCCEEDED,
        outputs=({"name": "image", "values": [{"uri": "u"}]},),
        inputs=({"name": "src", "values": []},),
        now=1,
    )
    launched = decision.launch[0].pipeline_task.task_spec
    assert launched is not None
    assert launched.steps[0].script == 'use [{"uri":"u"}]'
    assert launched.steps[0].args == ("[]",)


@pytest.mark.parametrize(("embedded", "seen"), [(True, "default extra"), (False, "given $(params.o.more)")])
def test_an_embedded_pipeline_overlays_objects(embedded: bool, seen: str) -> None:
    from holkas.model.param import ParamSpec
    from holkas.model.value import ValueType

    spec = replace(
        pipeline(task("a", x="$(params.o.key) $(params.o.more)", y="$(params.s)")),
        params=(
            ParamSpec(name="o", type=ValueType.OBJECT, default={"key": "default", "more": "extra"}),
            ParamSpec(name="s", default="text"),
        ),
    )
    params = (Param(name="o", value={"key": "given"}), Param(name="s", value="own"))
    progress = Progress(spec, RunFacts(run_name="run", params=params, embedded=embedded))
    launch = progress.begin(0).launch[0]
    assert [param.value for param in launch.params] == [seen, "own"]
    assert progress.spec.tasks[0].params == launch.params
