"""Params that turn out not to fit the task that they are passed to once results are known."""

from __future__ import annotations

from dataclasses import replace

import pytest
from holkas.model.catalog import Catalog
from holkas.model.param import ParamSpec, Result
from holkas.model.pipeline import PipelineSpec
from holkas.model.record import Condition
from holkas.model.reference import Reference
from holkas.model.run import PipelineRun
from holkas.model.task import TaskSpec
from holkas.model.value import Value, ValueType
from holkas.pipeline.admission import refuse
from holkas.pipeline.decision import Conclusion
from holkas.pipeline.passed_params import enum_too_wide
from holkas.pipeline.progress import Progress, RunFacts

from tests.pipeline_runs import NEVER, RUN, SUCCEEDED, pipeline, task


def after_a(spec: PipelineSpec, wanted: ParamSpec, **emitted: Value) -> tuple[list[str], Conclusion | None]:
    """What starts, and how the run ends, when the task ``a`` has emitted something and ``b`` takes one param."""
    facts = RunFacts(run_name=RUN, task_specs={"b": TaskSpec(params=(wanted,))})
    progress = Progress(spec, facts)
    progress.begin(0.0)
    results = [Result(name=name, value=value) for name, value in emitted.items()]
    decision = progress.task_done(f"{RUN}-a", SUCCEEDED, results, now=1.0)
    return [launch.name for launch in decision.launch], decision.conclusion


def refusal(conclusion: Conclusion | None) -> Condition:
    assert conclusion is not None
    return conclusion.condition


STRING = ParamSpec(name="p")


def test_an_array_for_a_string_ends_the_run_without_finally() -> None:
    spec = pipeline(task("a"), task("b", p="$(tasks.a.results.r[*])"), last=[task("f")])
    started, conclusion = after_a(spec, STRING, r=("x", "y"))
    assert not started
    assert refusal(conclusion) == Condition(
        status="False",
        reason="PipelineValidationFailed",
        message=f"Validation failed for pipelinerun {RUN} with error invalid input params for task : "
        "param types don't match the user-specified type: [p]",
    )


def test_a_task_that_would_be_skipped_is_looked_at_too() -> None:
    spec = pipeline(task("a"), task("b", when=NEVER, p="$(tasks.a.results.r[*])"))
    assert refusal(after_a(spec, STRING, r=("x",))[1]).reason == "PipelineValidationFailed"


def test_a_key_that_an_object_lacks() -> None:
    wanted = ParamSpec(
        name="p", type=ValueType.OBJECT, properties={"k": ValueType.STRING, "l": ValueType.STRING}
    )
    spec = pipeline(task("a"), task("b", p="$(tasks.a.results.r[*])"))
    message = refusal(after_a(spec, wanted, r={"k": "v"})[1]).message
    assert message.endswith(
        "missing keys for these params which are required in ParamSpec's properties map[p:[l]]"
    )


def test_what_fits_starts() -> None:
    spec = pipeline(task("a"), task("b", p="$(tasks.a.results.r)"))
    assert after_a(spec, STRING, r="text") == ([f"{RUN}-b"], None)


def test_a_value_outside_the_enum_of_the_task() -> None:
    wanted = ParamSpec(name="p", enum=("x", "y"))
    spec = pipeline(task("a"), task("b", p="$(tasks.a.results.r)"))
    assert after_a(spec, wanted, r="y") == ([f"{RUN}-b"], None)
    started, conclusion = after_a(spec, wanted, r="z")
    assert not started
    assert refusal(conclusion) == Condition(
        status="False",
        reason="InvalidParamValue",
        message='Invalid param value from PipelineTask "b": param `p` value: z is not in the enum list',
    )


def test_a_missing_result_is_another_matter() -> None:
    spec = pipeline(task("a"), task("b", p="$(tasks.a.results.r[*])"))
    message = refusal(after_a(spec, STRING)[1]).message
    assert "Failed Validation: 1" in message


@pytest.mark.parametrize(
    ("outer", "value", "problem"),
    [
        (("x",), "$(params.q)", ""),
        (
            (),
            "$(params.q)",
            'pipeline param "q" has no enum, but referenced in "build" task has enums: [x y]',
        ),
        (
            ("x", "z"),
            '$(params["q"])',
            'pipeline param "q" enum: [x z] is not a subset of the referenced in "build" task param enum: [x y]',
        ),
        ((), "$(params.q)-$(params.q)", ""),
        ((), "$(params.unknown)", ""),
        ((), ("$(params.q)",), ""),
    ],
)
def test_an_enum_of_the_pipeline_must_not_allow_more(
    outer: tuple[str, ...], value: Value, problem: str
) -> None:
    passing = replace(task("b", p=value), ref=Reference(name="build"))
    declared = [ParamSpec(name="q", enum=outer)]
    spec = TaskSpec(params=(ParamSpec(name="p", enum=("x", "y")),))
    assert enum_too_wide(passing, declared, spec) == problem


def test_a_pipeline_whose_enum_is_too_wide_is_refused() -> None:
    allowed = TaskSpec(params=(ParamSpec(name="p", enum=("x",)),))
    passing = replace(task("b", p="$(params.q)"), task_spec=allowed)
    spec = replace(pipeline(passing), params=(ParamSpec(name="q", default="x"),))
    refused = refuse(PipelineRun(name=RUN, spec=spec), spec, Catalog())
    assert refused is not None
    assert refused.message.startswith(
        'Validation failed for pipelinerun with error pipeline param "q" has no enum'
    )
