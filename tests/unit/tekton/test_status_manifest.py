"""Runs as manifests, with the status that Tekton gives them."""

from __future__ import annotations

from holkas.model.param import Param, ParamSpec, Result, ResultSpec
from holkas.model.pipeline import PipelineSpec, PipelineTask
from holkas.model.record import Condition, PipelineRunRecord, SkippedTask, StepRecord, TaskRunRecord
from holkas.model.reference import Reference
from holkas.model.run import PipelineRun, TaskRun
from holkas.model.step import Container, Sidecar, Step
from holkas.model.task import TaskSpec
from holkas.model.when import When
from holkas_compat.tekton.status import children, manifest
from holkas_compat.tekton.status.condition import timestamp

START = 1_700_000_000.0
T0, T5 = "2023-11-14T22:13:20Z", "2023-11-14T22:13:25Z"
GOOD = Condition(status="True", reason="Succeeded", message="All Steps have completed executing")
BAD = Condition(status="False", reason="Failed", message="step failed")
WHEN = When(input="a", operator="in", values=("b",))
PINNED = "busybox@sha256:" + "0" * 64


def task_record(**changes: object) -> TaskRunRecord:
    fields: dict[str, object] = {
        "name": "run-build",
        "pipeline_task": "build",
        "condition": GOOD,
        "started": START,
        "finished": START + 5.9,
    }
    return TaskRunRecord(**{**fields, **changes})  # type: ignore[arg-type]  # kept short for tests


def test_times_are_whole_seconds_in_utc() -> None:
    assert timestamp(START + 0.999) == T0
    assert timestamp(None) == ""


def test_without_a_record_there_is_no_status_and_nothing_is_filled_in() -> None:
    run = TaskRun(name="r", ref=Reference(name="t"))
    document = manifest(run)
    assert "status" not in document
    assert document["spec"] == {"taskRef": {"name": "t"}}


def test_a_finished_task_run() -> None:
    spec = TaskSpec(
        steps=(Step(name="say", image=PINNED, script="echo"), Step(image="alpine")),
        params=(ParamSpec(name="p", default="d"),),
        results=(ResultSpec(name="r"),),
    )
    record = task_record(
        applied_spec=spec,
        results=(Result(name="r", value=["a"]),),
        steps=(
            StepRecord(
                name="say",
                exit_code=0,
                termination="Completed",
                started=START,
                finished=START + 5,
                results=(Result(name="s", value="x"),),
                inputs=({"name": "in"},),
                outputs=({"name": "out"},),
            ),
            StepRecord(name="unnamed-1", exit_code=3, started=START, finished=START + 5, termination="Error"),
        ),
        inputs=({"name": "src", "values": [{"uri": "u"}]},),
    )
    document = manifest(TaskRun(name="run-build", ref=Reference(name="t")), record)
    assert document["kind"] == "TaskRun"
    assert document["spec"]["serviceAccountName"] == "default"
    status = document["status"]
    assert status["conditions"] == [
        {
            "type": "Succeeded",
            "status": "True",
            "lastTransitionTime": T5,
            "reason": "Succeeded",
            "message": "All Steps have completed executing",
        }
    ]
    assert (status["podName"], status["startTime"], status["completionTime"]) == ("", T0, T5)
    assert status["results"] == [{"name": "r", "type": "array", "value": ["a"]}]
    assert status["artifacts"] == {"inputs": [{"name": "src", "values": [{"uri": "u"}]}]}
    assert status["taskSpec"]["params"] == [{"name": "p", "type": "string", "default": "d"}]
    assert list(status["taskSpec"]["params"][0]) == ["name", "type", "default"]
    say, unnamed = status["steps"]
    assert say == {
        "name": "say",
        "container": "step-say",
        "imageID": PINNED,
        "terminated": {"exitCode": 0, "reason": "Completed", "startedAt": T0, "finishedAt": T5},
        "results": [{"name": "s", "type": "string", "value": "x"}],
        "terminationReason": "Completed",
        "inputs": [{"name": "in"}],
        "outputs": [{"name": "out"}],
    }
    assert "imageID" not in unnamed
    assert unnamed["terminated"]["reason"] == "Error"
    assert unnamed["terminated"]["exitCode"] == 3


def test_a_task_run_in_progress() -> None:
    record = task_record(
        condition=Condition(status="Unknown", reason="Running"),
        finished=None,
        spec=TaskSpec(
            steps=(Step(name="a"), Step(name="b", image="alpine")),
            step_template=Container(image=PINNED),
            sidecars=(Sidecar(name="db", image=PINNED),),
        ),
        steps=(StepRecord(name="a", started=START), StepRecord(name="b")),
        sidecars=(StepRecord(name="db", started=START),),
    )
    status = manifest(TaskRun(name="run-build"), record)["status"]
    assert "completionTime" not in status
    assert status["conditions"][0]["lastTransitionTime"] == T0
    assert status["steps"] == [
        {"name": "a", "container": "step-a", "imageID": PINNED, "running": {"startedAt": T0}},
        {"name": "b", "container": "step-b", "waiting": {"reason": "PodInitializing"}},
    ]
    assert status["sidecars"] == [
        {"name": "db", "container": "sidecar-db", "imageID": PINNED, "running": {"startedAt": T0}}
    ]


def test_a_run_that_never_started_has_no_times() -> None:
    status = manifest(TaskRun(name="r"), TaskRunRecord(name="r"))["status"]
    assert status == {
        "conditions": [{"type": "Succeeded", "status": "Unknown", "reason": "Pending", "message": ""}],
        "podName": "",
    }


def test_earlier_attempts_are_kept() -> None:
    record = task_record(attempts=(task_record(condition=BAD),))
    status = manifest(TaskRun(name="run-build"), record)["status"]
    assert status["retriesStatus"][0]["conditions"][0]["reason"] == "Failed"


def pipeline_record() -> PipelineRunRecord:
    spec = PipelineSpec(
        tasks=(PipelineTask(name="build", ref=Reference(name="t")),),
        finally_=(PipelineTask(name="clean", task_spec=TaskSpec(params=(ParamSpec(name="p"),))),),
    )
    child = task_record(
        ref=Reference(name="t"), params=(Param(name="x", value="y"),), display_name="Build it", when=(WHEN,)
    )
    last = task_record(name="run-clean", pipeline_task="clean", spec=TaskSpec(steps=(Step(image="i"),)))
    nested = PipelineRunRecord(
        name="run-sub", pipeline_task="sub", condition=GOOD, spec=PipelineSpec(), children=(last,)
    )
    return PipelineRunRecord(
        name="run",
        condition=Condition(status="True", reason="Completed", message="Tasks Completed: 2"),
        spec=spec,
        started=START,
        finished=START + 5,
        finally_started=START + 5,
        results=(Result(name="out", value={"k": "v"}),),
        children=(child, last, nested),
        skipped=(SkippedTask(name="deploy", reason="When Expressions evaluated to false", when=(WHEN,)),),
    )


def test_a_finished_pipeline_run() -> None:
    status = manifest(PipelineRun(name="run", ref=Reference(name="p")), pipeline_record())["status"]
    when = [{"input": "a", "operator": "in", "values": ["b"]}]
    assert status["results"] == [{"name": "out", "value": {"k": "v"}}]
    assert status["skippedTasks"] == [
        {"name": "deploy", "reason": "When Expressions evaluated to false", "whenExpressions": when}
    ]
    assert status["childReferences"] == [
        {
            "apiVersion": "tekton.dev/v1",
            "kind": "TaskRun",
            "name": "run-build",
            "displayName": "Build it",
            "pipelineTaskName": "build",
            "whenExpressions": when,
        },
        {"apiVersion": "tekton.dev/v1", "kind": "TaskRun", "name": "run-clean", "pipelineTaskName": "clean"},
        {"apiVersion": "tekton.dev/v1", "kind": "PipelineRun", "name": "run-sub", "pipelineTaskName": "sub"},
    ]
    assert status["finallyStartTime"] == T5
    assert status["pipelineSpec"]["finally"][0]["taskSpec"]["params"] == [{"name": "p", "type": "string"}]
    assert list(status["taskRuns"]) == ["run-build", "run-clean"]
    assert status["taskRuns"]["run-build"]["pipelineTaskName"] == "build"
    assert status["taskRuns"]["run-build"]["whenExpressions"] == when
    assert status["taskRuns"]["run-clean"]["status"]["podName"] == ""
    assert status["pipelineRuns"]["run-sub"]["status"]["conditions"][0]["reason"] == "Succeeded"


def test_children_are_documents_of_their_own() -> None:
    documents = children(pipeline_record(), namespace="ci")
    names = [(document["kind"], document["metadata"]["name"]) for document in documents]
    assert names == [
        ("TaskRun", "run-build"),
        ("TaskRun", "run-clean"),
        ("PipelineRun", "run-sub"),
        ("TaskRun", "run-clean"),
    ]
    build, clean, nested, _ = documents
    assert build["metadata"]["namespace"] == "ci"
    labels = build["metadata"]["labels"]
    assert (labels["tekton.dev/pipelineRun"], labels["tekton.dev/memberOf"]) == ("run", "tasks")
    assert clean["metadata"]["labels"]["tekton.dev/memberOf"] == "finally"
    assert build["metadata"]["ownerReferences"][0]["name"] == "run"
    assert build["spec"]["taskRef"]["name"] == "t"
    assert build["spec"]["params"] == [{"name": "x", "value": "y"}]
    assert clean["spec"]["taskSpec"]["steps"][0]["image"] == "i"
    assert nested["status"]["childReferences"][0]["name"] == "run-clean"


def test_a_task_run_has_no_children() -> None:
    assert children(task_record()) == []
