"""Runs that are refused before anything starts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from holkas.model.catalog import Catalog
from holkas.model.param import Param, ParamSpec, ResultSpec
from holkas.model.pipeline import CustomTaskSpec, MatrixInclude, Pipeline, PipelineSpec, PipelineTask
from holkas.model.reference import Reference
from holkas.model.run import PipelineRun, StepOverride, TaskRun, TaskRunSettings
from holkas.model.step import Sidecar, Step
from holkas.model.task import Task, TaskSpec
from holkas.model.value import ValueType
from holkas.model.workspace import PipelineTaskWorkspace, WorkspaceBinding, WorkspaceDeclaration
from holkas.pipeline.admission import refuse, refuse_task_run, resolved_task

from tests.pipeline_runs import pipeline, task

BUILD = TaskSpec(
    steps=(Step(name="s"),),
    params=(ParamSpec(name="x", default="d"), ParamSpec(name="list", type=ValueType.ARRAY, default=())),
    results=(ResultSpec(name="r"),),
)
CATALOG = Catalog(tasks={"build": Task(name="build", spec=BUILD)})
DATA = WorkspaceDeclaration(name="data")


def build(name: str = "a", *after: str, **params: str) -> PipelineTask:
    return replace(task(name, *after, **params), ref=Reference(name="build"))


def run(spec: PipelineSpec, **changes: object) -> PipelineRun:
    return replace(PipelineRun(name="r", namespace="ns", spec=spec), **changes)  # type: ignore[arg-type]  # test shorthand


def refusal(spec: PipelineSpec, **changes: object) -> tuple[str, str]:
    condition = refuse(run(spec, **changes), spec, CATALOG)
    assert condition is not None
    assert condition.status == "False"
    return condition.reason, condition.message


def test_a_sound_run_is_let_through() -> None:
    spec = replace(
        pipeline(
            build(), build("b", x="$(tasks.a.results.r)"), last=[build("f")], out="$(tasks.b.results.r)"
        ),
        workspaces=(DATA, WorkspaceDeclaration(name="opt", optional=True)),
    )
    bindings = (WorkspaceBinding(name="data", kind="emptyDir"),)
    assert refuse(run(spec, workspaces=bindings), spec, CATALOG) is None


def test_a_pipeline_that_is_not_there() -> None:
    condition = refuse(PipelineRun(name="r", ref=Reference(name="p")), None, CATALOG)
    assert condition is not None
    assert condition.reason == "CouldntGetPipeline"
    assert condition.message.endswith('pipelines.tekton.dev "p" not found')
    assert refuse(PipelineRun(name="r"), None, CATALOG) is not None


def test_graphs() -> None:
    assert refusal(pipeline(build("a", "a"))) == (
        "PipelineInvalidGraph",
        'PipelineRun ns/r\'s Pipeline DAG is invalid: cycle detected; task "a" depends on "a"',
    )
    reason, message = refusal(pipeline(build(), last=[build("f"), build("f")]))
    assert reason == "PipelineInvalidGraph"
    assert "for finally clause: task f is already present" in message


def test_params() -> None:
    declared = replace(pipeline(build()), params=(ParamSpec(name="must"),))
    assert refusal(declared) == (
        "ParameterMissing",
        "PipelineRun ns/r is missing some parameters required by Pipeline ns/r: "
        "pipelineRun missing parameters: [must]",
    )
    given = (Param(name="must", value=("a",)),)
    assert refusal(declared, params=given)[0] == "ParameterTypeMismatch"
    assert refusal(declared, params=given, ref=Reference(name="p"))[1].startswith(
        "PipelineRun ns/r parameters have mismatching types with Pipeline ns/p's parameters: "
    )


def test_defaults_in_a_circle() -> None:
    specs = (ParamSpec(name="a", default="$(params.b)"), ParamSpec(name="b", default="$(params.a)"))
    reason, message = refusal(replace(pipeline(build()), params=specs))
    assert reason == "PipelineValidationFailed"
    assert "circular" in message


def test_workspaces_and_settings() -> None:
    reason, message = refusal(replace(pipeline(build()), workspaces=(DATA,)))
    assert reason == "InvalidWorkspaceBindings"
    assert message.endswith('pipeline requires workspace with name "data" be provided by pipelinerun')
    reason, message = refusal(pipeline(build()), task_settings=(TaskRunSettings(pipeline_task="no"),))
    assert reason == "InvalidTaskRunSpecs"
    assert message.endswith('defined wrong taskName: "no", does not exist in Pipeline')


@pytest.mark.parametrize(
    ("lost", "words"),
    [
        (replace(task("a"), ref=Reference(name="no")), 'Couldn\'t retrieve Task "no"'),
        (replace(task("a"), ref=Reference(resolver="git")), 'through the resolver "git"'),
        (replace(task("a"), ref=Reference(name="build", api_version="x.dev/v1", kind="X")), "custom task"),
        (replace(task("a"), custom_spec=CustomTaskSpec(api_version="x.dev/v1", kind="X")), "custom task"),
    ],
)
def test_tasks_that_are_not_there(lost: PipelineTask, words: str) -> None:
    reason, message = refusal(pipeline(lost))
    assert reason == "CouldntGetTask"
    assert words in message


def test_tasks_that_are_found_later_or_elsewhere() -> None:
    spec = pipeline(
        build(),
        replace(task("child"), pipeline_spec=PipelineSpec()),
        replace(task("other"), pipeline_ref=Reference(name="p")),
        replace(task("named"), ref=Reference(name="$(tasks.a.results.r)")),
        build("b", x="$(tasks.child.results.whatever)"),
    )
    assert refuse(run(spec), spec, CATALOG) is None
    assert resolved_task(replace(task("e"), task_spec=BUILD), CATALOG) is BUILD
    assert resolved_task(task("nothing"), CATALOG) is None
    assert resolved_task(
        replace(task("k"), ref=Reference(name="build", api_version="tekton.dev/v1")), CATALOG
    )


def test_names_of_tasks_may_come_from_params() -> None:
    spec = replace(
        pipeline(replace(task("a"), ref=Reference(name="$(params.which)"))), params=(ParamSpec(name="which"),)
    )
    assert refuse(run(spec, params=(Param(name="which", value="build"),)), spec, CATALOG) is None


def test_params_of_tasks() -> None:
    reason, message = refusal(pipeline(build(list="one")))
    assert reason == "PipelineValidationFailed"
    assert message.startswith(
        "Validation failed for pipelinerun r with error invalid input params for task build"
    )
    assert refuse(run(pipeline(build(list="$(tasks.b.results.r)"), build("b"))), None, CATALOG) is not None
    assert (
        refuse(run(pipeline(build())), pipeline(build(list="$(tasks.b.results.r)"), build("b")), CATALOG)
        is None
    )
    matrixed = build()
    matrix = task("m", matrix={"x": ("1",)}).matrix
    assert matrix is not None
    include = (MatrixInclude(params=(Param(name="list", value="1"),)),)
    reason, _ = refusal(pipeline(replace(matrixed, matrix=replace(matrix, include=include))))
    assert reason == "PipelineValidationFailed"


def test_results_that_no_task_has() -> None:
    reason, message = refusal(pipeline(build(), build("b", x="$(tasks.a.results.no)")))
    assert reason == "InvalidTaskResultReference"
    assert message == (
        'invalid result reference in pipeline task "b": "no" is not a named result returned by pipeline task "a"'
    )
    reason, message = refusal(pipeline(build(), last=[build("f", x="$(tasks.ghost.results.r)")]))
    assert message.endswith('referenced pipeline task "ghost" does not exist')
    reason, message = refusal(pipeline(build(), out="$(tasks.a.results.no)"))
    assert reason == "InvalidPipelineResultReference"
    assert message.endswith(
        'invalid pipeline result "out": "no" is not a named result returned by pipeline task "a"'
    )


@pytest.mark.parametrize("usage", ["", "opt"])
def test_an_optional_workspace_for_a_task_that_requires_it(usage: str) -> None:
    name = "opt" if not usage else "data"
    spec = TaskSpec(steps=(Step(),), workspaces=(WorkspaceDeclaration(name=name),))
    needs = replace(
        task("a"), task_spec=spec, workspaces=(PipelineTaskWorkspace(name=name, workspace=usage),)
    )
    reason, message = refusal(
        replace(pipeline(needs), workspaces=(WorkspaceDeclaration(name="opt", optional=True),))
    )
    assert reason == "RequiredWorkspaceMarkedOptional"
    assert message.endswith(
        'pipeline workspace "opt" is marked optional but pipeline task "a" requires it be provided'
    )


def test_a_pipeline_by_name() -> None:
    catalog = Catalog(tasks=CATALOG.tasks, pipelines={"p": Pipeline(name="p", spec=pipeline(build()))})
    assert (
        refuse(PipelineRun(name="r", ref=Reference(name="p")), catalog.pipelines["p"].spec, catalog) is None
    )


TASK = TaskSpec(
    steps=(Step(name="s"),),
    sidecars=(Sidecar(name="c"),),
    params=(ParamSpec(name="must"),),
    workspaces=(DATA, WorkspaceDeclaration(name="opt", optional=True)),
)
GIVEN = (Param(name="must", value="v"),)
BOUND = (WorkspaceBinding(name="data", kind="emptyDir"),)


def test_a_sound_task_run_is_let_through() -> None:
    settings = TaskRunSettings(
        step_overrides=(StepOverride(name="s"),), sidecar_overrides=(StepOverride(name="c"),)
    )
    assert refuse_task_run(TaskRun(name="t", params=GIVEN, workspaces=BOUND, settings=settings), TASK) is None


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        (TaskRun(name="t", workspaces=BOUND, ref=Reference(name="k")), "invalid input params for task k: "),
        (TaskRun(name="t", params=GIVEN), 'declared workspace "data" is required but has not been bound'),
        (
            TaskRun(
                name="t", params=GIVEN, workspaces=(*BOUND, WorkspaceBinding(name="no", kind="emptyDir"))
            ),
            'workspace binding "no" does not match any declared workspace',
        ),
        (
            TaskRun(
                name="t",
                params=GIVEN,
                workspaces=BOUND,
                settings=TaskRunSettings(step_overrides=(StepOverride(name="no"),)),
            ),
            "invalid StepOverride: No Step named no",
        ),
        (
            TaskRun(
                name="t",
                params=GIVEN,
                workspaces=BOUND,
                settings=TaskRunSettings(sidecar_overrides=(StepOverride(name="no"),)),
            ),
            "invalid SidecarOverride: No Sidecar named no",
        ),
    ],
)
def test_task_runs_that_are_refused(refused: TaskRun, words: str) -> None:
    condition = refuse_task_run(refused, TASK)
    assert condition is not None
    assert condition.reason == "TaskRunValidationFailed"
    assert words in condition.message


def test_a_task_that_is_not_there() -> None:
    condition = refuse_task_run(TaskRun(name="t", ref=Reference(name="k")), None)
    assert condition is not None
    assert condition.reason == "TaskRunResolutionFailed"
    assert refuse_task_run(TaskRun(name="t"), None) is not None
