"""Steps as containers: what the image, the security context and the resources say is so."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from holkas.model.run_request import CancelMode

from tests.container_images import configured_image, need_containers, of_engine, plain_image
from tests.local_runs import Runner
from tests.tekton_runs import pipeline_run, task, task_run

pytestmark = pytest.mark.containers


@pytest.fixture
def image() -> str:
    need_containers()
    return plain_image()


@pytest.fixture
def make(tmp_path: Path, image: str) -> Iterator[Callable[..., Runner]]:
    made: list[Runner] = []

    def make(**settings: Any) -> Runner:
        settings = {"network": "none", "replace": {"bash": image}, **settings}
        made.append(Runner.make(tmp_path, "container", {"container": settings}))
        return made[-1]

    yield make
    for runner in made:
        runner.server.close()


@pytest.fixture
def runner(make: Callable[..., Runner]) -> Runner:
    return make()


def containers(name: str = "") -> list[str]:
    """Containers of holkas that there are, running or not, by what their command holds."""
    listed = of_engine(
        "ps", "--all", "--no-trunc", "--filter=label=io.holkas.owner", "--format={{.Names}} {{.Command}}"
    )
    return [line for line in listed.splitlines() if name in line]


# The image


def test_the_image_says_what_is_started(runner: Runner) -> None:
    image = configured_image()
    finished = runner.run(
        task_run(
            {"name": "by-itself", "image": image},
            {"name": "with-arguments", "image": image, "args": ["of", "mine"]},
            {"name": "command", "image": image, "command": ["env"]},
            {"name": "place", "image": image, "script": "pwd; echo $HOME"},
        )
    )
    assert finished.ending == ("True", "Succeeded")
    assert finished.log(step="by-itself") == "started by itself with its own words\n"
    assert finished.log(step="with-arguments") == "started by itself of mine\n"
    assert "OF_THE_IMAGE=yes" in finished.log(step="command")
    assert finished.log(step="place") == "/home/somebody\n/root\n"


def test_the_digest_of_each_image_is_recorded(runner: Runner, image: str) -> None:
    finished = runner.run(
        task_run("true", sidecars=[{"name": "aside", "image": "bash", "script": "sleep 30"}])
    )
    name = image.rpartition(":")[0]
    for step in (*finished.status["steps"], *finished.status["sidecars"]):
        assert step["imageID"].startswith(f"{name}@sha256:")
    assert finished.status["steps"][0]["imageID"] == of_engine(
        "image", "inspect", "--format={{index .RepoDigests 0}}", image
    )


def test_an_image_that_is_not_there_fails_its_step(make: Callable[..., Runner]) -> None:
    finished = make(pull="never").run(task_run({"image": "localhost/no-such-image", "script": "true"}))
    assert finished.ending == ("False", "StepFailed")
    assert (
        'podman does not have the image "localhost/no-such-image"; --pull missing fetches it'
        in finished.log()
    )


@pytest.mark.parametrize("name", ["--privileged", "a b", "-v/:/host", "image;true"])
def test_the_name_of_an_image_is_no_option(name: str, runner: Runner) -> None:
    finished = runner.run(task_run({"image": name, "script": "true"}))
    assert finished.ending == ("False", "StepFailed")
    assert f"{name!r} is not the name of an image" in finished.log()


# What goes in and what comes out


def test_results_workspaces_and_steps_share_what_a_task_shares(runner: Runner) -> None:
    finished = runner.run(
        pipeline_run(
            task("first", "printf content > $(workspaces.w.path)/file; printf one > $(results.out.path)",
                 spec={"workspaces": [{"name": "w"}]}, workspaces=[{"name": "w"}]),
            task("second", "printf '%s ' $(params.given) > $(results.out.path)",
                 "cat $(workspaces.w.path)/file >> $(results.out.path)",
                 params={"given": "$(tasks.first.results.out)"},
                 spec={"workspaces": [{"name": "w", "readOnly": True}]}, workspaces=[{"name": "w"}]),
            workspaces=[{"name": "w"}],
            results={"all": "$(tasks.second.results.out)"},
            run={"workspaces": [{"name": "w", "volumeClaimTemplate": {"spec": {
                "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}}}]},
        )
    )  # fmt: skip
    assert finished.ending == ("True", "Succeeded")
    assert finished.results == {"all": "one content"}


def test_a_missing_program_is_told_and_not_continued_after(runner: Runner) -> None:
    for step in (
        {"command": ["no-such-program"]},
        {"script": "#!/usr/bin/no-such-interpreter\n"},
        {"script": "\n#!/bin/sh\ntrue\n"},
    ):
        finished = runner.run(task_run({**step, "image": "bash", "onError": "continue"}))
        assert finished.ending == ("False", "StepFailed")
        assert "holkas: cannot start" in finished.log()
    for code in (1, 126, 127, 255):
        finished = runner.run(task_run({"script": f"exit {code}", "onError": "continue"}))
        assert finished.ending == ("True", "Succeeded")


def test_secrets_are_in_no_list_of_processes(runner: Runner) -> None:
    secret = "correct-horse-battery"
    document = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "stringData": {"k": secret}}
    script = "sleep 0.4; test ${#TOKEN} = 21 && test ${#HOME} = 21"
    value = {"valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}
    step = {"image": "bash", "script": script, "env": [{"name": "TOKEN", **value}, {"name": "HOME", **value}]}
    started, *_ = runner.start(f"{json.dumps(document)}\n---\n{task_run(step)}")
    started.begin()
    seen: list[bytes] = []
    for event in started.events():
        if event.kind.value == "step-started":
            deadline = time.monotonic() + 30
            while not containers("script-0") and time.monotonic() < deadline:
                seen += command_lines()
            seen += command_lines()
            assert secret not in of_engine("ps", "--all", "--no-trunc", "--filter=label=io.holkas.owner")
    assert started.finish().ending == ("True", "Succeeded")
    assert [line for line in seen if secret.encode() in line] == []
    assert [line for line in seen if b"io.holkas.owner" in line] != []


def command_lines() -> list[bytes]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                found.append((entry / "cmdline").read_bytes())
            except OSError:
                continue
    return found


# Rights and limits


def test_who_a_step_is(runner: Runner) -> None:
    script = "id -u > $(results.out.path); id -g >> $(results.out.path); id -G >> $(results.out.path)"
    security = {"runAsUser": 1000, "runAsGroup": 1001}
    template = {"podTemplate": {"securityContext": {"runAsUser": 5, "supplementalGroups": [77]}}}
    finished = runner.run(
        task_run({"image": "bash", "script": script, "securityContext": security}, run=template)
    )
    assert finished.results == {"out": "1000\n1001\n1001 77\n"}


def test_what_a_step_may_not(runner: Runner) -> None:
    script = "touch /etc/x 2>/dev/null && exit 1; touch /tekton/home/x || exit 2; chown 5 /tekton/home/x && exit 3; true"
    security = {
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
        "allowPrivilegeEscalation": False,
    }
    finished = runner.run(task_run({"image": "bash", "script": script, "securityContext": security}))
    assert finished.ending == ("True", "Succeeded"), finished.message


@pytest.mark.parametrize(
    ("security", "why"),
    [
        ({"privileged": True}, "gives no such rights"),
        ({"capabilities": {"add": ["SYS_ADMIN"]}}, "gives no such rights"),
        ({"capabilities": {"drop": ["ALL --privileged"]}}, "not the name of a capability"),
        ({"runAsNonRoot": True}, "would run as root"),
    ],
)
def test_rights_that_nobody_allowed_are_refused(security: dict[str, Any], why: str, runner: Runner) -> None:
    finished = runner.run(task_run({"image": "bash", "script": "true", "securityContext": security}))
    assert finished.ending == ("False", "StepFailed")
    assert why in finished.log()


def test_rights_are_given_where_the_settings_allow_it(make: Callable[..., Runner]) -> None:
    step = {
        "image": "bash",
        "script": "mkdir /m && mount -t tmpfs none /m",
        "securityContext": {"privileged": True},
    }
    assert make(privileged=True).run(task_run(step)).ending == ("True", "Succeeded")


def test_too_much_memory_is_told_as_tekton_tells_it(runner: Runner) -> None:
    step = {
        "image": "bash",
        "script": "head -c 200000000 /dev/zero | tail | wc -c",
        "computeResources": {"limits": {"memory": "16Mi", "cpu": "900m"}},
    }
    finished = runner.run(task_run({**step, "script": f"exec {step['script'].split(' | ')[1]} /dev/zero"}))
    assert finished.ending == ("False", "StepOOM")
    assert finished.task().steps[0].reason == "OOMKilled"


def test_limits_of_the_run_count_before_the_steps(runner: Runner) -> None:
    """Of the task as a whole, of a step by name, or the step's own."""
    script = "cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null > $(results.out.path)"
    step = {
        "name": "s",
        "image": "bash",
        "script": script,
        "computeResources": {"limits": {"memory": "64Mi"}},
    }
    for run, memory in (
        ({}, 64),
        ({"stepSpecs": [{"name": "s", "computeResources": {"limits": {"memory": "96Mi"}}}]}, 96),
        ({"computeResources": {"limits": {"memory": "128Mi"}}}, 128),
    ):
        assert runner.run(task_run(step, run=run)).results == {"out": f"{memory << 20}\n"}


# Ends


def test_time_outs_and_wishes_end_containers(runner: Runner) -> None:
    finished = runner.run(task_run({"image": "bash", "script": "sleep 60", "timeout": "400ms"}))
    assert finished.ending == ("False", "StepFailed")
    assert "exceeded the specified timeout" in finished.message
    assert runner.run(task_run("sleep 60", run={"timeout": "1s"})).ending == ("False", "TaskRunTimeout")
    started, *_ = runner.start(task_run("echo up; trap 'echo bye; exit 0' TERM; sleep 60 & wait"))
    started.begin()
    for event in started.events():
        if event.kind.value == "log" and "up" in event.data["text"]:
            runner.server.cancel(started.id, CancelMode.CANCELLED)
    finished = started.finish()
    assert finished.ending == ("False", "TaskRunCancelled")
    assert finished.log() == "up\nbye\n"


def test_nothing_outlives_a_killed_holkas(tmp_path: Path, image: str) -> None:
    mark = f"4321.{os.getpid()}"
    (tmp_path / "run.yaml").write_text(task_run({"image": image, "script": f"sleep {mark}"}), "utf-8")
    env = {**os.environ, "HOLKAS_STATE_DIR": str(tmp_path / "state")}
    words = [sys.executable, "-m", "holkas", "run", "--executor", "container", "run.yaml"]
    process = subprocess.Popen(words, cwd=tmp_path, env=env, stderr=subprocess.DEVNULL)
    until(lambda: sleeping(mark))
    owners = [path.stem for path in (tmp_path / "state" / "containers").glob("*.lock")]
    process.send_signal(signal.SIGKILL)
    process.wait()
    until(lambda: not sleeping(mark))
    until(lambda: not [line for line in containers() if any(owner in line for owner in owners)])


def test_the_next_run_removes_what_a_dead_one_left(runner: Runner, tmp_path: Path, image: str) -> None:
    assert runner.run(task_run("true")).ending == ("True", "Succeeded")
    root = tmp_path / "state" / "containers"
    store = (root / "store-id").read_text()
    labels = [f"--label=io.holkas.store={store}", "--label=io.holkas.owner=0123456789ab"]
    left = of_engine("create", *labels, image, "true")
    others = of_engine("create", "--label=io.holkas.store=ffffffffffff", labels[1], image, "true")
    try:
        (root / "0123456789ab.lock").touch()
        assert runner.run(task_run("true")).ending == ("True", "Succeeded")
        known = of_engine("ps", "--all", "--no-trunc", "--quiet").split()
        assert left not in known
        assert others in known
        assert not (root / "0123456789ab.lock").exists()
    finally:
        of_engine("rm", "--force", "--ignore", left, others)


def sleeping(mark: str) -> bool:
    return any(mark.encode() in line and line.startswith(b"sleep") for line in command_lines())


def until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
