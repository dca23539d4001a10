"""Steps may leave anything in their world; what holkas does there itself never leads out of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.local_runs import Runner
from tests.tekton_runs import pipeline_run, task, task_run

VICTIM = "/etc/holkas-test-victim"


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    """A directory of the host that no step may reach."""
    path = tmp_path / "victim"
    path.mkdir(mode=0o700)
    (path / "kept").write_text("as it was")
    return path


def untouched(victim: Path) -> bool:
    return (
        [entry.name for entry in victim.iterdir()] == ["kept"]
        and (victim / "kept").read_text() == "as it was"
        and victim.stat().st_mode & 0o777 == 0o700
    )


@pytest.mark.parametrize(
    "attack",
    [
        "rm -rf /tekton/steps/step-two; ln -s VICTIM /tekton/steps/step-two",
        "rm -rf /tekton/steps/step-two/results; ln -s VICTIM /tekton/steps/step-two/results",
        "rm -rf /tekton/scripts; ln -s VICTIM /tekton/scripts",
        "rm -rf /tekton/results; ln -s VICTIM /tekton/results",
        "rm -rf /tekton/artifacts; ln -s VICTIM /tekton/artifacts",
        "ln -s VICTIM /workspace/made",
        "ln -s VICTIM/kept /tekton/steps/step-two/exitCode",
        "ln -s VICTIM/kept $(results.out.path)",
        "mkfifo /tekton/steps/step-two/exitCode",
        "rm -rf /tekton/* /workspace/*; chmod 0 /tekton /workspace",
    ],
)
def test_links_are_not_followed_on_the_host(sandbox: Runner, victim: Path, attack: str) -> None:
    finished = sandbox.run(
        task_run(
            {"name": "one", "script": attack.replace("VICTIM", str(victim))},
            {
                "name": "two",
                "script": "true",
                "workingDir": "made/deeper",
                "onError": "continue",
                "results": [{"name": "r"}],
            },
            results=[{"name": "out"}],
        )
    )
    assert finished.record.condition.done
    assert finished.record.condition.reason != "Error"
    assert untouched(victim)


def test_a_stream_is_not_copied_through_a_link(sandbox: Runner, victim: Path) -> None:
    finished = sandbox.run(
        task_run(
            f"ln -s {victim}/kept /workspace/out; ln -s {victim} /workspace/dir",
            {"script": "echo evil", "stdoutConfig": {"path": "/workspace/out"}, "onError": "continue"},
            {"script": "echo evil", "stdoutConfig": {"path": "/workspace/dir/new"}},
        )
    )
    assert finished.ending == ("False", "StepFailed")
    assert untouched(victim)


def test_a_host_directory_of_a_manifest_is_read_only_for_streams_too(each: Runner, victim: Path) -> None:
    finished = each.run(
        task_run(
            {
                "script": "echo evil",
                "stdoutConfig": {"path": "/host/new"},
                "volumeMounts": [{"name": "v", "mountPath": "/host"}],
            },
            volumes=[{"name": "v", "hostPath": {"path": str(victim)}}],
        )
    )
    assert finished.ending == ("False", "StepFailed")
    assert untouched(victim)


def test_a_link_in_the_place_of_a_sub_path_is_refused(sandbox: Runner, victim: Path) -> None:
    mount = {"name": "v", "mountPath": "/data"}
    finished = sandbox.run(
        task_run(
            {"script": f"rmdir /data/sub; ln -s {victim} /data/sub", "volumeMounts": [mount]},
            {"name": "two", "script": "touch /data/x", "volumeMounts": [{**mount, "subPath": "sub"}]},
            volumes=[{"name": "v", "emptyDir": {}}],
        )
    )
    assert finished.ending == ("False", "StepFailed")
    assert "leads through a link" in finished.log(step="two")
    assert untouched(victim)


def test_a_link_in_a_shared_claim_is_refused(sandbox: Runner, victim: Path) -> None:
    claim = {"workspaces": [{"name": "w", "persistentVolumeClaim": {"claimName": "c"}}]}
    declared = {"workspaces": [{"name": "w"}]}
    finished = sandbox.run(
        pipeline_run(
            task(
                "one",
                f"ln -s {victim} $(workspaces.w.path)/sub",
                workspaces=[{"name": "w"}],
                spec=declared,
            ),
            task(
                "two",
                "touch $(workspaces.w.path)/x",
                runAfter=["one"],
                workspaces=[{"name": "w", "subPath": "sub"}],
                spec=declared,
            ),
            run=claim,
            workspaces=[{"name": "w"}],
        )
    )
    assert finished.task("two").condition.status == "False"
    assert "workspaces[w].subPath" in finished.task("two").condition.message
    assert untouched(victim)


def test_a_place_is_clean_when_the_next_task_gets_it(each: Runner) -> None:
    """With one job all tasks come after each other, and could be given the same directories."""
    look = "ls -A /workspace ~ /tmp /tekton/results /tekton/home /tekton/creds | grep -v ':$' | grep . && exit 1; "
    look += "ls -A /tekton/scripts | grep -v -x script-0 && exit 1; ls -A /tekton/steps | grep -x step-left && exit 1; "
    leave = "echo x > /workspace/left; echo x > ~/left; mkdir /tmp/left; echo x > /tekton/results/left; true"
    tasks = [task(f"t{number}", look + leave, spec={"results": []}) for number in range(4)]
    quiet = [task(f"q{number}", look + "true", spec={"results": []}) for number in range(4)]
    order = [entry for pair in zip(quiet, tasks, strict=True) for entry in pair]
    finished = each.run(pipeline_run(*order), jobs=1)
    assert finished.ending == ("True", "Succeeded")
