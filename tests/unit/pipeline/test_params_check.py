from __future__ import annotations

import pytest
from holkas.model.param import Param, ParamSpec
from holkas.model.pipeline import Matrix, PipelineSpec, PipelineTask
from holkas.model.step import Container, Env, Sidecar, Step, VolumeMount
from holkas.model.task import TaskSpec, Volume
from holkas.model.value import Value, ValueType
from holkas.model.when import When
from holkas.model.workspace import PipelineTaskWorkspace, WorkspaceDeclaration
from holkas.pipeline.params_check import ParamsProblem, check_pipeline_params, check_task_params

ARRAY, OBJECT = ValueType.ARRAY, ValueType.OBJECT
KEYS = {"a": ValueType.STRING, "b": ValueType.STRING}


def params(**values: Value) -> tuple[Param, ...]:
    return tuple(Param(name=name, value=value) for name, value in values.items())


def spec(name: str, kind: ValueType = ValueType.STRING, **fields: object) -> ParamSpec:
    return ParamSpec(name=name, type=kind, **fields)


@pytest.mark.parametrize(
    ("specs", "given", "reason", "message"),
    [
        (
            [spec("a"), spec("b", default="x"), spec("c")],
            {},
            "ParameterMissing",
            "pipelineRun missing parameters: [a c]",
        ),
        (
            [spec("a"), spec("b", ARRAY)],
            {"a": ("x",), "b": "x", "undeclared": "x"},
            "ParameterTypeMismatch",
            "parameters have inconsistent types : [a b]",
        ),
        (
            [spec("o", OBJECT, properties=KEYS), spec("p", OBJECT, properties=KEYS)],
            {"o": {"a": "1"}, "p": {"c": "1"}},
            "ObjectParameterMissKeys",
            "pipelineRun missing object keys for parameters: map[o:[b] p:[a b]]",
        ),
        (
            [spec("e", enum=("x", "y"))],
            {"e": "z"},
            "InvalidParamValue",
            "param `e` value: z is not in the enum list",
        ),
    ],
)
def test_problems_of_a_pipeline_run(
    specs: list[ParamSpec], given: dict[str, Value], reason: str, message: str
) -> None:
    assert check_pipeline_params(PipelineSpec(params=tuple(specs)), params(**given)) == ParamsProblem(
        reason, message
    )


def test_params_that_fit() -> None:
    specs = (
        spec("s", enum=("x",)),
        spec("empty", enum=("x",)),
        spec("l", ARRAY),
        spec("o", OBJECT, properties=KEYS, default={"b": "2"}),
        spec("free", OBJECT),
    )
    given = params(s="x", empty="", l=("1",), o={"a": "1"}, free={"any": "1"}, more=("1",))
    assert check_pipeline_params(PipelineSpec(params=specs), given) is None
    assert check_task_params(TaskSpec(params=specs), given) is None


PLACES = [
    PipelineTask(name="t", params=params(p="<$(params.l[5])>")),
    PipelineTask(name="t", params=params(p=("$(params['l'][5])",))),
    PipelineTask(name="t", params=params(p={"k": '$(params["l"][5])'})),
    PipelineTask(name="t", matrix=Matrix(params=params(p=("$(params.l[5])",)))),
    PipelineTask(name="t", workspaces=(PipelineTaskWorkspace(name="w", sub_path="$(params.l[5])"),)),
    PipelineTask(name="t", when=(When(input="$(params.l[5])", operator="in"),)),
    PipelineTask(name="t", when=(When(input="a", operator="in", values=("$(params.l[5])",)),)),
]


@pytest.mark.parametrize("task", PLACES)
def test_index_beyond_the_end_in_a_pipeline(task: PipelineTask) -> None:
    for pipeline in (PipelineSpec(tasks=(task,)), PipelineSpec(finally_=(task,))):
        problem = check_pipeline_params(pipeline, params(l=("a", "b")))
        assert problem is not None
        assert problem.reason == "ParamArrayIndexingInvalid"
        assert problem.message.startswith("non-existent param references:[$(params")
        assert check_pipeline_params(pipeline, params(l=("x",) * 6)) is None
        assert check_pipeline_params(pipeline, params(l="no array")) is None


def test_the_length_of_a_default_counts_where_nothing_is_given() -> None:
    declared = (spec("l", ARRAY, default=("a", "b")),)
    tasks = (PipelineTask(name="t", params=params(p="$(params.l[2]) $(params.l[1]) $(params.l[9])")),)
    pipeline = PipelineSpec(params=declared, tasks=tasks)
    assert check_pipeline_params(pipeline, ()) == ParamsProblem(
        "ParamArrayIndexingInvalid", "non-existent param references:[$(params.l[2]) $(params.l[9])]"
    )


INDEXED = "$(params.l[5])"
TASKS = [
    TaskSpec(steps=(Step(script=INDEXED),)),
    TaskSpec(steps=(Step(image=INDEXED),)),
    TaskSpec(steps=(Step(command=(INDEXED,)),)),
    TaskSpec(steps=(Step(args=(INDEXED,)),)),
    TaskSpec(steps=(Step(env=(Env(name="E", value=INDEXED),)),)),
    TaskSpec(steps=(Step(env=(Env(name="E", source={"secretKeyRef": {"name": INDEXED}}),)),)),
    TaskSpec(steps=(Step(env_from=({"prefix": INDEXED},)),)),
    TaskSpec(steps=(Step(volume_mounts=(VolumeMount(name="v", mount_path=INDEXED),)),)),
    TaskSpec(sidecars=(Sidecar(script=INDEXED),)),
    TaskSpec(step_template=Container(working_dir=INDEXED)),
    TaskSpec(
        volumes=(Volume(name="v", kind="projected", source={"sources": [{"secret": {"name": INDEXED}}]}),)
    ),
    TaskSpec(workspaces=(WorkspaceDeclaration(name="w", mount_path=INDEXED),)),
]


@pytest.mark.parametrize("task", TASKS)
def test_index_beyond_the_end_in_a_task(task: TaskSpec) -> None:
    assert check_task_params(task, params(l=("a",))) == ParamsProblem(
        "TaskRunValidationFailed", f"non-existent param references:[{INDEXED}]"
    )
    assert check_task_params(task, params(l=("a",) * 6)) is None


@pytest.mark.parametrize(
    ("specs", "given", "matrix", "message"),
    [
        ([spec("a")], {}, {}, "missing values for these params which have no default values: [a]"),
        ([spec("a", ARRAY)], {"a": "x"}, {}, "param types don't match the user-specified type: [a]"),
        ([spec("a", ARRAY)], {}, {"a": ("x",)}, "param types don't match the user-specified type: [a]"),
        (
            [spec("o", OBJECT, properties=KEYS)],
            {"o": {"a": "1"}},
            {},
            "missing keys for these params which are required in ParamSpec's properties map[o:[b]]",
        ),
    ],
)
def test_problems_of_a_task_run(
    specs: list[ParamSpec], given: dict[str, Value], matrix: dict[str, Value], message: str
) -> None:
    problem = check_task_params(
        TaskSpec(params=tuple(specs)), params(**given), task="t", matrix=params(**matrix)
    )
    assert problem == ParamsProblem("TaskRunValidationFailed", f"invalid input params for task t: {message}")


def test_matrix_and_results_to_come() -> None:
    task = TaskSpec(params=(spec("a"), spec("l", ARRAY)))
    given = params(l="$(tasks.t.results.r[*])")
    assert check_task_params(task, given, matrix=params(a=("x", "y"))) is None


def test_enum_of_a_task() -> None:
    problem = check_task_params(TaskSpec(params=(spec("e", enum=("x",)),)), params(e="y"))
    assert problem is not None
    assert problem.reason == "InvalidParamValue"
