"""Custom tasks, served by a plugin, in pipelines and alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from holkas.extensions.custom_task import CustomExecution, CustomRun
from holkas.model.record import PipelineRunRecord, TaskRunRecord
from holkas.model.run_request import CancelMode
from holkas.testing.fakes.custom_task import FakeCustomTask

from tests.custom_tasks import HOLD, KIND, VERSION, Served, cancelled, custom, custom_run
from tests.local_runs import values
from tests.tekton_runs import RESULT, pipeline_run, task, when


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = Served(tmp_path, FakeCustomTask())
    yield made
    made.runner.server.close()


def test_results_go_to_other_tasks_and_to_the_pipeline(served: Served) -> None:
    finished = served.run(
        pipeline_run(
            custom("c", params={"result-text": "t", "result-list": '["a", "b"]', "result-odd": '["a", 1]'}),
            task(
                "t",
                f"printf %s '$(params.text) $(params.odd)' > {RESULT}",
                params={
                    "text": "$(tasks.c.results.text)",
                    "odd": "$(tasks.c.results.odd)",
                },
            ),
            task(
                "m",
                f"printf $(params.each) > {RESULT}",
                spec={"params": [{"name": "each"}]},
                matrix={"params": [{"name": "each", "value": "$(tasks.c.results.list[*])"}]},
            ),
            results={"list": "$(tasks.c.results.list)", "out": "$(tasks.t.results.out)"},
        )
    )
    assert finished.ending == ("True", "Succeeded"), finished.message
    # To the pipeline the result of a custom task is text; to other tasks an array of strings is one.
    assert finished.results == {"list": '["a", "b"]', "out": 't ["a", 1]'}
    assert isinstance(finished.record, PipelineRunRecord)
    outs = [values(each.results)["out"] for each in finished.record.children if each.pipeline_task == "m"]
    assert outs == ["a", "b"]


def test_only_a_single_run_that_succeeded_has_results_for_the_pipeline(served: Served) -> None:
    finished = served.run(
        pipeline_run(
            custom("bad", params={"result-r": "1", "fail": "no"}, onError="continue"),
            custom(
                "m",
                params={"result-r": '["2"]'},
                matrix={"params": [{"name": "result-x", "value": ["3", "4"]}]},
            ),
            task(
                "t",
                f"printf $(params.bad)$(params.m[0]) > {RESULT}",
                params={
                    "bad": "$(tasks.bad.results.r)",
                    "m": "$(tasks.m.results.r[*])",
                },
            ),
            results={"bad": "$(tasks.bad.results.r)", "t": "$(tasks.t.results.out)"},
        )
    )
    assert finished.ending == ("True", "Succeeded"), finished.message
    # Other tasks see what a failed one emitted, and of a matrix what its first run did.
    assert finished.results == {"t": "12"}


def test_the_plugin_is_told_everything(served: Served) -> None:
    document = {"apiVersion": VERSION, "kind": KIND, "metadata": {"name": "o"}, "spec": {"x": 1}}
    claim = {"name": "w", "volumeClaimTemplate": {"spec": {"accessModes": ["ReadWriteOnce"]}}}
    text = pipeline_run(
        task(
            "t",
            "echo content > $(workspaces.w.path)/file",
            spec={"workspaces": [{"name": "w"}]},
            workspaces=[{"name": "w"}],
        ),
        custom(
            "named",
            ref="o",
            params={"p": "$(params.given)", "n": "$(context.pipelineRun.name)"},
            retries=2,
            timeout="90s",
            runAfter=["t"],
            workspaces=[{"name": "mine", "workspace": "w"}],
        ),
        custom("embedded", embedded={"spec": {"y": ["$(params.given)"]}, "metadata": {"labels": {"l": "1"}}}),
        params=[{"name": "given"}],
        workspaces=[{"name": "w"}],
        run={
            "params": [{"name": "given", "value": "v"}],
            "workspaces": [claim],
            "taskRunTemplate": {"serviceAccountName": "sa"},
        },
    )
    finished = served.run(f"{text}\n---\n{json.dumps(document)}")
    assert finished.ending == ("True", "Succeeded"), finished.message
    runs = {run.name: run for run in served.fake.runs}
    named, embedded = runs["flow-named"], runs["flow-embedded"]
    assert (named.api_version, named.kind, named.ref_name) == (VERSION, KIND, "o")
    assert named.document == document
    assert named.spec is None
    assert {param.name: param.value for param in named.params} == {"p": "v", "n": "flow"}
    assert (named.retries, named.timeout, named.service_account) == (2, 90.0, "sa")
    assert [binding.name for binding in named.workspaces] == ["mine"]
    assert named.labels["tekton.dev/pipelineTask"] == "named"
    assert list(named.directories) == ["mine"]
    # Tekton replaces no variables in an embedded spec.
    assert (embedded.spec, embedded.metadata) == ({"y": ["$(params.given)"]}, {"labels": {"l": "1"}})
    assert (embedded.ref_name, embedded.document, embedded.timeout) == ("", None, 3600.0)
    assert served.fake.closed


def test_its_workspaces_are_directories_of_this_machine(tmp_path: Path) -> None:
    seen: dict[str, str] = {}

    class Reads(FakeCustomTask):
        def start(self, run: CustomRun) -> CustomExecution:
            seen["read"] = (run.directories["w"] / "file").read_text()
            (run.directories["w"] / "answer").write_text("42")
            (run.directories["own"] / "scratch").write_text("")
            seen["config"] = (run.directories["config"] / "key").read_text()
            seen["own"] = str(run.directories["own"])
            return super().start(run)

    served = Served(tmp_path, Reads())
    config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "cm"}, "data": {"key": "value"}}
    mount = {"spec": {"workspaces": [{"name": "w"}]}, "workspaces": [{"name": "w"}]}
    text = pipeline_run(
        task("t", "printf content > $(workspaces.w.path)/file", **mount),
        custom("c", runAfter=["t"], workspaces=[{"name": name} for name in ("w", "own", "config")]),
        task("u", f"cp $(workspaces.w.path)/answer {RESULT}", runAfter=["c"], **mount),
        results={"out": "$(tasks.u.results.out)"},
        workspaces=[{"name": name} for name in ("w", "own", "config")],
        run={
            "workspaces": [
                {"name": "w", "volumeClaimTemplate": {"spec": {"accessModes": ["ReadWriteOnce"]}}},
                {"name": "own", "emptyDir": {}},
                {"name": "config", "configMap": {"name": "cm"}},
            ]
        },
    )
    finished = served.run(f"{text}\n---\n{json.dumps(config)}")
    served.runner.server.close()
    assert finished.ending == ("True", "Succeeded"), finished.message
    assert finished.results == {"out": "42"}
    assert (seen["read"], seen["config"]) == ("content", "value")
    assert not Path(seen["own"]).exists()


def test_a_workspace_that_cannot_be_made_fails_it(served: Served) -> None:
    text = pipeline_run(
        custom("c", workspaces=[{"name": "w"}]),
        workspaces=[{"name": "w"}],
        run={"workspaces": [{"name": "w", "configMap": {"name": "lost"}}]},
    )
    finished = served.run(text)
    assert finished.endings() == {"c": "CreateContainerConfigError"}
    assert served.fake.runs == []


def test_when_matrix_finally_and_the_status(served: Served) -> None:
    finished = served.run(
        pipeline_run(
            custom("skipped", when=when("a", "b")),
            custom("m", matrix={"params": [{"name": "x", "value": ["1", "2"]}]}),
            custom("bad", params={"fail": "no"}, onError="continue", when=when("a", "a")),
            last=[custom("last", params={"state": "$(tasks.bad.status) $(tasks.bad.reason)"})],
        )
    )
    assert finished.ending == ("True", "Completed"), finished.message
    assert finished.skipped == {"skipped": "When Expressions evaluated to false"}
    assert finished.endings() == {
        "m-0": "Succeeded",
        "m-1": "Succeeded",
        "bad": "Failed",
        "last": "Succeeded",
    }
    last = next(run for run in served.fake.runs if run.name == "flow-last")
    assert last.params[0].value == "Failed Failed"
    status = finished.status
    references = {each["name"]: each for each in status["childReferences"]}
    assert references["flow-bad"] == {
        "apiVersion": "tekton.dev/v1beta1",
        "kind": "CustomRun",
        "name": "flow-bad",
        "pipelineTaskName": "bad",
        "whenExpressions": [{"input": "a", "operator": "in", "values": ["a"]}],
    }
    assert set(status["runs"]) == {"flow-m-0", "flow-m-1", "flow-bad", "flow-last"}
    assert "taskRuns" not in status
    assert status["runs"]["flow-bad"]["status"]["conditions"][0]["message"] == "no"


def test_a_failure_fails_the_pipeline(served: Served) -> None:
    finished = served.run(pipeline_run(custom("c", params={"fail": "no"}), custom("d", runAfter=["c"])))
    assert finished.ending == ("False", "Failed")
    assert finished.skipped == {"d": "PipelineRun was stopping"}
    assert [run.name for run in served.fake.runs] == ["flow-c"]


def test_retries_are_the_plugin_s_own(served: Served) -> None:
    finished = served.run(pipeline_run(custom("c", params={"failures": "1", "result-r": "1"}, retries=2)))
    assert finished.ending == ("True", "Succeeded")
    assert len(served.fake.runs) == 1
    status = finished.status["runs"]["flow-c"]["status"]
    (earlier,) = status["retriesStatus"]
    assert earlier["conditions"][0]["message"] == "attempt 0 failed"
    assert status["results"] == [{"name": "r", "value": "1"}]
    retried = [event.data["retried"] for event in finished.events if event.kind.value == "task-finished"]
    assert retried == [True, False]


def test_all_attempts_together_have_the_time_of_each(served: Served) -> None:
    finished = served.run(pipeline_run(custom("c", params=HOLD, timeout="50ms", retries=1)))
    assert finished.ending == ("False", "Failed")
    child = finished.task("c")
    assert child.condition.reason == "CustomRunTimedOut"
    assert child.condition.message == 'CustomRun "flow-c" failed to finish within "50ms"'
    assert served.fake.cancelled == [("flow-c", child.condition.message)]


def test_no_time_out_is_none(served: Served) -> None:
    finished = served.run(pipeline_run(custom("c", timeout="0s"), run={"timeouts": {"pipeline": "0s"}}))
    assert finished.ending == ("True", "Succeeded")
    assert served.fake.runs[0].timeout is None


def test_the_time_out_of_the_pipeline_cancels_it(served: Served) -> None:
    finished = served.run(pipeline_run(custom("c", params=HOLD), run={"timeouts": {"pipeline": "200ms"}}))
    assert finished.ending == ("False", "PipelineRunTimeout")
    assert finished.endings() == {"c": "CustomRunCancelled"}
    assert "has timed out" in finished.task("c").condition.message


def test_a_cancelled_run_cancels_it(served: Served) -> None:
    text = pipeline_run(custom("c", params=HOLD), last=[custom("last")])
    finished = cancelled(served, text, CancelMode.CANCELLED)
    assert finished.ending == ("False", "Cancelled")
    assert finished.endings() == {"c": "CustomRunCancelled"}


def test_finally_runs_after_a_graceful_end(served: Served) -> None:
    text = pipeline_run(custom("c", params=HOLD), last=[custom("last")])
    finished = cancelled(served, text, CancelMode.RUN_FINALLY)
    assert finished.ending == ("False", "Cancelled")
    assert finished.endings() == {"c": "CustomRunCancelled", "last": "Succeeded"}


def test_one_that_waits_takes_no_other_task_s_place(served: Served) -> None:
    started = served.begin(pipeline_run(custom("c", params=HOLD), task("t", "true")), jobs=1)
    for event in started.events():
        if event.kind.value == "task-finished" and event.task == "flow-t":
            assert served.fake.started.wait(60)
            served.fake.let_go()
    assert started.finish().ending == ("True", "Succeeded")


def test_a_custom_run_of_its_own(served: Served) -> None:
    text = custom_run(
        params=[{"name": "result-r", "value": "1"}], retries=1, timeout="5m", serviceAccountName="sa"
    )
    finished = served.run(text)
    assert isinstance(finished.record, TaskRunRecord)
    assert finished.ending == ("True", "Succeeded")
    manifest = finished.manifest
    assert (manifest["apiVersion"], manifest["kind"]) == ("tekton.dev/v1beta1", "CustomRun")
    assert manifest["spec"] == json.loads(text)["spec"] | {"timeout": "5m0s"}
    assert manifest["status"]["results"] == [{"name": "r", "value": "1"}]
    assert "podName" not in manifest["status"]
    (run,) = served.fake.runs
    assert (run.name, run.retries, run.timeout, run.service_account) == ("alone", 1, 300.0, "sa")


def test_a_custom_run_that_is_cancelled_does_not_begin(served: Served) -> None:
    finished = served.run(custom_run(status="RunCancelled", statusMessage="not wanted"))
    assert finished.ending == ("False", "CustomRunCancelled")
    assert finished.message == "not wanted"
    assert served.fake.runs == []


def test_a_custom_run_with_an_embedded_task_is_cancelled(served: Served) -> None:
    spec = {"apiVersion": VERSION, "kind": KIND, "metadata": {"labels": {"l": "1"}}, "spec": {"a": 1}}
    text = custom_run(customRef=None, customSpec=spec, params=[{"name": "hold", "value": "x"}])
    finished = cancelled(served, text, CancelMode.CANCELLED)
    assert finished.ending == ("False", "CustomRunCancelled")
    (run,) = served.fake.runs
    assert (run.spec, run.metadata) == ({"a": 1}, {"labels": {"l": "1"}})
    assert finished.manifest["spec"]["customSpec"] == spec
