from __future__ import annotations

import pytest
from holkas.model.param import Param
from holkas.model.pipeline import Matrix, MatrixInclude, PipelineTask
from holkas.model.reference import Reference as TaskReference
from holkas.model.step import Env, Sidecar, Step
from holkas.model.task import TaskSpec
from holkas.model.when import When
from holkas.model.workspace import PipelineTaskWorkspace
from holkas.pipeline.references import (
    Reference,
    ResultReference,
    parse_reference,
    parse_result_reference,
    references_in,
    references_in_value,
    result_references,
    result_references_in,
)
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "scope", "names", "index", "star"),
    [
        ("params.x", "params", ("x",), None, False),
        ('params["a.b"]', "params", ("a.b",), None, False),
        ("params['a.b'][2]", "params", ("a.b",), 2, False),
        ("params.x[*]", "params", ("x",), None, True),
        ("params.obj.key", "params", ("obj", "key"), None, False),
        ("tasks.t.results.r[12]", "tasks", ("t", "results", "r"), 12, False),
        ('tasks.t.results["r.s"]', "tasks", ("t", "results", "r.s"), None, False),
        ("tasks.t.status", "tasks", ("t", "status"), None, False),
        ("tasks.status", "tasks", ("status",), None, False),
        ("tasks.t.matrix.r.length", "tasks", ("t", "matrix", "r", "length"), None, False),
        ("tasks.t.outputs.image", "tasks", ("t", "outputs", "image"), None, False),
        ("workspaces.w.path", "workspaces", ("w", "path"), None, False),
        ("context.task.retry-count", "context", ("task", "retry-count"), None, False),
        ("steps.step-a.exitCode.path", "steps", ("step-a", "exitCode", "path"), None, False),
        ("step.results.r.path", "step", ("results", "r", "path"), None, False),
        ('results["a.b"].path', "results", ("a.b", "path"), None, False),
        ("artifacts.path", "artifacts", ("path",), None, False),
    ],
)
def test_parts(text: str, scope: str, names: tuple[str, ...], index: int | None, star: bool) -> None:
    assert parse_reference(text) == Reference(text, scope, names, index, star)


@pytest.mark.parametrize("text", ["ls -l", "", "1+2", "params.x[1", "params[x]", "a b", "$x"])
def test_no_reference(text: str) -> None:
    assert parse_reference(text) is None


def test_all_references_of_a_text_in_order() -> None:
    text = "$$(params.a) $(date) $(ls -l) $(params['b'][0])$(params.c"
    assert [ref.text for ref in references_in(text)] == ["params.a", "date", "params['b'][0]"]
    assert list(references_in("nothing")) == []


def test_references_of_values() -> None:
    assert [ref.text for ref in references_in_value("$(a)")] == ["a"]
    assert [ref.text for ref in references_in_value(["$(a)", "x", "$(b)"])] == ["a", "b"]
    assert [ref.text for ref in references_in_value({"$(no)": "$(a)"})] == ["a"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tasks.t.results.r", ResultReference("t", "r", text="tasks.t.results.r")),
        ("tasks.t.results.r[*]", ResultReference("t", "r", star=True, text="tasks.t.results.r[*]")),
        ("tasks.t.results.r[3]", ResultReference("t", "r", index=3, text="tasks.t.results.r[3]")),
        ("tasks.t.results.r.k", ResultReference("t", "r", key="k", text="tasks.t.results.r.k")),
        ("finally.t.results.r", ResultReference("t", "r", text="finally.t.results.r")),
        ("tasks.t.results.r.k.more", None),
        ("tasks.t.status", None),
        ("steps.t.results.r", None),
        ("params.results.results.r", None),
    ],
)
def test_result_reference(text: str, expected: ResultReference | None) -> None:
    assert parse_result_reference(text) == expected


def test_bracket_notation_is_no_reference_to_a_result() -> None:
    assert list(result_references_in("$(tasks.t.results['r'])")) == []


def result(name: str) -> str:
    return f"$(tasks.{name}.results.r)"


def test_places_of_a_pipeline_task_in_which_results_are_found() -> None:
    task = PipelineTask(
        name="t",
        ref=TaskReference(name=result("nowhere"), params=(Param(name="p", value=result("nowhere")),)),
        params=(Param(name="p", value=(result("array"),)), Param(name="o", value={"k": result("object")})),
        matrix=Matrix(
            params=(Param(name="m", value=result("matrix")),),
            include=(MatrixInclude(params=(Param(name="i", value=result("include")),)),),
        ),
        when=(
            When(input=result("input"), operator="in", values=(result("values"),)),
            When(cel=result("cel")),
        ),
        workspaces=(PipelineTaskWorkspace(name="w", sub_path=result("nowhere")),),
        display_name=result("nowhere"),
        description=result("nowhere"),
        on_error=result("nowhere"),
        task_spec=TaskSpec(
            steps=(
                Step(
                    name=result("step"),
                    script=result("script"),
                    args=(result("args"),),
                    env=(
                        Env(name="E", value=result("env")),
                        Env(name="S", source={"secretKeyRef": {"name": result("secret"), "key": "k"}}),
                    ),
                ),
            ),
            sidecars=(Sidecar(script=result("sidecar")),),
            description=result("nowhere"),
        ),
    )
    places = "array object matrix include input cel values step script args env secret sidecar"
    assert sorted(ref.task for ref in result_references(task)) == sorted(places.split())


NAME = st.from_regex(r"\A[a-z][a-z0-9-]{0,8}\Z")


@given(NAME, NAME, st.one_of(st.just(""), st.just("[*]"), st.integers(0, 99).map(lambda i: f"[{i}]")))
def test_result_references_survive_in_any_text(task: str, name: str, suffix: str) -> None:
    reference = f"tasks.{task}.results.{name}{suffix}"
    found = list(result_references_in(f"a $( b $({reference}) c)"))
    assert [(ref.task, ref.result, ref.text) for ref in found] == [(task, name, reference)]
