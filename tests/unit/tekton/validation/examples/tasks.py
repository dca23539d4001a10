"""Examples for T2xx: tasks, steps, sidecars and StepActions."""

from __future__ import annotations

from typing import Any

from tests.unit.tekton.validation.documents import (
    ALPHA,
    STEP,
    Example,
    document,
    step_action,
    task,
    task_with_step,
)


def _ref(**further: Any) -> dict[str, Any]:
    return task(steps=[{"ref": {"name": "action"}, **further}])


def _result(**result: Any) -> dict[str, Any]:
    return task(results=[{"name": "r", **result}])


_W = [{"name": "w"}]
_MOUNT = "spec.steps[0].volumeMounts[0]"

EXAMPLES = [
    Example("T201", document("Task", {"steps": []}), task(), ("spec.steps",)),
    Example(
        "T202",
        task(steps=[{"name": "a"}]),
        task(steps=[{"name": "a"}], stepTemplate={"image": "i"}),
        ("spec.steps[0].Image",),
    ),
    Example(
        "T202",
        task(sidecars=[{"name": "s"}]),
        task("v1beta1", sidecars=[{"name": "s"}]),
        ("spec.sidecars.image",),
    ),
    Example(
        "T203",
        task_with_step(script="a", command=["b"]),
        task_with_step(script="a", args=["b"]),
        ("spec.steps[0].script",),
    ),
    Example(
        "T203",
        task(sidecars=[{"name": "s", "image": "i", "script": "a", "command": ["b"]}]),
        task(sidecars=[{"name": "s", "image": "i", "script": "a"}]),
        ("spec.sidecars.script",),
    ),
    Example("T203", step_action(script="a", command=["b"]), step_action(script="a"), ("spec.script",)),
    Example("T204", _ref(image="i"), _ref(timeout="1m"), ("spec.steps[0].image",)),
    Example("T204", _ref(env=[]), _ref(params=[]), ("spec.steps[0].env",)),
    Example("T204", _ref(results=[{"name": "r"}]), _ref(onError="continue"), ("spec.steps[0].results",)),
    Example(
        "T205",
        task_with_step(params=[{"name": "p", "value": "v"}]),
        _ref(params=[{"name": "p", "value": "v"}]),
        ("spec.steps[0].params",),
    ),
    Example("T206", task_with_step(name="A"), task_with_step(name="a"), ("spec.steps[0].name",)),
    Example(
        "T207", task(steps=[{**STEP, "name": "a"}] * 2), task(steps=[STEP, STEP]), ("spec.steps[1].name",)
    ),
    Example(
        "T208",
        task_with_step(onError="Continue"),
        task_with_step(onError="$(params.x)"),
        ("spec.steps[0].onError",),
    ),
    Example(
        "T209",
        task_with_step(volumeMounts=[{"name": "v", "mountPath": "/tekton/home/../run"}]),
        task_with_step(volumeMounts=[{"name": "v", "mountPath": "/tekton/home/x"}]),
        (f"{_MOUNT}.mountPath",),
    ),
    Example(
        "T210",
        task_with_step(volumeMounts=[{"name": "tekton-internal-v", "mountPath": "/v"}]),
        task_with_step(volumeMounts=[{"name": "tekton-v", "mountPath": "/v"}]),
        (f"{_MOUNT}.name",),
    ),
    Example(
        "T211",
        task(volumes=[{"name": "v"}] * 2),
        task(volumes=[{"name": "v"}, {"name": "w"}]),
        ("spec.volumes[1].name",),
    ),
    Example(
        "T212",
        task(workspaces=_W * 2),
        task(workspaces=[*_W, {"name": "W"}]),
        ("spec.workspaces[1].name",),
    ),
    Example(
        "T213",
        task(workspaces=[{"name": "w", "mountPath": "/a/"}, {"name": "x", "mountPath": "//a"}]),
        task(workspaces=[{"name": "w", "mountPath": "/a"}, {"name": "x", "mountPath": "/a/b"}]),
        ("spec.workspaces[1].mountpath",),
    ),
    Example(
        "T213",
        task(workspaces=_W, stepTemplate={"volumeMounts": [{"name": "v", "mountPath": "/workspace/w"}]}),
        task(workspaces=_W, stepTemplate={"volumeMounts": [{"name": "v", "mountPath": "/workspace"}]}),
        ("spec.workspaces[0].mountpath",),
    ),
    Example(
        "T214",
        task_with_step(workspaces=_W),
        task(steps=[{**STEP, "workspaces": _W}], workspaces=_W),
        ("spec.steps[0].workspaces[0].name",),
    ),
    Example(
        "T214",
        task(sidecars=[{"name": "s", "image": "i", "workspaces": _W}]),
        task(sidecars=[{"name": "s", "image": "i", "workspaces": _W}], workspaces=_W),
        ("spec.sidecars[0].workspaces[0].name",),
    ),
    Example(
        "T215",
        task(sidecars=[{"name": "tekton-log-results", "image": "i"}]),
        task(sidecars=[{"name": "log-results", "image": "i"}]),
        ("spec.sidecars.name",),
    ),
    Example(
        "T215",
        task("v1beta1", sidecars=[{"name": "tekton-log-results", "image": "i"}]),
        task("v1beta1", sidecars=[{"name": "results", "image": "i"}]),
        ("spec.sidecars",),
    ),
    Example(
        "T216", task(results=[{"name": "a-"}]), task(results=[{"name": "a.b-1"}]), ("spec.results[0].name",)
    ),
    Example("T217", _result(type="int"), _result(type="array"), ("spec.results[0].type",)),
    Example(
        "T217",
        task_with_step(results=[{"name": "r", "type": "int"}]),
        task_with_step(results=[{"name": "r"}]),
        ("spec.steps.results[0][0].type",),
    ),
    Example(
        "T218",
        _result(type="object"),
        _result(type="object", properties={"k": {}}),
        ("spec.results[0].r.properties",),
    ),
    Example(
        "T219",
        _result(type="object", properties={"k": {"type": "array"}}),
        _result(type="object", properties={"k": {"type": "string"}}),
        ("spec.results[0].r.properties",),
    ),
    Example("T220", _result(value="x"), _result(value="$(steps.a.results.b)"), ("spec.results[0].r.value",)),
    Example("T220", _result(value="$(steps.A.results.b)"), _result(value=""), ("spec.results[0].r.value",)),
    Example(
        "T220",
        _result(value="$(steps.a.results.b-)"),
        _result(value="$(steps.a.results.b.c)"),
        ("spec.results[0].r.value",),
    ),
    Example("T220", _result(value=["x"]), _result(), ("spec.results[0].r.type",)),
    Example(
        "T221",
        task_with_step(script="$(steps.a.results.b)"),
        task_with_step(args=["$(steps.a.results.b)"]),
        ("spec.steps[0].script",),
    ),
    Example(
        "T221",
        task_with_step(envFrom=[{"secretRef": {"name": "$(steps.a.results.b)"}}]),
        task_with_step(env=[{"name": "E", "value": "$(steps.a.results.b)"}]),
        ("spec.steps[0].envFrom.secretRef",),
    ),
    Example(
        "T221",
        task_with_step(volumeDevices=[{"name": "$(steps.a.results.b)", "devicePath": "/d"}]),
        task_with_step(volumeDevices=[{"name": "d", "devicePath": "/d"}]),
        ("spec.steps[0].volumeDevices.name",),
    ),
    Example(
        "T222",
        task_with_step(workingDir="$(steps.a.outputs.b)"),
        task_with_step(script="$(steps.a.outputs.b)"),
        ("spec.steps[0].workingDir",),
        ALPHA,
    ),
    Example(
        "T223",
        step_action(script="$(params.x)", params=[{"name": "x"}]),
        step_action(args=["$(params.x)"], params=[{"name": "x"}]),
        ("spec.script",),
    ),
    Example(
        "T224",
        step_action(volumeMounts=[{"name": "v", "mountPath": "/v"}]),
        step_action(volumeMounts=[{"name": "$(params.v)", "mountPath": "/v"}], params=[{"name": "v"}]),
        ("spec.volumeMounts[0].name",),
    ),
    Example(
        "T225",
        step_action(params=[{"name": "a", "default": "$(params.b)"}]),
        step_action(params=[{"name": "a", "default": "$(params.b)"}, {"name": "b"}]),
        ("spec.params",),
    ),
    Example(
        "T226",
        step_action(
            params=[{"name": "a", "default": "$(params.b)"}, {"name": "b", "default": "$(params.a)"}]
        ),
        step_action(params=[{"name": "a", "default": "$(params.b)"}, {"name": "b", "default": "x"}]),
        ("spec.params",),
    ),
]
