"""Examples for T3xx: parameters and the use of variables."""

from __future__ import annotations

from typing import Any

from tests.unit.tekton.validation.documents import (
    ALPHA,
    STEP,
    Example,
    named,
    param,
    pipeline,
    pipeline_run,
    step_action,
    task,
    task_run,
    with_param,
)

_LIST = {"name": "list", "type": "array"}
_REPO = {"name": "repo", "properties": {"url": {}}}


def _using(text: str, *params: dict[str, Any], key: str = "script", **spec: Any) -> dict[str, Any]:
    value: Any = [text] if key in ("args", "command") else text
    return task(steps=[{"image": "i", key: value}], params=list(params), **spec)


def _given(value: Any, *params: dict[str, Any]) -> dict[str, Any]:
    return pipeline(named("a", **with_param(value)), params=list(params))


_S = "spec.steps[0].script"
_A = "spec.steps[0].args[0]"
_P = "spec.tasks[0].params[p]"

EXAMPLES = [
    Example(
        "T301",
        task(params=[{"name": "p", "type": "String"}]),
        task(params=[{"name": "p", "type": "string"}]),
        ("spec.params.p.type",),
    ),
    Example(
        "T302",
        task(params=[{"name": "p", "type": "array", "default": "x"}]),
        task(params=[{"name": "p", "type": "array", "default": []}]),
        ("spec.params.p.type", "spec.params.p.default.type"),
    ),
    Example(
        "T303",
        task(params=[{"name": "p", "properties": {"k": {"type": "array"}}}]),
        task(params=[{"name": "p", "properties": {"k": {}}}]),
        ("spec.params.p.properties",),
    ),
    Example(
        "T304",
        task(params=[{"name": "p"}] * 2),
        task(params=[{"name": "p"}, {"name": "P"}]),
        ("spec.params[p]",),
    ),
    Example(
        "T305",
        task(params=[{"name": "p", "type": "array", "enum": ["a"]}]),
        task(params=[{"name": "p", "enum": ["a"]}]),
        ("spec.params[p]",),
        ALPHA,
    ),
    Example(
        "T306",
        task(params=[{"name": "p", "enum": ["a", "a"]}]),
        task(params=[{"name": "p", "enum": ["a", "A"]}]),
        ("spec.params[p]",),
        ALPHA,
    ),
    Example(
        "T307",
        task(params=[{"name": "p", "enum": ["a"], "default": "b"}]),
        task(params=[{"name": "p", "enum": ["a"], "default": "a"}]),
        ("spec.params[p]",),
        ALPHA,
    ),
    Example("T308", task(params=[{"name": "1p"}]), task(params=[{"name": "_p.q-1"}]), ("spec.params",)),
    Example("T309", task(params=[{**_REPO, "name": "a.b"}]), task(params=[_REPO]), ("spec.params",)),
    Example(
        "T309",
        task(params=[{"name": "p", "properties": {"a b": {}}}]),
        task(params=[{"name": "p", "properties": {"a-b": {}}}]),
        ("spec.params",),
    ),
    Example(
        "T310",
        task(params=[{"name": "p", "type": "object"}]),
        task(params=[{"name": "p", "type": "object", "properties": {}}]),
        ("spec.p.properties",),
    ),
    Example(
        "T310",
        task_run(
            taskSpec={"steps": [STEP], "params": [{"name": "p", "type": "object"}]},
            params=[param("p", {"a": "1"})],
        ),
        task_run(taskSpec={"steps": [STEP]}, params=[param("p", {"a": "1"})]),
        ("spec.p.properties",),
    ),
    Example("T311", _using("$(params.x)"), _using("$(params.x)", {"name": "x"}), (_S,), within="$(params.x)"),
    Example("T311", _using('$(params["x"])'), _using("$(params['x.y'])", {"name": "x.y"}), (_S,)),
    Example("T311", _using("$(params.repo.uri)", _REPO), _using("$(params.repo.url)", _REPO), (_S,)),
    Example("T311", _using("$(results.r.path)"), _using("$(results.r.path)", results=[{"name": "r"}]), (_S,)),
    Example("T311", _using("$(context.taskRun.nam)"), _using("$(context.task.retry-count)"), (_S,)),
    Example(
        "T311",
        task(steps=[{**STEP, "volumeMounts": [{"name": "v", "mountPath": "/$(params.x)"}]}]),
        task(
            steps=[{**STEP, "volumeMounts": [{"name": "v", "mountPath": "/$(params.x)"}]}],
            params=[{"name": "x"}],
        ),
        ("spec.steps[0].volumeMount[0].MountPath",),
    ),
    Example(
        "T311",
        task(steps=[{**STEP, "results": [{"name": "r"}], "script": "$(step.results.s.path)"}]),
        task(steps=[{**STEP, "results": [{"name": "r"}], "script": "$(step.results.r.path)"}]),
        (_S,),
    ),
    Example(
        "T311",
        step_action(script="$(results.s.path)", results=[{"name": "r"}]),
        step_action(script="$(results.r.path)", results=[{"name": "r"}]),
        ("spec.script",),
    ),
    Example("T311", _given("$(params.x)"), _given("$(params.x)", {"name": "x"}), (_P,)),
    Example("T311", _given("$(params.x[*])"), _given("$(params.list[*])", _LIST), (_P,)),
    Example("T311", _given(["$(params.x)"]), _given(["$(params.list[*])"], _LIST), (f"{_P}.value[0]",)),
    Example(
        "T311",
        _given({"k": "$(params.x)"}),
        _given({"k": "$(params.repo.url)"}, _REPO),
        (f"{_P}.properties[k]",),
    ),
    Example(
        "T311",
        pipeline(named("a", when=[{"input": "$(params.x)", "operator": "in", "values": ["a"]}])),
        pipeline(
            named("a", when=[{"input": "x", "operator": "in", "values": ["$(params.list[*])"]}]),
            params=[_LIST],
        ),
        ("spec.tasks[0].when[0].input",),
    ),
    Example(
        "T311",
        pipeline(named("a", matrix={"params": [param("m", ["$(params.x)"])]})),
        pipeline(named("a", matrix={"params": [param("m", ["$(params.list[0])"])]}), params=[_LIST]),
        ("spec.tasks[0].matrix.params[m].value[0]",),
    ),
    Example(
        "T311",
        pipeline(named("a", matrix={"include": [{"name": "i", "params": [param("m", "$(params.x)")]}]})),
        pipeline(named("a", matrix={"include": [{"name": "i", "params": [param("m", "x")]}]})),
        ("spec.tasks[0].matrix.include.params[0]",),
    ),
    Example(
        "T311",
        _given("$(context.pipelineRun.nam)"),
        _given("$(context.pipelineRun.uid)"),
        ("spec.tasks.value",),
    ),
    Example(
        "T311",
        pipeline({"name": "a", "taskSpec": {"steps": [{"image": "i", "script": "$(params.x)"}]}}),
        pipeline(
            {"name": "a", "taskSpec": {"steps": [{"image": "i", "script": "$(params.x)"}]}},
            params=[{"name": "x"}],
        ),
        ("spec.tasks[0].steps[0].script",),
    ),
    Example(
        "T311",
        pipeline_run(
            pipelineSpec={"tasks": [{"name": "a", "taskSpec": {"steps": [{"image": "$(params.x)"}]}}]}
        ),
        pipeline_run(
            pipelineSpec={"tasks": [{"name": "a", "taskSpec": {"steps": [{"image": "$(params.x)"}]}}]},
            params=[param("x", "i")],
        ),
        ("spec.steps[0].image",),
    ),
    Example("T312", _using("$(params.list)", _LIST), _using("$(params.list[0])", _LIST), (_S,)),
    Example(
        "T312",
        _using("$(params.repo)", _REPO, key="args"),
        _using("$(params.repo.url)", _REPO, key="args"),
        (_A,),
    ),
    Example("T312", _given("x $(params.list[*])", _LIST), _given("x $(params.list[0])", _LIST), (_P,)),
    Example("T312", _given("x $(params.repo[*])", _REPO), _given("$(params.repo[*])", _REPO), (_P,)),
    Example(
        "T312",
        task(steps=[{"image": "$(params.list)"}, STEP], params=[_LIST]),
        task(steps=[{"image": "$(params.list[1])"}, STEP], params=[_LIST]),
        ("spec.steps[1].steps[0].image",),
    ),
    Example(
        "T313",
        _using("x$(params.list[*])", _LIST, key="args"),
        _using("$(params.list[*])", _LIST, key="args"),
        (_A,),
    ),
    Example(
        "T313",
        _given(["x $(params.list[*])"], _LIST),
        _given(["x $(params.list[0])"], _LIST),
        (f"{_P}.value[0]",),
    ),
    Example(
        "T314",
        _using("$(params.a.b.c)", {"name": "a"}),
        _using('$(params["a.b.c"])', {"name": "a.b.c"}),
        (_S,),
    ),
    Example("T315", _given("$(ls)"), _given("${ls}"), (f"{_P}.value",), within="$(ls)"),
    Example(
        "T315",
        pipeline(named("a", when=[{"input": "$(steps.a)", "operator": "in", "values": ["a"]}])),
        pipeline(named("a", when=[{"input": "$(context.pipeline.name)", "operator": "in", "values": ["a"]}])),
        ("spec.tasks[0].when[0]",),
    ),
    Example(
        "T316",
        pipeline_run(params=[param("p", "$(tasks.a.results.b)")]),
        pipeline_run(params=[param("p", "$(tasks.a.b)")]),
        ("spec.params[p].value",),
    ),
]
