"""Digests that say whether the outcome of a task still holds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from holkas.model.catalog import Catalog, SecretData
from holkas.model.param import Param
from holkas.model.run import TaskRun, TaskRunSettings
from holkas.model.secret import Secret
from holkas.model.step import Env, Step
from holkas.model.task import TaskSpec
from holkas.model.workspace import WorkspaceBinding
from holkas_builtin.runner.fingerprint import differences, fingerprint, store_key
from holkas_builtin.runner.run_clock import RunClock

SPEC = TaskSpec(
    steps=(
        Step(
            name="s",
            image="alpine",
            script="true",
            env=(Env(name="T", source={"secretKeyRef": {"name": "cred", "key": "k"}}),),
        ),
    )
)
RUN = TaskRun(name="t", params=(Param(name="p", value="v"),))


def catalog(secret=b"a", other=b"b", colour=b"red"):
    return Catalog(
        secrets={
            "cred": SecretData(name="cred", data={"k": Secret(secret)}),
            "unused": SecretData(name="unused", data={"k": Secret(other)}),
        },
        config_maps={"settings": {"colour": colour}},
    )


def made(run=RUN, spec=SPEC, documents=None, executor="process", key=b"k" * 32):
    return fingerprint(run, spec, documents or catalog(), executor=executor, key=key)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"spec": replace(SPEC, steps=(replace(SPEC.steps[0], script="false"),))}, ["the task"]),
        ({"run": replace(RUN, params=(Param(name="p", value="w"),))}, ["its params"]),
        (
            {"run": replace(RUN, workspaces=(WorkspaceBinding(name="w", kind="emptyDir"),))},
            ["its workspaces"],
        ),
        ({"documents": catalog(secret=b"z")}, ["a ConfigMap, a Secret or a StepAction that it uses"]),
        (
            {"run": replace(RUN, settings=TaskRunSettings(service_account="x"))},
            ["its settings (service account, pod template)"],
        ),
        ({"executor": "sandbox"}, ["the executor"]),
        ({"documents": catalog(other=b"z", colour=b"blue")}, []),
        ({"run": replace(RUN, name="other", retries=3, timeout=5.0)}, []),
    ],
)
def test_what_changed_is_named(changed, words):
    assert differences(made(), made(**changed)) == words


def test_a_config_map_counts_when_it_is_mentioned():
    run = replace(
        RUN, workspaces=(WorkspaceBinding(name="w", kind="configMap", source={"name": "settings"}),)
    )
    assert differences(made(run), made(run, documents=catalog(colour=b"blue"))) != []


def test_a_digest_of_a_short_secret_tells_nothing_without_the_key(tmp_path):
    assert made(key=b"1" * 32) != made(key=b"2" * 32)
    key = store_key(tmp_path)
    assert len(key) == 32
    assert store_key(tmp_path) == key
    assert [path.name for path in tmp_path.iterdir()] == ["fingerprint.key"]
    assert (tmp_path / "fingerprint.key").stat().st_mode & 0o777 == 0o600


def test_the_clock_of_a_run_stands_still_while_it_is_dead():
    clock = RunClock([(10.0, 30.0), (50.0, 51.0), (60.0, 55.0)])
    assert [clock.at(moment) for moment in (5.0, 10.0, 30.0, 40.0, 51.0, 70.0)] == [5, 10, 10, 20, 30, 49]
    assert RunClock().at(7.0) == 7.0
