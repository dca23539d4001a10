"""What a pipeline run hands to its tasks: workspaces, settings, labels."""

from __future__ import annotations

from holkas.model.catalog import Catalog
from holkas.model.param import Param
from holkas.model.pipeline import PipelineSpec, PipelineTask
from holkas.model.record import Condition
from holkas.model.reference import Reference
from holkas.model.run import PipelineRun, TaskRunSettings
from holkas.model.step import Container, Env, Sidecar, Step, VolumeMount
from holkas.model.task import TaskSpec
from holkas.model.when import When
from holkas.model.workspace import PipelineTaskWorkspace, WorkspaceBinding, WorkspaceDeclaration
from holkas.pipeline.decision import Launch
from holkas_builtin.runner.children import child_pipeline_run, endless, task_assignment
from holkas_builtin.runner.claims import claim_name
from holkas_builtin.runner.propagation import declare_propagated, used_workspaces
from holkas_builtin.runner.task_bindings import task_bindings, task_settings

RUN = (
    WorkspaceBinding(name="source", kind="emptyDir"),
    WorkspaceBinding(name="cache", kind="volumeClaimTemplate", source={"spec": {}}, sub_path="top"),
)


def handed(task: PipelineTask) -> dict[str, WorkspaceBinding]:
    return {binding.name: binding for binding in task_bindings(task, RUN, owner="run")}


def test_workspaces_go_by_the_names_of_the_task() -> None:
    wanted = (
        PipelineTaskWorkspace(name="src", workspace="source"),
        PipelineTaskWorkspace(name="cache", sub_path="inner"),
        PipelineTaskWorkspace(name="lost"),
    )
    found = handed(PipelineTask(name="t", ref=Reference(name="x"), workspaces=wanted))
    assert found["src"].kind == "emptyDir"
    assert found["cache"].sub_path == "top/inner"
    assert set(found) == {"src", "cache"}


def test_a_claim_template_is_one_claim_for_the_whole_run() -> None:
    one = handed(
        PipelineTask(name="a", ref=Reference(name="x"), workspaces=(PipelineTaskWorkspace(name="cache"),))
    )
    other = handed(
        PipelineTask(
            name="b",
            ref=Reference(name="x"),
            workspaces=(PipelineTaskWorkspace(name="w", workspace="cache"),),
        )
    )
    assert one["cache"].kind == "persistentVolumeClaim"
    assert one["cache"].source == other["w"].source
    assert claim_name(one["cache"], "another") == one["cache"].source["claimName"]
    assert claim_name(RUN[1], "run") != claim_name(RUN[1], "other")
    assert claim_name(RUN[0], "run") == ""


def test_an_embedded_task_gets_what_it_declares_or_speaks_of() -> None:
    spec = TaskSpec(
        steps=(Step(script="ls $(workspaces.source.path)"),),
        workspaces=(WorkspaceDeclaration(name="cache"),),
    )
    assert set(handed(PipelineTask(name="t", task_spec=spec))) == {"source", "cache"}


def test_a_pipeline_inside_gets_what_it_declares() -> None:
    spec = PipelineSpec(workspaces=(WorkspaceDeclaration(name="source"),))
    assert set(handed(PipelineTask(name="t", pipeline_spec=spec))) == {"source"}


SPEAKS = [
    TaskSpec(steps=(Step(args=("$(workspaces.w.path)",)),)),
    TaskSpec(steps=(Step(env=(Env(name="A", value="$(workspaces.w.bound)"),)),)),
    TaskSpec(steps=(Step(stdout_path="$(workspaces.w.path)/x"),)),
    TaskSpec(steps=(Step(params=(Param(name="p", value="$(workspaces.w.path)"),)),)),
    TaskSpec(steps=(Step(when=(When(input="$(workspaces.w.bound)", operator="in", values=("true",)),)),)),
    TaskSpec(steps=(Step(volume_mounts=(VolumeMount(name="v", mount_path="$(workspaces.w.path)"),)),)),
    TaskSpec(sidecars=(Sidecar(script="$(workspaces.w.path)"),)),
    TaskSpec(step_template=Container(command=("$(workspaces.w.path)",))),
]


def test_every_place_counts_in_which_a_workspace_can_be_spoken_of() -> None:
    for spec in SPEAKS:
        assert used_workspaces(spec) == {"w"}
        assert [item.name for item in declare_propagated(spec, ["w", "other"]).workspaces] == ["w"]
        assert declare_propagated(spec, ["other"]) is spec
        declared = declare_propagated(spec, ["w"])
        assert declare_propagated(declared, ["w"]) is declared


def test_settings_of_one_task_are_laid_over_those_of_all() -> None:
    run = PipelineRun(
        name="run",
        labels={"l": "run"},
        template=TaskRunSettings(
            service_account="all",
            pod_template={"env": [{"name": "A"}, {"name": "B", "value": "1"}], "nodeSelector": {"x": "y"}},
        ),
        task_settings=(
            TaskRunSettings(
                pipeline_task="t",
                timeout=5.0,
                pod_template={"env": [{"name": "B", "value": "2"}], "schedulerName": "s"},
                labels={"own": "1"},
            ),
        ),
    )
    found = task_settings(run, "t")
    assert (found.service_account, found.timeout) == ("all", 5.0)
    assert found.pod_template == {
        "env": [{"name": "A"}, {"name": "B", "value": "2"}],
        "nodeSelector": {"x": "y"},
        "schedulerName": "s",
    }
    assert found.labels == {"l": "run", "own": "1"}
    assert task_settings(run, "other") is run.template


def test_children_bear_the_labels_by_which_they_are_found() -> None:
    run = PipelineRun(name="run", ref=Reference(name="p"), labels={"team": "blue"})
    launch = Launch(name="run-t", pipeline_task=PipelineTask(name="t", task_spec=TaskSpec()))
    labels = {
        "team": "blue",
        "tekton.dev/pipeline": "p",
        "tekton.dev/pipelineRun": "run",
        "tekton.dev/pipelineTask": "t",
    }
    assert task_assignment(run, launch, Catalog()).run.labels == labels
    assert child_pipeline_run(run, launch).labels == labels


def test_a_pipeline_must_not_run_inside_itself() -> None:
    launch = Launch(name="c", pipeline_task=PipelineTask(name="t", pipeline_ref=Reference(name="b")))
    assert endless(launch, ("a",)) is None
    refused = endless(launch, ("a", "b", "c"))
    assert refused is not None
    assert refused.condition == Condition(
        status="False",
        reason="CreateRunFailed",
        message="tasks[t].pipelineRef: a pipeline cannot run inside itself: b -> c -> b",
    )
