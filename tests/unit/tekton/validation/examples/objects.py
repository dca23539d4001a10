"""Examples for T1xx: objects as such, references, features and runs."""

from __future__ import annotations

from dataclasses import replace

from holkas_compat.tekton.validation import FeatureFlags

from tests.unit.tekton.validation.documents import (
    ALPHA,
    BETA,
    STABLE,
    TASK_SPEC,
    Example,
    custom_run,
    document,
    named,
    param,
    pipeline,
    pipeline_run,
    policy,
    step_action,
    task,
    task_run,
    task_with_step,
)

_NO_INLINE = FeatureFlags(no_inline_spec=frozenset({"taskrun", "pipelinerun", "pipeline"}))
_CONCISE = replace(BETA, concise_resolver=True)
_URL = {"name": "https://example.com/t", "resolver": "http"}
_SOURCES = tuple(
    f"spec.workspaces[0].{name}"
    for name in ("persistentvolumeclaim", "volumeclaimtemplate", "emptydir", "configmap", "secret")
)


def _bound(**source: object) -> dict[str, object]:
    return {"workspaces": [{"name": "w", **source}]}


def _started(document: dict[str, object]) -> dict[str, object]:
    return {**document, "status": {"startTime": "2024-01-01T00:00:00Z"}}


EXAMPLES = [
    Example(
        "T101",
        document("Task", TASK_SPEC, name="Big"),
        document("Task", TASK_SPEC, name="a.b-1"),
        ("metadata.name",),
    ),
    Example(
        "T101",
        document("Task", TASK_SPEC, name="a" * 64),
        document("Task", TASK_SPEC, name="a" * 63),
        ("metadata.name",),
    ),
    Example(
        "T101",
        document("Task", TASK_SPEC, metadata={}),
        document("Task", TASK_SPEC, metadata={"generateName": "A-"}),
        ("metadata.name",),
    ),
    Example(
        "T102",
        task_run(taskRef={"kind": "Task"}),
        task_run(taskRef={"name": "t"}),
        ("spec.taskRef.name",),
    ),
    Example(
        "T102",
        task_run(taskRef={"params": []}),
        task_run(taskRef={"resolver": "git", "params": []}),
        ("spec.taskRef.resolver",),
    ),
    Example(
        "T102",
        task_run(taskRef={"name": "https://a/b"}),
        task_run(taskRef={"name": "a/b"}),
        ("spec.taskRef.resolver",),
        _CONCISE,
    ),
    Example(
        "T102",
        task_run(**_bound(configMap={})),
        task_run(**_bound(configMap={"name": "c"})),
        ("spec.workspaces[0].configmap.name",),
    ),
    Example(
        "T102",
        task_run(stepSpecs=[{"name": ""}]),
        task_run(stepSpecs=[{"name": "a"}]),
        ("spec.stepSpecs[0].name",),
    ),
    Example(
        "T104",
        document("CustomRun", {}, "v1beta1"),
        custom_run(),
        ("spec.customRef", "spec.customSpec"),
    ),
    Example(
        "T102",
        custom_run(customRef={"apiVersion": "a/v1"}),
        custom_run(),
        ("spec.customRef.kind",),
    ),
    Example("T102", policy(resources=[]), policy(), ("resources",)),
    Example(
        "T103",
        task_run(taskRef={"name": "t"}, taskSpec=TASK_SPEC),
        task_run(taskSpec=TASK_SPEC),
        ("spec.taskRef", "spec.taskSpec"),
    ),
    Example(
        "T103",
        task_run(taskRef={"name": "t", "resolver": "git", "params": []}),
        task_run(taskRef={"resolver": "git", "params": []}),
        ("spec.taskRef.name", "spec.taskRef.params"),
    ),
    Example(
        "T103",
        task_run(**_bound(emptyDir={}, configMap={"name": "c"})),
        task_run(**_bound(emptyDir={})),
        _SOURCES,
    ),
    Example(
        "T103",
        task_run(
            computeResources={"limits": {"cpu": "1"}},
            stepSpecs=[{"name": "a", "computeResources": {"limits": {"cpu": "1"}}}],
        ),
        task_run(
            computeResources={"limits": {"cpu": "1"}}, stepSpecs=[{"name": "a", "computeResources": {}}]
        ),
        ("spec.stepSpecs.resources", "spec.computeResources"),
    ),
    Example(
        "T103",
        pipeline_run("v1beta1", timeout="1h", timeouts={"pipeline": "1h"}),
        pipeline_run("v1beta1", timeouts={"pipeline": "1h"}),
        ("spec.timeout", "spec.timeouts"),
    ),
    Example(
        "T103",
        policy(authorities=[{"name": "a", "key": {"data": "k", "kms": "k"}}]),
        policy(),
        ("key[0].data", "key[0].kms", "key[0].secretref"),
    ),
    Example(
        "T104",
        document("TaskRun", {"params": []}),
        task_run(params=[]),
        ("spec.taskRef", "spec.taskSpec"),
    ),
    Example("T104", task_run(**_bound()), task_run(**_bound(csi={"driver": "d"})), _SOURCES),
    Example(
        "T104",
        policy(authorities=[{"name": "a", "key": {}}]),
        policy(),
        ("key[0].data", "key[0].kms", "key[0].secretref"),
    ),
    Example(
        "T105", task_run(taskRef={"resolver": "git"}), task_run(taskRef={"resolver": "git"}), (), STABLE, BETA
    ),
    Example(
        "T105",
        task_with_step(stdoutConfig={"path": "/f"}),
        task_with_step(stdoutConfig={"path": "/f"}),
        (),
        BETA,
        ALPHA,
    ),
    Example("T105", task_with_step(script="\n#!win\ndir"), task_with_step(script="#!/bin/sh\n#!win"), ()),
    Example("T105", task_run(debug={}), task_run(debug={}), (), BETA, ALPHA),
    Example("T106", task_run(taskRef=_URL), task_run(taskRef=_URL), ("spec.taskRef",), BETA, _CONCISE),
    Example(
        "T106",
        task_with_step(args=["$(steps.a.outputs.b)"]),
        task_with_step(args=["$(steps.a.outputs)"]),
        ("spec.steps[0]",),
    ),
    Example(
        "T106",
        pipeline(named("a", params=[param("p", "$(tasks.b.outputs.c)")])),
        pipeline(named("a", params=[param("p", "$(tasks.b.outputs.c)")])),
        ("spec.tasks[0].params",),
        BETA,
        ALPHA,
    ),
    Example(
        "T108",
        task_run("v1beta1", taskRef={"name": "t", "bundle": "b"}),
        task_run("v1beta1", taskRef={"name": "t"}),
        ("spec.taskRef.bundle",),
    ),
    Example(
        "T108",
        task_run(taskSpec=TASK_SPEC),
        task_run(taskRef={"name": "t"}),
        ("spec.taskSpec",),
        _NO_INLINE,
    ),
    Example(
        "T108",
        task_run("v1beta1", resources={"inputs": []}),
        task_run("v1beta1"),
        ("spec.resources",),
    ),
    Example("T108", task("v1beta1", resources={}), task("v1beta1"), ("spec.resources",)),
    Example(
        "T108",
        pipeline(named("a", resources={}), version="v1beta1"),
        pipeline(named("a"), version="v1beta1"),
        ("spec.tasks[0].resources",),
    ),
    Example(
        "T108",
        pipeline(named("a"), version="v1beta1", resources=[{"name": "r", "type": "git"}]),
        pipeline(named("a"), version="v1beta1", resources=[]),
        ("spec.resources",),
    ),
    Example(
        "T108",
        pipeline_run("v1beta1", resources=[{"name": "r"}]),
        pipeline_run("v1beta1"),
        ("spec.resources",),
    ),
    Example(
        "T109",
        task_run(status="Cancelled"),
        task_run(status="TaskRunCancelled"),
        ("spec.status",),
    ),
    Example(
        "T109",
        pipeline_run(status="cancelled"),
        pipeline_run(status="StoppedRunFinally"),
        ("spec.status",),
    ),
    Example(
        "T109",
        task_run(debug={"breakpoints": {"onFailure": "on"}}),
        task_run(debug={"breakpoints": {"onFailure": "enabled"}}),
        ("spec.debug.breakpoints.onFailure",),
        ALPHA,
    ),
    Example("T109", policy(mode="Warn"), policy(mode="warn"), ("mode",)),
    Example(
        "T109",
        policy(authorities=[{"name": "a", "key": {"data": "k", "hashAlgorithm": "md5"}}]),
        policy(authorities=[{"name": "a", "key": {"data": "k", "hashAlgorithm": "SHA512"}}]),
        ("key[0].HashAlgorithm",),
    ),
    Example("T110", task_run(timeout="-1s"), task_run(timeout="0s"), ("spec.timeout",)),
    Example(
        "T110",
        task_with_step(timeout="-1s"),
        task_with_step(timeout="1s"),
        ("spec.steps[0].negative timeout",),
    ),
    Example(
        "T110",
        pipeline_run(timeouts={"tasks": "-1s"}),
        pipeline_run(timeouts={"tasks": "1s"}),
        ("spec.timeouts.tasks",),
    ),
    Example(
        "T111",
        pipeline_run(timeouts={"pipeline": "1h", "tasks": "1h1s"}),
        pipeline_run(timeouts={"pipeline": "1h", "tasks": "1h"}),
        ("spec.timeouts.tasks",),
    ),
    Example(
        "T111",
        pipeline_run(timeouts={"finally": "0"}),
        pipeline_run(timeouts={"pipeline": "0", "finally": "0"}),
        ("spec.timeouts.finally",),
    ),
    Example(
        "T111",
        pipeline_run(timeouts={"pipeline": "1h", "tasks": "30m", "finally": "31m"}),
        pipeline_run(timeouts={"pipeline": "1h", "tasks": "30m", "finally": "30m"}),
        ("spec.timeouts.tasks", "spec.timeouts.finally"),
    ),
    Example(
        "T111",
        pipeline_run(taskRunSpecs=[{"pipelineTaskName": "a", "timeout": "61m"}]),
        pipeline_run(taskRunSpecs=[{"pipelineTaskName": "a", "timeout": "60m"}]),
        ("spec.taskRunSpecs[0].timeout",),
    ),
    Example(
        "T111",
        pipeline_run("v1beta1", taskRunSpecs=[{"pipelineTaskName": "a", "timeout": "61m"}]),
        pipeline_run("v1beta1", taskRunSpecs=[{"pipelineTaskName": "a", "timeout": "60m"}]),
        ("spec.taskRunSpecs[0].timeout",),
    ),
    Example(
        "T112",
        task_run(statusMessage="m"),
        task_run(status="TaskRunCancelled", statusMessage="m"),
        ("spec.statusMessage",),
    ),
    Example(
        "T112",
        custom_run(statusMessage="m"),
        custom_run(status="RunCancelled", statusMessage="m"),
        ("statusMessage",),
    ),
    Example(
        "T113",
        _started(task_run(status="TaskRunPending")),
        task_run(status="TaskRunPending"),
        ("spec.status",),
    ),
    Example(
        "T113",
        _started(pipeline_run(status="PipelineRunPending")),
        _started(pipeline_run(status="Cancelled")),
        ("spec.status",),
    ),
    Example(
        "T114",
        task_run(taskRef={"name": "_t"}),
        task_run(taskRef={"name": "a.b/T_1"}),
        ("spec.taskRef.name",),
    ),
    Example(
        "T114", task_run(taskRef={"name": "a/b/c"}), task_run(taskRef={"name": "a/c"}), ("spec.taskRef.name",)
    ),
    Example(
        "T114", task_run(taskRef={"name": "/c"}), task_run(taskRef={"name": "c"}), ("spec.taskRef.name",)
    ),
    Example(
        "T114", task_run(taskRef={"name": "A_/c"}), task_run(taskRef={"name": "a/c"}), ("spec.taskRef.name",)
    ),
    Example(
        "T114", task_run(taskRef={"name": "a/"}), task_run(taskRef={"name": "a"}), ("spec.taskRef.name",)
    ),
    Example(
        "T114",
        task_run(taskRef={"name": "t" * 64}),
        task_run(taskRef={"name": "t" * 63}),
        ("spec.taskRef.name",),
    ),
    Example(
        "T114",
        task_run(taskRef={"name": "t", "resolver": "git"}),
        task_run(taskRef=_URL),
        ("spec.taskRef.name",),
        ALPHA,
    ),
    Example(
        "T116",
        task_run(params=[param("p", "1"), param("P", "2")]),
        task_run(params=[param("p", "1")]),
        ("spec.params[P].name",),
    ),
    Example(
        "T116",
        pipeline_run(workspaces=[{"name": "w", "emptyDir": {}}] * 2),
        pipeline_run(workspaces=[{"name": "w", "emptyDir": {}}, {"name": "W", "emptyDir": {}}]),
        ("spec.workspaces[1].name",),
    ),
    Example(
        "T116",
        task_run(workspaces=[{"name": "w", "emptyDir": {}}] * 2),
        task_run(**_bound(emptyDir={})),
        ("spec.workspaces[1].name",),
    ),
    Example(
        "T116",
        pipeline(named("a", params=[param("p", "1"), param("p", "2")])),
        pipeline(named("a", params=[param("p", "1"), param("P", "2")])),
        ("spec.tasks[0].params[1].name",),
    ),
    Example(
        "T116",
        task_run(debug={"breakpoints": {"onFailure": "enabled", "beforeSteps": ["a", "a"]}}),
        task_run(debug={"breakpoints": {"onFailure": "enabled", "beforeSteps": ["a", "b"]}}),
        ("spec.debug.breakpoints.beforeSteps[1]",),
        ALPHA,
    ),
    Example("T117", task_run(workspaces=[{}]), task_run(**_bound(emptyDir={})), ("spec.workspaces[0]",)),
    Example(
        "T118",
        policy(resources=[{"pattern": "(?=a)"}]),
        policy(resources=[{"pattern": "(?i)a\\pL+"}]),
        ("ResourcePattern",),
    ),
    Example("T202", step_action(image=""), step_action(), ("spec.Image",)),
]
