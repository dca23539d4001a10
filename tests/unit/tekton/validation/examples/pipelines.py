"""Examples for T4xx: pipelines."""

from __future__ import annotations

from typing import Any

from tests.unit.tekton.validation.documents import (
    ALPHA,
    TASK_SPEC,
    Example,
    document,
    named,
    param,
    pipeline,
    pipeline_run,
    with_param,
)

_MATRIX = {"params": [param("m", ["1", "2"])]}


def _when(**when: Any) -> dict[str, Any]:
    return pipeline(named("a", when=[when]))


def _result(value: Any) -> dict[str, Any]:
    return pipeline(named("a"), named("b"), results=[{"name": "r", "value": value}])


def _finally(**further: Any) -> dict[str, Any]:
    return pipeline(named("a"), **{"finally": [named("f", **further), named("g")]})


def _produced(result: dict[str, Any], use: str) -> dict[str, Any]:
    producer = {"name": "a", "taskSpec": {**TASK_SPEC, "results": [result]}, "matrix": _MATRIX}
    return pipeline(producer, named("b", **with_param(use)))


_T = "spec.tasks[0]"
_ANY = ("description", "params", "resources", "tasks", "workspaces")

EXAMPLES = [
    Example(
        "T401",
        document("Pipeline", {}),
        document("Pipeline", {"description": "d"}),
        tuple(f"spec.{key}" for key in _ANY),
    ),
    Example("T402", pipeline(named("A")), pipeline(named("a-1")), (f"{_T}.name",)),
    Example(
        "T403",
        pipeline(named("a"), named("a")),
        pipeline(named("a"), named("b")),
        ("spec.tasks[1].name", "spec.tasks"),
    ),
    Example("T403", pipeline(named("a"), **{"finally": [named("a")]}), _finally(), ("spec.finally[0].name",)),
    Example(
        "T404",
        pipeline(named("a", taskSpec=TASK_SPEC)),
        pipeline(named("a")),
        (f"{_T}.taskRef", f"{_T}.taskSpec"),
    ),
    Example(
        "T405",
        pipeline({"name": "a"}),
        pipeline({"name": "a", "taskSpec": TASK_SPEC}),
        (f"{_T}.taskRef", f"{_T}.taskSpec"),
    ),
    Example(
        "T405",
        pipeline({"name": "a"}),
        pipeline({"name": "a", "pipelineSpec": {"tasks": [named("b")]}}),
        tuple(f"{_T}.{key}" for key in ("taskRef", "taskSpec", "pipelineRef", "pipelineSpec")),
        ALPHA,
    ),
    Example(
        "T406",
        pipeline({"name": "a", "taskSpec": {"kind": "K", "apiVersion": "a/v1", **TASK_SPEC}}),
        pipeline({"name": "a", "taskSpec": {"kind": "K", "apiVersion": "a/v1", "spec": {}}}),
        (f"{_T}.taskSpec.apiVersion",),
    ),
    Example(
        "T407",
        pipeline({"name": "a", "taskRef": {"kind": "K"}}),
        pipeline({"name": "a", "taskRef": {"kind": "K", "apiVersion": "a/v1"}}),
        (f"{_T}.taskRef.apiVersion",),
    ),
    Example(
        "T407",
        pipeline({"name": "a", "taskRef": {"kind": "K", "apiVersion": "v1"}}),
        pipeline({"name": "a", "taskRef": {"kind": "Task", "name": "t"}}),
        (f"{_T}.taskRef.apiVersion",),
    ),
    Example(
        "T407",
        pipeline({"name": "a", "taskSpec": {"apiVersion": "a/v1", "spec": {}}}),
        pipeline({"name": "a", "taskSpec": TASK_SPEC}),
        (f"{_T}.taskSpec.kind",),
    ),
    Example(
        "T408",
        pipeline(named("a", onError="Continue")),
        pipeline(named("a", onError="$(params.x)")),
        (f"{_T}.OnError",),
    ),
    Example(
        "T409",
        pipeline(named("a", onError="continue", retries=1)),
        pipeline(named("a", onError="continue", retries=0)),
        (),
    ),
    Example(
        "T410",
        pipeline(named("a", runAfter=["b"]), named("b", **with_param("$(tasks.a.results.r)"))),
        pipeline(named("a"), named("b", **with_param("$(tasks.a.results.r)"))),
        ("spec.tasks",),
    ),
    Example("T410", pipeline(named("a", runAfter=["a"])), pipeline(named("a", runAfter=[])), ("spec.tasks",)),
    Example(
        "T411",
        pipeline(named("a", runAfter=["b"])),
        pipeline(named("a", runAfter=["b"]), named("b")),
        ("spec.tasks",),
    ),
    Example(
        "T411",
        pipeline(
            {
                "name": "a",
                "taskSpec": {
                    "steps": [{"image": "i", "env": [{"name": "E", "value": "$(tasks.b.results.r)"}]}]
                },
            }
        ),
        pipeline(
            {
                "name": "a",
                "taskSpec": {"steps": [{"image": "i", "env": [{"name": "E", "value": "$(tasks.b.status)"}]}]},
            }
        ),
        ("spec.tasks",),
    ),
    Example(
        "T411",
        pipeline(named("a", when=[{"input": "$(tasks.b.results.r)", "operator": "in", "values": ["x"]}])),
        pipeline(
            named("b"),
            named("a", when=[{"input": "$(tasks.b.results.r)", "operator": "in", "values": ["x"]}]),
        ),
        ("spec.tasks",),
    ),
    Example(
        "T413",
        pipeline(named("a", workspaces=[{"name": "w"}])),
        pipeline(named("a", workspaces=[{"name": "w", "workspace": "x"}]), workspaces=[{"name": "x"}]),
        (f"{_T}.workspaces[0]",),
    ),
    Example(
        "T413",
        pipeline_run(
            "v1beta1", pipelineSpec={"tasks": [named("a", workspaces=[{"name": "w", "workspace": "x"}])]}
        ),
        pipeline_run("v1beta1", pipelineSpec={"tasks": [named("a", workspaces=[{"name": "w"}])]}),
        ("spec[0].workspaces[0]",),
    ),
    Example(
        "T414",
        pipeline(named("a", workspaces=[{"name": "w"}] * 2), workspaces=[{"name": "w"}]),
        pipeline(named("a", workspaces=[{"name": "w"}]), workspaces=[{"name": "w"}]),
        (f"{_T}.workspaces[1]",),
    ),
    Example(
        "T415",
        pipeline(named("a"), workspaces=[{"name": ""}]),
        pipeline(named("a"), workspaces=[{"name": "w"}]),
        ("spec.workspaces[0]",),
    ),
    Example(
        "T415",
        pipeline(named("a"), workspaces=[{"name": "w"}] * 2),
        pipeline(named("a"), workspaces=[{"name": "w"}, {"name": "W"}]),
        ("spec.workspaces[1]",),
    ),
    Example("T416", _result("x"), _result("$(tasks.a.results.x) x"), ("spec.results[0].value",)),
    Example(
        "T416",
        _result("x $(tasks.a.results.x)"),
        _result(["$(tasks.a.results.x)"]),
        ("spec.results[0].value",),
    ),
    Example(
        "T417",
        _result("$(tasks.a.results.x.y.z)"),
        _result("$(tasks.a.results.x.y)"),
        ("spec.results[0].value",),
    ),
    Example(
        "T418", _result("$(tasks.c.results.x)"), _result("$(tasks.b.results.x)"), ("spec.results[0].value",)
    ),
    Example(
        "T418",
        _result("$(finally.a.results.x)"),
        pipeline(
            named("a"),
            results=[{"name": "r", "value": "$(finally.f.results.x)"}],
            **{"finally": [named("f")]},
        ),
        ("spec.results[0].value",),
    ),
    Example("T419", document("Pipeline", {"finally": [named("f")]}), _finally(), ("spec.finally",)),
    Example("T420", _finally(runAfter=["a"]), _finally(runAfter=[]), ("spec.finally[0]",)),
    Example(
        "T421",
        _finally(**with_param("$(tasks.g.results.r)")),
        _finally(**with_param("$(tasks.a.results.r)")),
        ("spec.finally[0].params[p].value",),
    ),
    Example(
        "T421",
        _finally(when=[{"input": "$(tasks.x.results.r)", "operator": "in", "values": ["a"]}]),
        _finally(when=[{"input": "$(tasks.a.results.r)", "operator": "in", "values": ["a"]}]),
        ("spec.finally[0].when[0]",),
    ),
    Example(
        "T422",
        pipeline(named("a", **with_param("$(tasks.status)"))),
        _finally(**with_param("$(tasks.status)")),
        (f"{_T}.params[p].value",),
    ),
    Example(
        "T422",
        pipeline(named("a", **with_param("$(tasks.b.reason)"))),
        _finally(**with_param("$(tasks.a.reason)")),
        (f"{_T}.params[p].value",),
    ),
    Example(
        "T423",
        _finally(**with_param("$(tasks.b.status)")),
        _finally(**with_param("$(tasks.a.status)")),
        ("spec.finally[0].params[p].value",),
    ),
    Example("T424", _when(), _when(input="a", operator="in", values=["a"]), (f"{_T}.when[0]",)),
    Example(
        "T425",
        _when(input="a", operator="In", values=["a"]),
        _when(input="", operator="notin", values=["a"]),
        (f"{_T}.when[0]",),
    ),
    Example(
        "T426",
        _when(input="a", operator="in", values=[]),
        _when(input="a", operator="in", values=[""]),
        (f"{_T}.when[0]",),
    ),
    Example("T427", _when(cel="1 == 1", input="a"), _when(cel="1 == 1"), (), ALPHA),
    Example("T428", _when(cel="$(params.x) == 'y'"), _when(cel="'$(params.x)' == 'y'"), (), ALPHA),
    Example("T428", _when(cel="branch == 'y'"), _when(cel="['y'].exists(b, b == 'y')"), (), ALPHA),
    Example("T428", _when(cel="'3' == 3"), _when(cel="int('x') == 3"), (), ALPHA),
    Example("T428", _when(cel="'a' + 1 == 'b'"), _when(cel="'a' + 'b' == 'b'"), (), ALPHA),
    Example(
        "T429",
        pipeline(named("a", matrix={"params": [param("m", ["x"] * 257)]})),
        pipeline(named("a", matrix={"params": [param("m", ["x"] * 256)]})),
        (f"{_T}.matrix",),
    ),
    Example(
        "T429",
        pipeline(
            named(
                "a", matrix={"params": [param("m", ["x"] * 256)], "include": [{"params": [param("m", "y")]}]}
            )
        ),
        pipeline(
            named(
                "a", matrix={"params": [param("m", ["x"] * 256)], "include": [{"params": [param("m", "x")]}]}
            )
        ),
        (f"{_T}.matrix",),
    ),
    Example(
        "T431",
        pipeline(named("a", matrix=_MATRIX, **with_param("1", "m"))),
        pipeline(named("a", matrix=_MATRIX, **with_param("1", "n"))),
        (f"{_T}.matrix[m]", f"{_T}.params[m]"),
    ),
    Example(
        "T432",
        pipeline(named("a", matrix=_MATRIX), named("b", **with_param("$(tasks.a.results.r)"))),
        pipeline(named("a", matrix=_MATRIX), named("b", **with_param("$(tasks.a.results.r[*])"))),
        (),
    ),
    Example(
        "T433",
        _produced({"name": "r", "type": "array"}, "$(tasks.a.results.r[*])"),
        _produced({"name": "r"}, "$(tasks.a.results.r[*])"),
        ("spec.tasks",),
    ),
]
