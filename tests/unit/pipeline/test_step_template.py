from __future__ import annotations

from holkas.model.step import Container, Env, Sidecar, Step, VolumeMount
from holkas.model.task import TaskSpec
from holkas.pipeline.step_template import apply_step_template, merge_steps
from hypothesis import given
from hypothesis import strategies as st


def env(**values: str) -> tuple[Env, ...]:
    return tuple(Env(name=name, value=value) for name, value in values.items())


def merged(template: Container, step: Step) -> Step:
    return merge_steps(template, [step])[0]


def test_a_task_without_template_is_returned_itself() -> None:
    spec = TaskSpec(steps=(Step(image="a"),))
    assert apply_step_template(spec) is spec


def test_every_step_gets_the_template_and_no_sidecar_does() -> None:
    template = Container(image="base", working_dir="/src")
    spec = TaskSpec(
        steps=(Step(name="a"), Step(name="b", image="own")),
        sidecars=(Sidecar(name="s"),),
        step_template=template,
    )
    out = apply_step_template(spec)
    assert [(step.image, step.working_dir) for step in out.steps] == [("base", "/src"), ("own", "/src")]
    assert out.sidecars == spec.sidecars
    assert out.step_template is template


def test_what_the_step_says_wins() -> None:
    template = Container(
        image="base",
        command=("t",),
        args=("t",),
        working_dir="/t",
        env_from=({"prefix": "T"},),
        env=env(A="t", B="t"),
    )
    step = Step(
        image="own",
        command=("s",),
        args=("s", "s"),
        working_dir="/s",
        env_from=({"prefix": "S"},),
        env=(Env(name="B", source={"secretKeyRef": {"name": "n", "key": "k"}}),),
        script="echo",
        timeout=3,
    )
    out = merged(template, step)
    assert (out.image, out.command, out.args, out.working_dir) == ("own", ("s",), ("s", "s"), "/s")
    assert out.env_from == ({"prefix": "S"},)
    assert out.env == (Env(name="A", value="t"), step.env[0])
    assert (out.script, out.timeout) == ("echo", 3)


def test_command_and_args_are_filled_in_one_by_one() -> None:
    out = merged(Container(command=("sh",), args=("-c",)), Step(args=("-x",)))
    assert (out.command, out.args) == (("sh",), ("-x",))


def test_entries_of_the_step_come_first_where_the_template_leaves_a_choice() -> None:
    out = merged(Container(env=env(T="t")), Step(env=env(S1="s", S2="s")))
    assert [each.name for each in out.env] == ["S1", "S2", "T"]
    out = merged(Container(env=env(A="t", B="t", C="t")), Step(env=env(X="s", B="s")))
    assert [(each.name, each.value) for each in out.env] == [("X", "s"), ("A", "t"), ("B", "s"), ("C", "t")]


def test_mounts_are_merged_by_path() -> None:
    template = Container(
        volume_mounts=(VolumeMount(name="t", mount_path="/a"), VolumeMount(name="t", mount_path="/b"))
    )
    out = merged(template, Step(volume_mounts=(VolumeMount(name="s", mount_path="/b"),)))
    assert [(each.name, each.mount_path) for each in out.volume_mounts] == [("t", "/a"), ("s", "/b")]


def test_mappings_are_merged_key_by_key() -> None:
    template = Container(
        security_context={"runAsUser": 1, "capabilities": {"drop": ["ALL"]}},
        extra={
            "computeResources": {"limits": {"cpu": "1", "memory": "1Gi"}},
            "imagePullPolicy": "Always",
            "ports": [{"containerPort": 1, "name": "t"}, {"containerPort": 2, "name": "t"}],
        },
    )
    step = Step(
        security_context={"runAsUser": 2, "capabilities": {"add": ["X"]}},
        extra={
            "computeResources": {"limits": {"cpu": "2"}},
            "imagePullPolicy": "Never",
            "ports": [{"containerPort": 2, "name": "s"}],
        },
    )
    out = merged(template, step)
    assert out.security_context == {"runAsUser": 2, "capabilities": {"drop": ["ALL"], "add": ["X"]}}
    assert out.extra == {
        "computeResources": {"limits": {"cpu": "2", "memory": "1Gi"}},
        "imagePullPolicy": "Never",
        "ports": [{"containerPort": 1, "name": "t"}, {"containerPort": 2, "name": "s"}],
    }


NAMES = st.lists(st.sampled_from("ABCDEF"), unique=True)


@given(NAMES, NAMES)
def test_every_variable_is_there_once_with_the_steps_value(template: list[str], step: list[str]) -> None:
    out = merged(
        Container(env=env(**dict.fromkeys(template, "t"))), Step(env=env(**dict.fromkeys(step, "s")))
    ).env
    assert {each.name: each.value for each in out} == {
        **dict.fromkeys(template, "t"),
        **dict.fromkeys(step, "s"),
    }
    assert len(out) == len({*template, *step})
    assert [each.name for each in out if each.value == "s"] == step
