"""Variables of a container, as Kubernetes puts them together from documents of the file."""

from __future__ import annotations

from typing import Any

import pytest
from holkas.model.reference import Reference
from holkas.model.run import TaskRun, TaskRunSettings
from holkas.model.step import Env, Step
from holkas_builtin.runner.environment import Variables, variables
from holkas_builtin.runner.errors import SetupError
from holkas_builtin.runner.pod import Pod
from holkas_builtin.runner.run_context import RunContext


def found(context: RunContext, pod: Pod, step: Step, pod_env: tuple[Env, ...] = ()) -> Variables:
    return variables(step, pod_env, context, pod=pod, what="steps[0]")


def taken_from(**source: Any) -> Env:
    return Env(name="A", source=source)


def test_a_whole_document_gives_its_keys_that_can_be_names(context: RunContext, pod: Pod) -> None:
    step = Step(
        env_from=(
            {"configMapRef": {"name": "settings"}},
            {"prefix": "P_", "secretRef": {"name": "token"}},
            {"configMapRef": {"name": "lost", "optional": True}},
            {"somethingElse": {}},
        )
    )
    assert found(context, pod, step).whole == {"a": "1", "b.txt": "two", "P_value": "correct-horse"}


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ({"configMapKeyRef": {"name": "settings", "key": "b.txt"}}, "two"),
        ({"secretKeyRef": {"name": "token", "key": "value"}}, "correct-horse"),
        ({"fieldRef": {"fieldPath": "metadata.name"}}, "run-pod"),
        ({"resourceFieldRef": {"resource": "limits.cpu"}}, "0"),
    ],
)
def test_values_come_from_elsewhere(
    context: RunContext, pod: Pod, source: dict[str, Any], value: str
) -> None:
    assert found(context, pod, Step(env=(taken_from(**source),))) == Variables(
        {}, (("A", value),), frozenset({"A"})
    )


@pytest.mark.parametrize("name", ["lost", "settings"])
def test_an_optional_value_that_is_missing_is_left_out(context: RunContext, pod: Pod, name: str) -> None:
    env = taken_from(configMapKeyRef={"name": name, "key": "no", "optional": True})
    assert found(context, pod, Step(env=(env,))).own == ()


@pytest.mark.parametrize(
    ("step", "field"),
    [
        (Step(env_from=({"secretRef": {"name": "lost"}},)), 'steps[0].envFrom: secretRef "lost"'),
        (
            Step(env=(taken_from(secretKeyRef={"name": "token", "key": "no"}),)),
            "steps[0].env[A].valueFrom.secretKeyRef",
        ),
        (Step(env=(taken_from(configMapKeyRef={"name": "lost", "key": "k"}),)), "valueFrom.configMapKeyRef"),
        (Step(env=(taken_from(fileKeyRef={}),)), "steps[0].env[A].valueFrom: fileKeyRef needs a cluster"),
    ],
)
def test_what_is_missing_is_named(context: RunContext, pod: Pod, step: Step, field: str) -> None:
    with pytest.raises(SetupError) as error:
        found(context, pod, step)
    assert field in str(error.value)
    assert error.value.reason in ("CreateContainerConfigError", "PodCreationFailed")


def test_the_step_wins_over_the_pod_template(context: RunContext, pod: Pod) -> None:
    template = (Env(name="A", value="pod"), Env(name="B", value="pod"))
    step = Step(env=(Env(name="A", value="own"), Env(name="C", value="c")))
    assert found(context, pod, step, template).own == (("B", "pod"), ("A", "own"), ("C", "c"))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("metadata.namespace", "ns"),
        ("metadata.uid", "u"),
        ("metadata.labels['b']", "2"),
        ("metadata.annotations['note']", "n"),
        ("metadata.labels['none']", ""),
        ("metadata.labels", 'a="say \\"x\\""\nb="2"'),
        ("metadata.annotations", 'note="n"'),
        ("spec.serviceAccountName", "robot"),
        ("spec.nodeName", ""),
    ],
)
def test_fields_of_the_pod(pod: Pod, path: str, value: str) -> None:
    assert pod.field(path) == value


def test_the_pod_of_a_task_run() -> None:
    run = TaskRun(
        name="r",
        ref=Reference(name="build"),
        labels={"team": "blue"},
        settings=TaskRunSettings(service_account="robot"),
    )
    pod = Pod.of(run, "uid")
    assert (pod.name, pod.uid, pod.account) == ("r-pod", "uid", "robot")
    assert pod.labels == {
        "app.kubernetes.io/managed-by": "tekton-pipelines",
        "team": "blue",
        "tekton.dev/taskRun": "r",
        "tekton.dev/task": "build",
    }
    assert Pod.of(TaskRun(name="r"), "uid").account == "default"
