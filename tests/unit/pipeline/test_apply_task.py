from __future__ import annotations

import pytest
from holkas.model.param import Param, ParamSpec, ResultSpec
from holkas.model.reference import Reference
from holkas.model.step import Container, Env, Sidecar, Step, VolumeMount
from holkas.model.task import TaskSpec, Volume
from holkas.model.when import When
from holkas.model.workspace import WorkspaceBinding, WorkspaceDeclaration, WorkspaceUsage
from holkas.pipeline.apply_container import substitute_container
from holkas.pipeline.apply_task import (
    TaskContext,
    TaskPaths,
    TaskWorkspaces,
    apply_params_to_task,
    apply_to_task,
    step_directory,
    substitute_binding,
    substitute_task,
)
from holkas.pipeline.manifest_paths import substitute_paths
from holkas.pipeline.substitution import Replacements

X = Replacements({"x": "X", "params.x": "X"}, {"params.l": ("a", "b")})


def script(text: str, **fields: object) -> TaskSpec:
    return TaskSpec(steps=(Step(name="s", script=text),), **fields)


def scripts(spec: TaskSpec) -> list[str]:
    return [step.script for step in spec.steps]


def test_every_field_of_a_step_in_which_variables_are_replaced() -> None:
    v = "$(x)"
    step = Step(
        name=v,
        image=v,
        command=(v, "$(params.l[*])"),
        args=("$(params.l[*])", "-$(x)"),
        working_dir=v,
        env=(
            Env(name="$(x)", value=v, source={}),
            Env(name="S", source={"secretKeyRef": {"name": v, "key": v, "optional": True}}),
            Env(name="C", source={"configMapKeyRef": {"name": v, "key": v}}),
            Env(name="F", source={"fieldRef": {"fieldPath": v}}),
        ),
        env_from=({"prefix": v, "configMapRef": {"name": v}}, {"secretRef": {"name": v}}),
        volume_mounts=(VolumeMount(name=v, mount_path=v, sub_path=v, read_only=True),),
        security_context={"runAsUserName": v},
        extra={"imagePullPolicy": v, "computeResources": {"limits": {"cpu": v}}, "other": v},
        script=v,
        on_error=v,
        ref=Reference(name=v),
        params=(Param(name="$(x)", value=v),),
        when=(When(input=v, operator="in", values=(v,)),),
        stdout_path=v,
        stderr_path=v,
    )
    (out,) = substitute_task(TaskSpec(steps=(step,)), X).steps
    assert out == Step(
        name="X",
        image="X",
        command=("X", "a", "b"),
        args=("a", "b", "-X"),
        working_dir="X",
        env=(
            Env(name="$(x)", value="X", source={}),
            Env(name="S", source={"secretKeyRef": {"name": "X", "key": "X", "optional": True}}),
            Env(name="C", source={"configMapKeyRef": {"name": "X", "key": "X"}}),
            Env(name="F", source={"fieldRef": {"fieldPath": v}}),
        ),
        env_from=({"prefix": "X", "configMapRef": {"name": "X"}}, {"secretRef": {"name": "X"}}),
        volume_mounts=(VolumeMount(name="X", mount_path="X", sub_path="X", read_only=True),),
        security_context={"runAsUserName": v},
        extra={"imagePullPolicy": "X", "computeResources": {"limits": {"cpu": "X"}}, "other": v},
        script="X",
        on_error="X",
        ref=Reference(name=v),
        params=(Param(name="$(x)", value="X"),),
        when=(When(input="X", operator="in", values=("X",)),),
        stdout_path="X",
        stderr_path="X",
    )


def test_sidecars_template_volumes_and_mount_paths() -> None:
    spec = TaskSpec(
        sidecars=(Sidecar(name="c", image="$(x)", script="$(x)", readiness_probe={"exec": "$(x)"}),),
        step_template=Container(image="$(x)"),
        volumes=(
            Volume(name="$(x)", kind="emptyDir"),
            Volume(
                name="s",
                kind="secret",
                source={"secretName": "$(x)", "items": [{"key": "$(x)", "path": "$(x)"}]},
            ),
            Volume(
                name="p",
                kind="projected",
                source={"sources": [{"secret": {"name": "$(x)"}}, {"configMap": {}}]},
            ),
            Volume(name="c", kind="csi", source={"volumeAttributes": {"a": "$(x)"}, "driver": "$(x)"}),
            Volume(name="h", kind="hostPath", source={"path": "$(x)"}),
            Volume(name="two", kind="emptyDir", extra={"configMap": {"name": "$(x)"}}),
        ),
        workspaces=(WorkspaceDeclaration(name="w", mount_path="/$(x)"),),
        params=(ParamSpec(name="p", default="$(x)"),),
        description="$(x)",
    )
    out = substitute_task(spec, X)
    assert out.sidecars[0] == Sidecar(name="c", image="X", script="X", readiness_probe={"exec": "$(x)"})
    assert out.step_template == Container(image="X")
    assert [volume.source for volume in out.volumes] == [
        {},
        {"secretName": "X", "items": [{"key": "X", "path": "X"}]},
        {"sources": [{"secret": {"name": "X"}}, {"configMap": {}}]},
        {"volumeAttributes": {"a": "X"}, "driver": "$(x)"},
        {"path": "$(x)"},
        {},
    ]
    assert out.volumes[0].name == "X"
    assert out.volumes[5].extra == {"configMap": {"name": "X"}}
    assert out.workspaces[0].mount_path == "/X"
    assert (out.params, out.description) == (spec.params, "$(x)")


def test_what_has_no_variable_is_returned_itself() -> None:
    spec = TaskSpec(
        steps=(
            Step(
                script="echo",
                args=("a",),
                env=(Env(name="A", value="1"),),
                extra={"imagePullPolicy": "Always"},
            ),
        ),
        sidecars=(Sidecar(image="a"),),
        step_template=Container(image="b"),
        volumes=(Volume(name="v", kind="secret", source={"secretName": "s"}),),
        workspaces=(WorkspaceDeclaration(name="w"),),
    )
    assert substitute_task(spec, X) is spec
    assert apply_to_task(spec, params=[Param(name="x", value="1")]) is spec
    container = Container(image="$(unknown)")
    assert substitute_container(container, X) == container


def test_contexts() -> None:
    text = "$(context.taskRun.name) $(context.taskRun.namespace) $(context.taskRun.uid) "
    text += "$(context.task.name) $(context.task.retry-count)"
    context = TaskContext(run_name="run", namespace="ns", uid="u", task_name="task", retries=2)
    assert scripts(apply_to_task(script(text), context=context)) == ["run ns u task 2"]
    assert scripts(apply_to_task(script(text))) == ["    0"]


def test_paths() -> None:
    text = "$(results.r.path) $(results['a.b'].path) $(step.results.q.path) $(step.artifacts.path) $(artifacts.path) "
    text += "$(credentials.path) $(steps.step-s.exitCode.path) $(steps.step-unnamed-1.exitCode.path)"
    spec = TaskSpec(
        steps=(
            Step(name="s", script=text, results=(ResultSpec(name="q"),)),
            Step(script="$(step.artifacts.path)"),
        ),
        results=(ResultSpec(name="r"), ResultSpec(name="a.b")),
    )
    assert scripts(apply_to_task(spec)) == [
        "/tekton/results/r /tekton/results/a.b /tekton/steps/step-s/results/q "
        "/tekton/steps/step-s/artifacts/provenance.json /tekton/artifacts/provenance.json /tekton/creds "
        "/tekton/steps/step-s/exitCode /tekton/steps/step-unnamed-1/exitCode",
        "/tekton/steps/step-unnamed-1/artifacts/provenance.json",
    ]


def test_paths_of_an_executor_without_isolation() -> None:
    spec = TaskSpec(
        steps=(
            Step(script="$(results.r.path) $(workspaces.w.path)"),
            Step(script="$(workspaces.w.path)", workspaces=(WorkspaceUsage(name="w", mount_path="/own"),)),
        ),
        results=(ResultSpec(name="r"),),
        workspaces=(WorkspaceDeclaration(name="w"),),
    )
    bound = TaskWorkspaces(bindings=[WorkspaceBinding(name="w", kind="emptyDir")])
    paths = TaskPaths(locate=lambda path: f"/host{path}")
    assert scripts(apply_to_task(spec, workspaces=bound, paths=paths)) == [
        "/host/tekton/results/r /host/workspace/w",
        "/host/own",
    ]


WORKSPACE = "$(workspaces.w.path)|$(workspaces.w.bound)|$(workspaces.w.claim)|$(workspaces.w.volume)"


@pytest.mark.parametrize(
    ("declaration", "bindings", "expected"),
    [
        (
            [WorkspaceDeclaration(name="w")],
            [WorkspaceBinding(name="w", kind="emptyDir")],
            "/workspace/w|true||ws-1",
        ),
        (
            [WorkspaceDeclaration(name="w", mount_path="/at")],
            [WorkspaceBinding(name="w", kind="persistentVolumeClaim", source={"claimName": "pvc"})],
            "/at|true|pvc|ws-1",
        ),
        (
            [WorkspaceDeclaration(name="w", optional=True)],
            [],
            "|false|$(workspaces.w.claim)|$(workspaces.w.volume)",
        ),
        ([], [WorkspaceBinding(name="w", kind="emptyDir")], "/workspace/w|true||ws-1"),
        ([], [], WORKSPACE),
    ],
)
def test_workspaces(
    declaration: list[WorkspaceDeclaration], bindings: list[WorkspaceBinding], expected: str
) -> None:
    bound = TaskWorkspaces(bindings=bindings, volumes={binding.name: "ws-1" for binding in bindings})
    spec = script(WORKSPACE, workspaces=tuple(declaration))
    assert scripts(apply_to_task(spec, workspaces=bound)) == [expected]


def test_own_mount_path_of_a_step_or_sidecar() -> None:
    own = (WorkspaceUsage(name="w", mount_path="/own"), WorkspaceUsage(name="other"))
    text = "$(workspaces.w.path) $(workspaces.other.path)"
    spec = TaskSpec(
        steps=(Step(script=text, workspaces=own), Step(script=text)),
        sidecars=(Sidecar(script=text, workspaces=own),),
        workspaces=(WorkspaceDeclaration(name="w"), WorkspaceDeclaration(name="other")),
    )
    out = apply_to_task(spec)
    assert scripts(out) == ["/own /workspace/other", "/workspace/w /workspace/other"]
    assert out.sidecars[0].script == "/own /workspace/other"


def test_a_param_may_bring_in_a_variable_of_a_later_kind_but_no_param() -> None:
    spec = script("$(params.a)", params=(ParamSpec(name="a"), ParamSpec(name="b", default="B")))
    given = [Param(name="a", value="$(context.task.name) $(params.b)")]
    assert scripts(apply_to_task(spec, params=given, context=TaskContext(task_name="T"))) == ["T $(params.b)"]


def test_params_of_the_run_win_over_defaults() -> None:
    spec = script(
        "$(params.a)$(params.b)", params=(ParamSpec(name="a", default="1"), ParamSpec(name="b", default="2"))
    )
    assert scripts(apply_params_to_task(spec, [Param(name="b", value="given")])) == ["1given"]


def test_names_of_step_directories() -> None:
    assert [step_directory("a", 0), step_directory("", 3)] == ["step-a", "step-unnamed-3"]


def test_bindings() -> None:
    binding = WorkspaceBinding(name="w", kind="secret", source={"secretName": "$(x)"}, sub_path="$(x)/a")
    assert substitute_binding(binding, X) == WorkspaceBinding(
        name="w", kind="secret", source={"secretName": "X"}, sub_path="X/a"
    )
    plain = WorkspaceBinding(name="w", kind="emptyDir", source={"medium": "$(x)"})
    assert substitute_binding(plain, X) is plain


def test_manifests_share_what_does_not_change() -> None:
    kept = {"deep": ["$(x)"]}
    manifest = {"a": {"b": [{"c": "$(x)"}, {"c": 1}, "text"]}, "kept": kept, "odd": "not a list"}
    out = substitute_paths(manifest, [("a", "b", "*", "c"), ("odd", "*"), ("missing", "x")], X)
    assert out == {"a": {"b": [{"c": "X"}, {"c": 1}, "text"]}, "kept": kept, "odd": "not a list"}
    assert out["kept"] is kept
    assert manifest["a"]["b"][0]["c"] == "$(x)"
    assert substitute_paths(manifest, [("kept",)], X) is manifest
