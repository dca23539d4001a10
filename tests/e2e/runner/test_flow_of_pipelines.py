"""Which tasks run, which are skipped, how many at a time, and how the pipeline run ends."""

from __future__ import annotations

import resource
from dataclasses import replace

from holkas.model.catalog import Catalog
from holkas.model.pipeline import Pipeline, PipelineSpec, PipelineTask
from holkas.model.record import PipelineRunRecord
from holkas.model.reference import Reference

from tests.local_runs import Runner, Started, children
from tests.tekton_runs import RESULT, pipeline_run, task, when


def test_a_false_condition_skips_the_task_and_what_needs_its_results(runner: Runner) -> None:
    finished = runner.run(
        pipeline_run(
            task("skipped", "true", when=when("a", "b")),
            task("after", "true", runAfter=["skipped"]),
            task("uses", "true", params={"x": "$(tasks.skipped.results.out)"}),
            task("below", "true", runAfter=["uses"]),
        )
    )
    assert finished.ending == ("True", "Completed")
    assert finished.skipped == {
        "skipped": "When Expressions evaluated to false",
        "uses": "Results were missing",
        "below": "Parent Tasks were skipped",
    }
    assert finished.endings() == {"after": "Succeeded"}


def test_conditions_of_every_kind_are_evaluated(runner: Runner) -> None:
    seen = "$(tasks.first.results.out)"
    finished = runner.run(
        pipeline_run(
            task("first", f"printf good > {RESULT}"),
            task("in", "true", when=when(seen, "good", "bad")),
            task("notin", "true", when=when(seen, "good", operator="notin")),
            task("cel", "true", when=[{"cel": f"'{seen}' == 'good'"}]),
        )
    )
    assert finished.endings() == {"first": "Succeeded", "in": "Succeeded", "cel": "Succeeded"}
    assert finished.skipped == {"notin": "When Expressions evaluated to false"}


def test_after_a_failure_nothing_starts_but_the_finally_tasks(each: Runner) -> None:
    seen = {"seen": "$(tasks.fails.status) $(tasks.fails.reason) $(tasks.next.status) $(tasks.status)"}
    finished = each.run(
        pipeline_run(
            task("fails", "exit 1"),
            task("next", "true", runAfter=["fails"]),
            last=[task("tidy", f"printf '$(params.seen)' > {RESULT}", params=seen)],
            results={"seen": "$(finally.tidy.results.out)"},
        )
    )
    assert finished.ending == ("False", "Failed")
    assert finished.message == "Tasks Completed: 2 (Failed: 1, Cancelled 0), Skipped: 1"
    assert finished.skipped == {"next": "PipelineRun was stopping"}
    assert finished.results == {"seen": "Failed StepFailed None Failed"}


def test_an_ignored_failure_does_not_fail_the_run(runner: Runner) -> None:
    seen = {"seen": "$(tasks.may.status) $(tasks.may.reason) $(tasks.status)"}
    finished = runner.run(
        pipeline_run(
            task("may", "exit 1", onError="continue"),
            task("next", "true", runAfter=["may"]),
            last=[task("tidy", f"printf '$(params.seen)' > {RESULT}", params=seen)],
            results={"seen": "$(finally.tidy.results.out)"},
        )
    )
    assert finished.ending == ("True", "Succeeded")
    assert finished.message == "Tasks Completed: 3 (Failed: 1 (Ignored: 1), Cancelled 0), Skipped: 0"
    assert finished.endings()["may"] == "FailureIgnored"
    assert finished.results == {"seen": "Failed FailureIgnored Failed"}


def test_results_of_a_failed_task_are_given_to_finally_tasks(runner: Runner) -> None:
    finished = runner.run(
        pipeline_run(
            task("fails", f"printf broken > {RESULT}; exit 3"),
            last=[
                task(
                    "tidy", f"printf '$(params.why)' > {RESULT}", params={"why": "$(tasks.fails.results.out)"}
                )
            ],
            results={"seen": "$(finally.tidy.results.out)", "directly": "$(tasks.fails.results.out)"},
        )
    )
    assert finished.ending == ("False", "Failed")
    assert finished.results == {"seen": "broken", "directly": "broken"}


def test_finally_tasks_start_after_all_others(runner: Runner) -> None:
    finished = runner.run(
        pipeline_run(
            task("a", "sleep 0.2"), task("b", "true"), last=[task("last", "true"), task("other", "true")]
        )
    )
    started, ended = finished.times("task-started"), finished.times("task-finished")
    assert max(ended["a"], ended["b"]) < min(started["last"], started["other"])
    assert isinstance(finished.record, PipelineRunRecord)
    assert finished.record.finally_started is not None


def test_a_matrix_runs_each_combination(each: Runner) -> None:
    def named(**values: object) -> list[dict[str, object]]:
        return [{"name": name, "value": value} for name, value in values.items()]

    combined = task("all", f"printf $(params.a)$(params.b) > {RESULT}")
    combined["taskSpec"]["params"] = [{"name": "a"}, {"name": "b"}]
    combined["matrix"] = {
        "params": named(a=["one", "two"], b=["p", "q"]),
        "include": [{"name": "extra", "params": named(a="three", b="r")}],
    }
    finished = each.run(
        pipeline_run(
            combined,
            task(
                "use",
                {"args": ["$(params.all[*])"], "script": f'printf "$*" > {RESULT}'},
                params={"all": "$(tasks.all.results.out[*])"},
            ),
            results={"seen": "$(tasks.use.results.out)"},
        )
    )
    assert finished.ending == ("True", "Succeeded")
    assert finished.results == {"seen": "onep twop oneq twoq threer"}
    assert list(finished.endings()) == ["all-0", "all-1", "all-2", "all-3", "all-4", "use"]
    assert isinstance(finished.record, PipelineRunRecord)
    assert [child.combination for child in children(finished.record)] == [0, 1, 2, 3, 4, None]


def test_one_job_runs_one_task_at_a_time(runner: Runner) -> None:
    text = pipeline_run(*(task(f"t{number}", "sleep 0.05") for number in range(4)))
    assert most_at_once(runner, text, jobs=1) == 1


def test_tasks_run_in_parallel_up_to_the_number_of_jobs(runner: Runner) -> None:
    """Each of three tasks waits for the other two: with fewer at a time the run would never end."""
    meet = "cd $(workspaces.w.path); touch $(context.taskRun.name)\nwhile [ `ls | wc -l` -lt 3 ]; do sleep 0.01; done"
    claim = {"workspaces": [{"name": "w", "persistentVolumeClaim": {"claimName": "c"}}]}
    text = pipeline_run(*(task(f"t{number}", meet) for number in range(3)), run=claim)
    assert most_at_once(runner, text, jobs=3) == 3


def most_at_once(runner: Runner, text: str, *, jobs: int) -> int:
    finished = runner.run(text, jobs=jobs)
    assert finished.ending == ("True", "Succeeded")
    running = most = 0
    for event in finished.events:
        running += {"task-started": 1, "task-finished": -1}.get(event.kind.value, 0)
        most = max(most, running)
    return most


def test_more_tasks_can_wait_than_a_process_has_descriptors(runner: Runner) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (200, hard))
    try:
        finished = runner.run(pipeline_run(*(task(f"t{number}", "true") for number in range(300))), jobs=2)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert finished.ending == ("True", "Succeeded")


INNER = {
    "name": "inner",
    "params": [{"name": "word", "value": "given"}],
    "workspaces": [{"name": "w", "workspace": "data"}],
    "pipelineSpec": {
        "params": [{"name": "word", "type": "string"}],
        "workspaces": [{"name": "w"}],
        "tasks": [
            task(
                "deep",
                "printf $(params.word) > $(workspaces.w.path)/file; sleep 0.05",
                params={"word": "$(params.word)"},
                workspaces=[{"name": "w"}],
                spec={"workspaces": [{"name": "w"}]},
            )
        ],
    },
}


def test_a_run_inside_a_run_has_its_own_children(each: Runner) -> None:
    finished = each.run(
        pipeline_run(
            INNER,
            task(
                "after",
                f"cat $(workspaces.data.path)/file > {RESULT}",
                runAfter=["inner"],
                workspaces=[{"name": "data"}],
                spec={"workspaces": [{"name": "data"}]},
            ),
            results={"seen": "$(tasks.after.results.out)"},
            run={"workspaces": [{"name": "data", "persistentVolumeClaim": {"claimName": "c"}}]},
            workspaces=[{"name": "data"}],
        )
    )
    assert finished.ending == ("True", "Succeeded")
    assert finished.results == {"seen": "given"}
    assert finished.endings() == {"inner-deep": "Succeeded", "after": "Succeeded"}
    assert [child["kind"] for child in finished.status["childReferences"]] == ["PipelineRun", "TaskRun"]


def test_a_failure_inside_fails_the_run_outside(runner: Runner) -> None:
    inner = {"name": "inner", "pipelineSpec": {"tasks": [task("deep", "exit 4")]}}
    finished = runner.run(pipeline_run(inner, task("after", "true", runAfter=["inner"])))
    assert finished.ending == ("False", "Failed")
    assert finished.skipped == {"after": "PipelineRun was stopping"}


def test_a_pipeline_that_runs_itself_is_ended(runner: Runner) -> None:
    def calls(name: str) -> PipelineSpec:
        return PipelineSpec(tasks=(PipelineTask(name="call", pipeline_ref=Reference(name=name)),))

    (request,) = runner.requests(pipeline_run(task("t", "true")), params={}, jobs=0)
    pipelines = {"a": Pipeline(name="a", spec=calls("b")), "b": Pipeline(name="b", spec=calls("a"))}
    run = replace(request.run, spec=None, ref=Reference(name="a"))
    request = replace(request, run=run, catalog=Catalog(pipelines=pipelines))
    finished = Started(runner=runner, request=request).begin().finish()
    assert finished.ending == ("False", "Failed")
    assert isinstance(finished.record, PipelineRunRecord)
    (outer,) = finished.record.children
    assert isinstance(outer, PipelineRunRecord)
    (inner,) = outer.children
    assert inner.condition.reason == "CreateRunFailed"
    assert inner.condition.message.endswith("a -> b -> a")


def test_a_pending_run_is_not_begun(runner: Runner) -> None:
    finished = runner.run(pipeline_run(task("t", "true"), run={"status": "PipelineRunPending"}))
    assert finished.ending == ("Unknown", "PipelineRunPending")
    assert finished.endings() == {}


def test_followers_hear_everything_in_the_order_in_which_it_is_kept(runner: Runner) -> None:
    finished = runner.run(pipeline_run(task("a", "echo x"), task("b", "true", runAfter=["a"])))
    again = tuple(runner.server.follow(finished.id))
    told = [event for event in finished.events if event.kind.value != "log"]
    assert [event for event in again if event.kind.value != "log"] == told
    kinds = [event.kind.value for event in told]
    assert (kinds[:2], kinds[-1]) == (["note", "run-started"], "run-finished")
    assert [event.data["text"] for event in finished.events if event.kind.value == "log"] == ["x"]
    assert finished.times("task-finished")["a"] < finished.times("task-started")["b"]


def test_a_late_follower_reads_what_was_kept(runner: Runner) -> None:
    finished = runner.run(pipeline_run(*(task(f"t{number}", "echo x") for number in range(60))))
    kept = [(event.kind, event.task) for event in finished.events if event.kind.value != "log"]
    assert [(event.kind, event.task) for event in runner.server.follow(finished.id)] == kept
