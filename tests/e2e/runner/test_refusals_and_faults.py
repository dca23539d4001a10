"""What is refused before it starts, and what becomes of a run when the machine itself fails."""

from __future__ import annotations

import errno
from dataclasses import replace
from pathlib import Path

import pytest
from holkas.model.catalog import Catalog
from holkas.model.record import TaskRunRecord
from holkas.model.reference import Reference
from holkas.model.run_event import RunEvent
from holkas.state.errors import StateUnusable
from holkas.state.store import Store
from holkas_builtin.runner import attempt, task_runner

from tests.local_runs import Finished, Runner, Started
from tests.tekton_runs import pipeline_run, task, task_run, when


def nothing_ran(finished: Finished) -> bool:
    return not [event for event in finished.events if event.kind.value == "step-started"]


UNKNOWN = {"image": "example.com/own/image", "args": ["x"]}


def test_an_image_that_alone_knows_what_to_start_refuses_the_task_run(each: Runner) -> None:
    finished = each.run(task_run("true", {**UNKNOWN, "script": ""}))
    assert finished.ending == ("False", "PodCreationFailed")
    assert finished.message.startswith(
        "steps[1].image: what 'example.com/own/image' starts by itself is not known"
    )
    assert nothing_ran(finished)


def test_it_refuses_a_pipeline_run_before_its_first_task(each: Runner) -> None:
    finished = each.run(pipeline_run(task("first", "true"), task("second", UNKNOWN, runAfter=["first"])))
    assert finished.ending == ("False", "CreateRunFailed")
    assert finished.message.startswith("tasks[1].taskSpec.steps[0].image: ")
    assert nothing_ran(finished)
    assert finished.endings() == {}


def test_a_task_that_may_never_start_refuses_nothing(runner: Runner) -> None:
    finished = runner.run(pipeline_run(task("first", "true"), task("second", UNKNOWN, when=when("a", "b"))))
    assert finished.ending == ("True", "Completed")


def test_the_template_may_give_the_command(runner: Runner) -> None:
    finished = runner.run(task_run(UNKNOWN, stepTemplate={"command": ["echo"]}))
    assert finished.ending == ("True", "Succeeded")


def test_a_privileged_sidecar_is_refused(each: Runner) -> None:
    sidecar = {"name": "s", "image": "docker", "securityContext": {"privileged": True}}
    finished = each.run(task_run("true", sidecars=[sidecar]))
    assert finished.ending == ("False", "PodCreationFailed")
    assert finished.message.startswith("sidecars[0].securityContext.privileged: ")


def test_custom_tasks_and_resolvers_are_refused(runner: Runner) -> None:
    (request,) = runner.requests(pipeline_run(task("t", "true")), params={}, jobs=0)
    for ref, field in (
        (Reference(name="x", api_version="example.dev/v0", kind="Example"), "custom task"),
        (Reference(resolver="git"), 'resolver "git"'),
        (Reference(name="lost"), 'Task "lost"'),
    ):
        spec = request.run.spec
        changed = replace(spec, tasks=(replace(spec.tasks[0], task_spec=None, ref=ref),))
        started = Started(runner=runner, request=replace(request, run=replace(request.run, spec=changed)))
        finished = started.begin().finish()
        assert finished.ending == ("False", "CouldntGetTask")
        assert 'pipeline task "t"' in finished.message or "lost" in finished.message
        assert field in finished.message
        assert nothing_ran(finished)


def test_a_task_run_of_a_task_that_is_not_there(runner: Runner) -> None:
    (request,) = runner.requests(task_run("true"), params={}, jobs=0)
    run = replace(request.run, spec=None, ref=Reference(name="lost"))
    finished = Started(runner=runner, request=replace(request, run=run)).begin().finish()
    assert finished.ending == ("False", "TaskRunResolutionFailed")
    assert finished.message.endswith('tasks.tekton.dev "lost" not found')


def test_a_pipeline_that_is_not_there(runner: Runner) -> None:
    (request,) = runner.requests(pipeline_run(task("t", "true")), params={}, jobs=0)
    run = replace(request.run, spec=None, ref=Reference(name="lost"))
    started = Started(runner=runner, request=replace(request, run=run, catalog=Catalog()))
    assert started.begin().finish().ending == ("False", "CouldntGetPipeline")


@pytest.mark.parametrize(
    ("volume", "text"),
    [
        ({"nfs": {"server": "s", "path": "/"}}, "volumes[v]: a volume of kind 'nfs' needs a cluster"),
        ({"configMap": {"name": "lost"}}, 'volumes[v]: configMap "lost" not found'),
        ({"hostPath": {"path": "/no/such/path"}}, "volumes[v]: the host has no /no/such/path"),
    ],
)
def test_volumes_that_cannot_be_made_are_named(runner: Runner, volume: dict[str, object], text: str) -> None:
    finished = runner.run(task_run("true", volumes=[{"name": "v", **volume}]))
    assert finished.record.condition.status == "False"
    assert text in finished.message
    assert nothing_ran(finished)


def test_a_variable_without_its_document_stops_the_task_before_its_first_step(runner: Runner) -> None:
    source = {"secretKeyRef": {"name": "lost", "key": "k"}}
    finished = runner.run(task_run("true", {"script": "true", "env": [{"name": "A", "valueFrom": source}]}))
    assert finished.ending == ("False", "CreateContainerConfigError")
    assert "steps[1].env[A].valueFrom.secretKeyRef" in finished.message
    assert nothing_ran(finished)


def full(*args: object, **kwargs: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_ends_the_run_with_a_sentence(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempt, "make_place", full)
    finished = runner.run(task_run("true"))
    assert finished.ending == ("False", "Error")
    assert finished.message == "OSError: [Errno 28] No space left on device"
    assert "Traceback" in (finished.directory / "crash.txt").read_text()


def test_a_fault_in_one_task_ends_the_others_at_once(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other one would sleep for a minute."""
    real = task_runner.Attempt

    class Faulty(real):  # type: ignore[misc, valid-type]  # the class that is replaced
        def carry_out(self, record: TaskRunRecord) -> TaskRunRecord:
            if record.pipeline_task == "faulty":
                full()
            return super().carry_out(record)

    monkeypatch.setattr(task_runner, "Attempt", Faulty)
    inner = {"name": "inner", "pipelineSpec": {"tasks": [task("deep", "sleep 60")]}}
    waits = task("slow", "sleep 60")
    finished = runner.run(
        pipeline_run(waits, inner, task("faulty", "true"), task("late", "sleep 60")), jobs=3
    )
    assert finished.ending == ("False", "Error")
    assert "No space left" in finished.message


def test_a_fault_while_a_step_writes_ends_its_process(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    from holkas_builtin.runner import streams

    monkeypatch.setattr(streams.LogFile, "write", full)
    finished = runner.run(task_run("echo x; sleep 60"))
    assert finished.ending == ("False", "Error")


def test_the_end_is_told_even_where_the_store_cannot_take_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise StateUnusable("the state store cannot be used: disk I/O error")

    monkeypatch.setattr(Store, "finish_run", broken)
    runner = Runner.make(tmp_path, "process")
    finished = runner.run(pipeline_run(*(task(f"t{number}", "true") for number in range(60))))
    assert finished.ending == ("True", "Succeeded")
    assert [event.kind.value for event in finished.events][-2:] == ["note", "run-finished"]
    again = list(runner.server.follow(finished.id))
    assert again[-1].kind.value == "run-finished"
    runner.server.close()


def test_a_store_that_fails_in_the_middle_ends_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner = Runner.make(tmp_path, "process")
    real = Store.add_event

    def breaks(store: Store, *events: RunEvent) -> None:
        if any(event.step for event in events):
            raise StateUnusable("the state store cannot be used: disk I/O error")
        real(store, *events)

    monkeypatch.setattr(Store, "add_event", breaks)
    finished = runner.run(task_run("true"))
    runner.server.close()
    assert finished.ending == ("False", "Error")
    assert "cannot be used" in finished.message
