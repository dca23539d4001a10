from __future__ import annotations

import pytest
from holkas.model.param import Param
from holkas.model.pipeline import Matrix, MatrixInclude, PipelineTask
from holkas.model.reference import Reference
from holkas.model.step import Step
from holkas.model.task import TaskSpec
from holkas.model.value import Value
from holkas.model.when import When
from holkas.model.workspace import PipelineTaskWorkspace
from holkas.pipeline.apply_results import (
    apply_artifacts,
    apply_pipeline_task_context,
    apply_results,
    apply_statuses,
)

RESULTS = {
    "a": {"s": "S", "l": ("x", "y"), "o": {"k": "K"}, "dotted.name": "D"},
    "b": {"s": "$(tasks.a.results.s)"},
}


def params(**values: Value) -> tuple[Param, ...]:
    return tuple(Param(name=name, value=value) for name, value in values.items())


def embedded(*args: str) -> PipelineTask:
    return PipelineTask(name="t", task_spec=TaskSpec(steps=(Step(args=args),)))


def args(task: PipelineTask) -> tuple[str, ...]:
    assert task.task_spec is not None
    return task.task_spec.steps[0].args


def test_every_field_of_a_task_in_which_results_are_replaced() -> None:
    v = "$(tasks.a.results.s)"
    task = PipelineTask(
        name="t",
        ref=Reference(name=v, params=params(p=v)),
        params=params(
            s=f"<{v}>", i="$(tasks.a.results.l[1])", k="$(tasks.a.results.o.k)", b="$(tasks.b.results.s)"
        ),
        matrix=Matrix(
            params=params(m="$(tasks.a.results.l[*])", n=("$(tasks.a.results.l[*])", v)),
            include=(MatrixInclude(params=params(i=v)),),
        ),
        workspaces=(PipelineTaskWorkspace(name="w", sub_path=v),),
        when=(When(input=v, operator="in", values=("$(tasks.a.results.l[*])",)), When(cel=f"'{v}' == 'S'")),
        display_name=v,
        on_error=v,
    )
    assert apply_results(task, RESULTS) == PipelineTask(
        name="t",
        ref=Reference(name="S", params=params(p="S")),
        params=params(s="<S>", i="y", k="K", b=v),
        matrix=Matrix(
            params=params(m=("x", "y"), n=("x", "y", "S")), include=(MatrixInclude(params=params(i="S")),)
        ),
        workspaces=(PipelineTaskWorkspace(name="w", sub_path="S"),),
        when=(When(input="S", operator="in", values=("x", "y")), When(cel="'S' == 'S'")),
        display_name="S",
        on_error=v,
    )


def test_whole_arrays_and_objects_become_params() -> None:
    task = PipelineTask(name="t", params=params(l="$(tasks.a.results.l[*])", o="$(tasks.a.results.o[*])"))
    assert apply_results(task, RESULTS).params == params(l=("x", "y"), o={"k": "K"})


@pytest.mark.parametrize(
    "text",
    ["$(tasks.c.results.s)", "$(tasks.a.results.nope)", "$(tasks.a.results.l[2])", "$(tasks.a.results['s'])"],
)
def test_what_is_not_known_stays(text: str) -> None:
    task = PipelineTask(name="t", params=params(p=text))
    assert apply_results(task, RESULTS) is task


def test_bracket_notation_of_a_result_that_is_waited_for() -> None:
    text = "$(tasks.a.results.s) $(tasks.a.results['s']) $(tasks.a.results[\"o\"][k]) $(tasks.a.results.o.k)"
    task = apply_results(PipelineTask(name="t", params=params(p=text)), RESULTS)
    assert task.params == params(p="S S K K")


def test_results_are_propagated_into_embedded_tasks() -> None:
    task = embedded(
        "$(tasks.a.results.s)",
        "$(tasks.a.results.l[*])",
        "$(tasks.a.results.o.k)",
        "$(tasks.a.results.dotted.name)",
        "$(tasks.a.results.l[0])",
        "$(tasks.a.results.o.nope) $(tasks.c.results.s) $(tasks.a.status) $(params.x)",
    )
    assert args(apply_results(task, RESULTS)) == (
        "S",
        "x",
        "y",
        "K",
        "D",
        "$(tasks.a.results.l[0])",
        "$(tasks.a.results.o.nope) $(tasks.c.results.s) $(tasks.a.status) $(params.x)",
    )
    plain = embedded("echo")
    assert apply_results(plain, RESULTS) is plain


def test_statuses() -> None:
    v = "$(tasks.a.status)/$(tasks.a.reason)/$(tasks.status)"
    statuses = {"tasks.a.status": "Failed", "tasks.a.reason": "StepFailed", "tasks.status": "Failed"}
    task = PipelineTask(
        name="t",
        ref=Reference(name=v),
        params=params(p=v),
        when=(When(input=v, operator="in", values=(v,)),),
        display_name=v,
        matrix=Matrix(params=params(m=(v,))),
    )
    done = "Failed/StepFailed/Failed"
    assert apply_statuses(task, statuses) == PipelineTask(
        name="t",
        ref=Reference(name=done),
        params=params(p=done),
        when=(When(input=done, operator="in", values=(done,)),),
        display_name=done,
        matrix=Matrix(params=params(m=(v,))),
    )
    plain = PipelineTask(name="t")
    assert apply_statuses(plain, statuses) is plain


def test_retries_and_lengths_of_matrices() -> None:
    v = "$(context.pipelineTask.retries) $(tasks.m.matrix.length) $(tasks.m.matrix.r.length)"
    task = PipelineTask(
        name="t", retries=2, params=params(p=v), display_name=v, matrix=Matrix(params=params(m=(v,)))
    )
    out = apply_pipeline_task_context(task, {"tasks.m.matrix.length": 4, "tasks.m.matrix.r.length": 3})
    assert out.params == params(p="2 4 3")
    assert out.display_name == "2 4 3"
    assert out.matrix == Matrix(params=params(m=("2 4 3",)))
    plain = PipelineTask(name="t", matrix=Matrix(params=params(m=("1",))))
    assert apply_pipeline_task_context(plain) is plain


def test_artifacts_in_embedded_tasks() -> None:
    image = {"name": "image", "values": [{"uri": "pkg:x?a&b", "digest": {"sha256": "1"}}]}
    artifacts = {"a": ((), (image, {"name": "z", "values": []}))}
    task = embedded("$(tasks.a.outputs.image) $(tasks.a.outputs) $(tasks.a.outputs.z) $(tasks.a.inputs)")
    text = r'[{"digest":{"sha256":"1"},"uri":"pkg:x?a\u0026b"}]'
    assert args(apply_artifacts(task, artifacts)) == (f"{text} {text} [] $(tasks.a.inputs)",)
    for untouched in (embedded("echo"), PipelineTask(name="t", params=params(p="$(tasks.a.outputs)"))):
        assert apply_artifacts(untouched, artifacts) is untouched
    assert apply_artifacts(task, {}) is task
