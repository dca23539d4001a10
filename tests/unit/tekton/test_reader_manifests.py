"""From v1 manifests to the model."""

from __future__ import annotations

from typing import Any

import pytest
from holkas.model.param import Param, ParamSpec, ResultSpec
from holkas.model.run import StepOverride
from holkas.model.step import Env, VolumeMount
from holkas.model.task import Volume
from holkas.model.value import ValueType
from holkas.model.when import When
from holkas.model.workspace import WorkspaceBinding
from holkas.yaml import load
from holkas_compat.tekton import reader


def task_spec(text: str) -> Any:
    return reader.read_task_spec(load(text))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("text", "text"),
        ("1", "1"),
        ("1.50", "1.5"),
        ("true", "true"),
        ("[a, b]", ["a", "b"]),
        ("[a, null]", ["a", ""]),
        ("{k: v}", {"k": "v"}),
        ("[1, 2]", "[1,2]"),
        ("{k: [v]}", '{"k":["v"]}'),
        ("['<', 1]", '["\\u003c",1]'),
        ("null", ""),
    ],
)
def test_values_of_params(written: str, read: Any) -> None:
    run = reader.read_task_run(
        load(f"metadata: {{name: r}}\nspec: {{params: [{{name: p, value: {written}}}]}}")
    )
    assert run.params == (Param(name="p", value=read),)


@pytest.mark.parametrize(
    ("declared", "spec"),
    [
        ("{name: p}", ParamSpec(name="p")),
        ("{name: p, default: ''}", ParamSpec(name="p", default="")),
        ("{name: p, default: null}", ParamSpec(name="p")),
        ("{name: p, default: [a]}", ParamSpec(name="p", type=ValueType.ARRAY, default=["a"])),
        ("{name: p, default: {k: v}}", ParamSpec(name="p", type=ValueType.OBJECT, default={"k": "v"})),
        (
            "{name: p, properties: {k: {}, m: {type: string}}}",
            ParamSpec(
                name="p",
                type=ValueType.OBJECT,
                properties={"k": ValueType.STRING, "m": ValueType.STRING},
            ),
        ),
        ("{name: p, type: array}", ParamSpec(name="p", type=ValueType.ARRAY)),
        ("{name: p, enum: [a, b]}", ParamSpec(name="p", enum=("a", "b"))),
    ],
)
def test_declared_params(declared: str, spec: ParamSpec) -> None:
    assert task_spec(f"params: [{declared}]").params == (spec,)


def test_declared_results() -> None:
    spec = task_spec(
        "results: [{name: a}, {name: o, properties: {k: {}}}, {name: v, value: $(steps.s.results.r)}]"
    )
    assert spec.results == (
        ResultSpec(name="a"),
        ResultSpec(name="o", type=ValueType.OBJECT, properties={"k": ValueType.STRING}),
        ResultSpec(name="v", value="$(steps.s.results.r)"),
    )


def test_a_step_keeps_every_field() -> None:
    [step] = task_spec("""
steps:
- name: s
  image: i
  command: [a]
  args: [b]
  workingDir: /w
  env: [{name: A, value: "1"}, {name: B, valueFrom: {secretKeyRef: {name: s, key: k}}}]
  envFrom: [{configMapRef: {name: c}}]
  volumeMounts: [{name: v, mountPath: /v, subPath: x, readOnly: true, mountPropagation: None}]
  securityContext: {runAsUser: 0}
  imagePullPolicy: Always
  computeResources: {}
  script: echo
  timeout: 1m
  onError: continue
  ref: {name: r}
  params: [{name: p, value: v}]
  results: [{name: r}]
  when: [{input: a, operator: in, values: [a]}, {cel: "true"}]
  workspaces: [{name: w, mountPath: /x}]
  stdoutConfig: {path: /out}
  stderrConfig: {path: /err}
""").steps
    assert step.env == (
        Env(name="A", value="1"),
        Env(name="B", source={"secretKeyRef": {"name": "s", "key": "k"}}),
    )
    assert step.env_from == ({"configMapRef": {"name": "c"}},)
    assert step.volume_mounts == (
        VolumeMount(
            name="v", mount_path="/v", sub_path="x", read_only=True, extra={"mountPropagation": "None"}
        ),
    )
    assert step.security_context == {"runAsUser": 0}
    assert step.extra == {"imagePullPolicy": "Always"}
    assert (step.timeout, step.on_error, step.stdout_path, step.stderr_path) == (
        60.0,
        "continue",
        "/out",
        "/err",
    )
    assert step.when == (When(input="a", operator="in", values=("a",)), When(cel="true"))
    assert step.ref is not None and step.ref.name == "r"
    assert [usage.mount_path for usage in step.workspaces] == ["/x"]


def test_volumes_by_kind() -> None:
    spec = task_spec(
        "volumes: [{name: a, emptyDir: {}}, {name: b}, {name: c, configMap: {name: m}, other: 1}]"
    )
    assert spec.volumes == (
        Volume(name="a", kind="emptyDir"),
        Volume(name="b", kind=""),
        Volume(name="c", kind="configMap", source={"name": "m"}, extra={"other": 1}),
    )


def test_an_empty_step_template_is_not_the_same_as_none() -> None:
    assert task_spec("stepTemplate: {}").step_template is not None
    assert task_spec("steps: []").step_template is None


def test_a_sidecar_with_its_probe() -> None:
    [sidecar] = task_spec(
        "sidecars: [{name: d, readinessProbe: {periodSeconds: 1}, ports: [{containerPort: 1}]}]"
    ).sidecars
    assert sidecar.readiness_probe == {"periodSeconds": 1}
    assert sidecar.extra == {"ports": [{"containerPort": 1}]}


def test_pipeline_tasks_of_every_sort() -> None:
    spec = reader.read_pipeline_spec(
        load("""
tasks:
- name: by-ref
  taskRef: {name: t}
  retries: 2
  timeout: 0s
  runAfter: [x]
- name: embedded
  taskSpec: {metadata: {labels: {a: b}}, steps: [{image: i}]}
- name: custom
  taskSpec: {apiVersion: x.dev/v1, kind: Wait, spec: {for: 1}}
- name: nested
  pipelineSpec: {tasks: [{name: inner, taskRef: {name: t}}]}
- name: nested-ref
  pipelineRef: {name: p}
- name: fan
  taskRef: {resolver: git, params: [{name: url, value: u}]}
  matrix: {params: [{name: a, value: [x, z]}], include: [{name: i, params: [{name: a, value: z}]}]}
finally:
- name: last
  taskRef: {name: t}
""")
    )
    by_ref, embedded, custom, nested, nested_ref, fan = spec.tasks
    assert (by_ref.retries, by_ref.timeout, by_ref.run_after) == (2, 0.0, ("x",))
    assert embedded.task_spec is not None and embedded.task_metadata == {"labels": {"a": "b"}}
    assert custom.task_spec is None
    assert custom.custom_spec is not None and custom.custom_spec.spec == {"for": 1}
    assert nested.pipeline_spec is not None and nested.pipeline_spec.tasks[0].name == "inner"
    assert nested_ref.pipeline_ref is not None and nested_ref.pipeline_ref.name == "p"
    assert fan.ref is not None and fan.ref.params == (Param(name="url", value="u"),)
    assert fan.matrix is not None and fan.matrix.params == (Param(name="a", value=["x", "z"]),)
    assert fan.matrix.include[0].params == (Param(name="a", value="z"),)
    assert spec.finally_[0].name == "last"


def test_a_pipeline_run_keeps_its_settings() -> None:
    run = reader.read_pipeline_run(
        load("""
metadata: {generateName: r-, namespace: ci, labels: {a: b}, annotations: {c: d}}
spec:
  pipelineRef: {name: p}
  managedBy: x.dev/y
  timeouts: {pipeline: 1h, tasks: 30m, finally: "0"}
  taskRunTemplate: {serviceAccountName: bot, podTemplate: {hostNetwork: true}}
  taskRunSpecs:
  - pipelineTaskName: t
    serviceAccountName: other
    timeout: 5m
    stepSpecs: [{name: s, computeResources: {limits: {cpu: "1"}}}]
    sidecarSpecs: [{name: d, computeResources: {}}]
    metadata: {labels: {l: m}}
    computeResources: {requests: {cpu: "2"}}
  workspaces:
  - {name: e, emptyDir: {}}
  - {name: c, persistentVolumeClaim: {claimName: x}, subPath: s}
  status: Cancelled
status: {conditions: []}
"""),
        "r-abcde",
    )
    assert (run.name, run.namespace, run.metadata) == ("r-abcde", "ci", {"generateName": "r-"})
    assert (run.labels, run.annotations, run.extra) == ({"a": "b"}, {"c": "d"}, {"managedBy": "x.dev/y"})
    assert (run.timeouts.pipeline, run.timeouts.tasks, run.timeouts.finally_) == (3600.0, 1800.0, 0.0)
    assert run.template.service_account == "bot"
    assert run.template.pod_template == {"hostNetwork": True}
    [settings] = run.task_settings
    assert (settings.pipeline_task, settings.service_account, settings.timeout) == ("t", "other", 300.0)
    assert settings.step_overrides == (StepOverride(name="s", compute_resources={"limits": {"cpu": "1"}}),)
    assert settings.sidecar_overrides == (StepOverride(name="d"),)
    assert settings.labels == {"l": "m"}
    assert settings.extra == {"computeResources": {"requests": {"cpu": "2"}}}
    assert run.workspaces == (
        WorkspaceBinding(name="e", kind="emptyDir"),
        WorkspaceBinding(name="c", kind="persistentVolumeClaim", source={"claimName": "x"}, sub_path="s"),
    )
    assert run.status == "Cancelled"


def test_a_task_run_keeps_its_settings() -> None:
    run = reader.read_task_run(
        load("""
metadata: {name: r}
spec:
  taskRef: {name: t, kind: Task}
  serviceAccountName: bot
  podTemplate: {env: [{name: A, value: b}]}
  timeout: 10s
  retries: 1
  computeResources: {limits: {cpu: "1"}}
  debug: {breakpoints: {onFailure: enabled}}
  status: TaskRunCancelled
  statusMessage: why
""")
    )
    assert run.ref is not None and (run.ref.name, run.ref.kind) == ("t", "Task")
    assert run.settings.service_account == "bot"
    assert run.settings.timeout is None
    assert run.settings.extra == {"computeResources": {"limits": {"cpu": "1"}}}
    assert run.extra == {"debug": {"breakpoints": {"onFailure": "enabled"}}}
    assert (run.timeout, run.retries, run.status, run.status_message) == (10.0, 1, "TaskRunCancelled", "why")


def test_a_step_action_is_a_step_with_declared_params() -> None:
    action = reader.read_step_action(
        load("""
metadata: {name: a, labels: {x: z}}
spec:
  description: says hello
  image: i
  script: echo
  params: [{name: p, default: d}]
  results: [{name: r}]
""")
    )
    assert (action.name, action.description, action.labels) == ("a", "says hello", {"x": "z"})
    assert action.params == (ParamSpec(name="p", default="d"),)
    assert (action.step.image, action.step.script, action.step.params) == ("i", "echo", ())
    assert action.step.results == (ResultSpec(name="r"),)


def test_null_fields_count_as_absent() -> None:
    task = reader.read_task(load("metadata: {name: t, labels: null}\nspec: {steps: null, params: [null]}"))
    assert task.spec.steps == ()
    assert task.spec.params == (ParamSpec(name=""),)
    assert reader.read_task({"metadata": {"name": "t"}}).spec.steps == ()
