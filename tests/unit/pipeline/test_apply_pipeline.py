from __future__ import annotations

import pytest
from holkas.model.param import Param, ParamSpec
from holkas.model.pipeline import Matrix, MatrixInclude, PipelineSpec, PipelineTask
from holkas.model.reference import Reference
from holkas.model.step import Step
from holkas.model.task import TaskSpec
from holkas.model.value import Value, ValueType
from holkas.model.when import When
from holkas.model.workspace import PipelineTaskWorkspace, WorkspaceDeclaration
from holkas.pipeline.apply_pipeline import PipelineContext, apply_to_pipeline
from holkas.pipeline.param_values import ParamResolutionError


def params(**values: Value) -> tuple[Param, ...]:
    return tuple(Param(name=name, value=value) for name, value in values.items())


def embedded(text: str, **fields: object) -> PipelineTask:
    return PipelineTask(name="t", task_spec=TaskSpec(steps=(Step(script=text),)), **fields)


def applied(task: PipelineTask, **given: Value) -> PipelineTask:
    return apply_to_pipeline(PipelineSpec(tasks=(task,)), params=params(**given)).tasks[0]


def script(task: PipelineTask) -> str:
    assert task.task_spec is not None
    return task.task_spec.steps[0].script


def test_every_field_of_a_task_in_which_variables_are_replaced() -> None:
    v = "$(params.x)"
    task = PipelineTask(
        name=v,
        ref=Reference(name=v, resolver=v, params=params(url=v)),
        params=params(s=v, l=("$(params.l[*])", v), o={"k": v}, whole="$(params.o[*])"),
        workspaces=(PipelineTaskWorkspace(name=v, workspace=v, sub_path=v),),
        when=(When(input=v, operator="in", values=("$(params.l[*])",)),),
        run_after=(v,),
        on_error=v,
        display_name=v,
        description=v,
    )
    assert applied(task, x="X", l=("a", "b"), o={"k": "K"}) == PipelineTask(
        name=v,
        ref=Reference(name="X", resolver=v, params=params(url="X")),
        params=params(s="X", l=("a", "b", "X"), o={"k": "X"}, whole={"k": "K"}),
        workspaces=(PipelineTaskWorkspace(name=v, workspace=v, sub_path="X"),),
        when=(When(input="X", operator="in", values=("a", "b")),),
        run_after=(v,),
        on_error="X",
        display_name="X",
        description=v,
    )


def test_matrix_takes_arrays_but_no_objects_and_include_takes_strings() -> None:
    task = PipelineTask(
        name="t",
        display_name="$(params.x) in $(context.pipeline.name)",
        matrix=Matrix(
            params=params(a=("$(params.l[*])", "$(params.x)"), b="$(params.l[*])", c="$(params.o[*])"),
            include=(
                MatrixInclude(name="$(params.x)", params=params(d="$(params.x)", e="$(params.l[*])")),
                MatrixInclude(params=params(d="plain")),
            ),
        ),
    )
    out = applied(task, x="X", l=("1", "2"), o={"k": "v"})
    assert out.matrix == Matrix(
        params=params(a=("1", "2", "X"), b=("1", "2"), c="$(params.o[*])"),
        include=(
            MatrixInclude(name="$(params.x)", params=params(d="X", e="$(params.l[*])")),
            MatrixInclude(params=params(d="plain")),
        ),
    )
    assert out.display_name == "$(params.x) in "


def test_finally_contexts_and_workspaces() -> None:
    text = "$(context.pipelineRun.name) $(context.pipelineRun.namespace) $(context.pipelineRun.uid) "
    text += "$(context.pipeline.name) $(workspaces.a.bound) $(workspaces.b.bound) $(workspaces.c.bound)"
    spec = PipelineSpec(
        finally_=(PipelineTask(name="f", params=params(p=text)),),
        workspaces=(WorkspaceDeclaration(name="a"), WorkspaceDeclaration(name="b", optional=True)),
    )
    context = PipelineContext(run_name="run", namespace="ns", uid="u", pipeline_name="pipe")
    out = apply_to_pipeline(spec, context=context, workspaces=["a"])
    assert out.finally_[0].params == params(p="run ns u pipe true false $(workspaces.c.bound)")


def test_pipelines_and_tasks_without_variables_are_returned_themselves() -> None:
    plain = embedded("echo", params=params(a=("x",), b={"k": "v"}), when=(When(input="a", operator="in"),))
    spec = PipelineSpec(
        tasks=(
            plain,
            PipelineTask(name="m", matrix=Matrix(params=params(a=("1",)))),
            embedded("$(params.x)"),
        ),
        params=(ParamSpec(name="x", default="X"),),
    )
    out = apply_to_pipeline(spec)
    assert out.tasks[0] is plain
    assert out.tasks[1] is spec.tasks[1]
    assert script(out.tasks[2]) == "X"
    assert apply_to_pipeline(out) is out


def test_params_are_propagated_into_embedded_tasks() -> None:
    out = applied(embedded("$(params.x) $(params.l[0]) $(params.o.k)"), x="X", l=("a",), o={"k": "K"})
    assert script(out) == "X a K"


def test_params_of_the_pipeline_task_hide_those_of_the_pipeline() -> None:
    task = embedded(
        "$(params.x) $(params['x']) $(params.o.k) $(params.o.other) $(params.own) $(params.l)",
        params=params(x="inner $(params.x)", o={"k": "inner"}, own="own", l=("i",)),
    )
    out = applied(task, x="X", o={"k": "K", "other": "O"}, l=("a",))
    assert script(out) == "inner X inner X inner O $(params.own) $(params.l)"


def test_a_param_hidden_by_one_of_another_type() -> None:
    task = embedded("<$(params.x)>", params=params(x=("a",), o="text", l="text"))
    out = applied(task, x="X", o={"k": "K"}, l=("a",))
    assert script(out) == "<>"


def test_whole_arrays_in_embedded_tasks() -> None:
    step = Step(args=("$(params.l[*])", "$(params.m[*])"))
    task = PipelineTask(name="t", params=params(l=("inner",)), task_spec=TaskSpec(steps=(step,)))
    out = applied(task, l=("a", "b"), m=("c", "d"))
    assert out.task_spec is not None
    assert out.task_spec.steps[0].args == ("inner", "c", "d")


def test_default_that_cannot_be_worked_out() -> None:
    spec = PipelineSpec(params=(ParamSpec(name="a", type=ValueType.STRING, default="$(params.b)"),))
    with pytest.raises(ParamResolutionError):
        apply_to_pipeline(spec)
