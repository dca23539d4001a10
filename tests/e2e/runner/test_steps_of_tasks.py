"""What a step can do and how it ends: exit codes, scripts, templates, actions, results of steps, streams, directories."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.local_runs import Finished, Runner


def task(*steps: Mapping[str, Any], name: str = "once", **spec: Any) -> str:
    """A TaskRun of these steps; ``image`` is bash where nothing is said."""
    document = {
        "apiVersion": "tekton.dev/v1",
        "kind": "TaskRun",
        "metadata": {"name": name},
        "spec": {"taskSpec": {"steps": [{"image": "bash", **step} for step in steps], **spec}},
    }
    return json.dumps(document)


def endings(finished: Finished) -> list[tuple[Any, str, str]]:
    return [(step.exit_code, step.reason, step.termination) for step in finished.task().steps]


@pytest.mark.parametrize(("asked", "found"), [(1, 1), (7, 7), (255, 255), (300, 44)])
def test_exit_codes_wrap(each: Runner, asked: int, found: int) -> None:
    finished = each.run(task({"name": "s", "script": f"#!/usr/bin/env bash\nexit {asked}\n"}))
    assert finished.ending == ("False", "StepFailed")
    assert finished.message == f'"step-s" exited with code {found}'
    assert endings(finished) == [(found, "Error", "Error")]


def test_a_signal_is_an_exit_code_above_128(each: Runner) -> None:
    finished = each.run(task({"name": "s", "script": "kill -9 $$"}))
    assert finished.message == '"step-s" exited with code 137'


def test_the_steps_after_a_failed_one_are_skipped(each: Runner) -> None:
    finished = each.run(task({"script": "true"}, {"script": "exit 2"}, {"script": "touch $HOME/never"}))
    assert endings(finished) == [
        (0, "Completed", "Completed"),
        (2, "Error", "Error"),
        (1, "Error", "Skipped"),
    ]
    assert finished.message == '"step-unnamed-1" exited with code 2'
    assert finished.times("step-started")
    assert [event.step for event in finished.events if event.kind.value == "step-started"] == [
        "unnamed-0",
        "unnamed-1",
    ]


def test_a_step_that_may_fail_leaves_its_exit_code(each: Runner) -> None:
    finished = each.run(
        task(
            {"name": "may", "script": "exit 5", "onError": "continue"},
            {
                "name": "look",
                "script": "printf %s $(cat $(steps.step-may.exitCode.path)) > $(results.code.path)",
            },
            results=[{"name": "code"}],
        )
    )
    assert finished.ending == ("True", "Succeeded")
    assert finished.results == {"code": "5"}
    assert endings(finished)[0] == (5, "Error", "Continued")


def test_a_missing_executable_fails_even_where_the_step_may_fail(each: Runner) -> None:
    finished = each.run(task({"name": "s", "command": ["/no/such/program"], "onError": "continue"}))
    assert finished.ending == ("False", "StepFailed")
    assert "/no/such/program" in finished.log(step="s")


def test_a_blank_line_before_the_shebang_is_an_exec_format_error(each: Runner) -> None:
    finished = each.run(task({"name": "s", "script": "\n#!/bin/sh\nexit 0\n"}))
    assert finished.ending == ("False", "StepFailed")
    assert "exec format error" in finished.log(step="s").lower()


def test_without_a_shebang_the_first_failing_command_ends_the_script(each: Runner) -> None:
    finished = each.run(task({"script": "echo one\nfalse\necho two\n"}))
    assert finished.ending == ("False", "StepFailed")
    assert finished.log() == "one\n"


def test_arguments_follow_the_script(each: Runner) -> None:
    finished = each.run(
        task(
            {
                "script": 'printf "%s|" "$@"',
                "args": ["a b", "", "$HOME", "$(NAME)"],
                "env": [{"name": "NAME", "value": "value"}],
            }
        )
    )
    assert finished.log() == "a b||$HOME|value|"


def test_variables_expand_each_other_as_kubernetes_does(each: Runner) -> None:
    finished = each.run(
        task(
            {
                "command": ["printf", "%s|%s|%s", "$(B)", "$(A)", "$$(A)"],
                "env": [{"name": "A", "value": "x"}, {"name": "B", "value": "$(A)y$$(A)"}],
            }
        )
    )
    assert finished.log() == "xy$(A)|x|$(A)"


def test_a_template_gives_steps_what_they_leave_open(each: Runner) -> None:
    finished = each.run(
        task(
            {"image": "", "script": 'printf "%s %s" "$A" "$B"', "env": [{"name": "B", "value": "own"}]},
            stepTemplate={
                "image": "bash",
                "env": [{"name": "A", "value": "template"}, {"name": "B", "value": "template"}],
            },
        )
    )
    assert finished.log() == "template own"


ACTION = """
apiVersion: tekton.dev/v1beta1
kind: StepAction
metadata: {name: greet}
spec:
  params: [{name: who, default: nobody}, {name: words, type: array, default: [a]}]
  results: [{name: greeting}, {name: parts, type: array}]
  image: bash
  env: [{name: WHO, value: $(params.who)}]
  args: ["$(params.words[*])"]
  script: |
    printf "hello $WHO $#" > $(step.results.greeting.path)
    printf '["%s","x"]' "$1" > $(step.results.parts.path)
---
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: {name: action}
spec:
  params: [{name: name, value: world}]
  taskSpec:
    params: [{name: name}]
    results:
      - {name: out, value: $(steps.first.results.greeting)}
      - {name: list, type: array, value: $(steps.first.results.parts)}
      - {name: third}
    steps:
      - name: first
        ref: {name: greet}
        params: [{name: who, value: $(params.name)}, {name: words, value: [p, q]}]
      - name: second
        image: bash
        when: [{input: $(steps.first.results.greeting), operator: in, values: [goodbye]}]
        script: exit 1
      - name: third
        image: bash
        env: [{name: SAID, value: "$(steps.first.results.parts[0])"}]
        args: [$(steps.first.results.greeting)]
        script: |
          printf '%s %s' "$SAID" "$1" > $(results.third.path)
"""


def test_results_of_a_step_are_given_to_later_ones(each: Runner) -> None:
    finished = each.run(ACTION)
    assert finished.ending == ("True", "Succeeded")
    assert finished.results == {
        "out": "hello world 2",
        "list": ["p", "x"],
        "third": "p hello world 2",
    }
    assert endings(finished)[1] == (0, "Completed", "Skipped")
    assert [result.name for result in finished.task().steps[0].results] == ["greeting", "parts"]


def test_a_missing_step_result_fails_the_step_that_wants_it(each: Runner) -> None:
    text = ACTION.replace('printf "hello $WHO $#" > $(step.results.greeting.path)', "true")
    finished = each.run(text)
    assert finished.ending == ("False", "StepFailed")
    assert finished.message == '"step-second" exited with code 1'
    assert "greeting" in finished.log(step="second")


def test_a_missing_action_is_named(runner: Runner) -> None:
    import dataclasses

    (request,) = runner.requests(ACTION, params={}, jobs=0)
    request = dataclasses.replace(request, catalog=dataclasses.replace(request.catalog, step_actions={}))
    from tests.local_runs import Started

    finished = Started(runner=runner, request=request).begin().finish()
    assert finished.ending == ("False", "TaskRunResolutionFailed")
    assert finished.message == 'steps[0].ref: the file has no StepAction "greet"'


def test_streams_are_copied_to_files_and_still_logged(each: Runner) -> None:
    finished = each.run(
        task(
            {
                "name": "s",
                "script": "echo out; echo err >&2",
                "stdoutConfig": {"path": "$(results.out.path)"},
                "stderrConfig": {"path": "/data/deep/err"},
                "volumeMounts": [{"name": "v", "mountPath": "/data"}],
            },
            {
                "name": "both",
                "script": "echo one; echo two >&2",
                "stdoutConfig": {"path": "$(results.both.path)"},
                "stderrConfig": {"path": "$(results.both.path)"},
            },
            {
                "script": "cat /data/deep/err > $(results.err.path)",
                "volumeMounts": [{"name": "v", "mountPath": "/data"}],
            },
            results=[{"name": "out"}, {"name": "both"}, {"name": "err"}],
            volumes=[{"name": "v", "emptyDir": {}}],
        )
    )
    assert finished.ending == ("True", "Succeeded")
    assert finished.results["out"] == "out\n"
    assert finished.results["err"] == "err\n"
    assert sorted(str(finished.results["both"]).split()) == ["one", "two"]
    assert sorted(finished.log(step="s").split()) == ["err", "out"]


@pytest.mark.parametrize(
    ("path", "why"), [("/etc/passwd-copy", "can only be written to"), ("/ro/out", "/ro is read-only")]
)
def test_streams_are_not_copied_to_where_the_step_must_not_write(each: Runner, path: str, why: str) -> None:
    finished = each.run(
        task(
            {
                "name": "s",
                "script": "echo out",
                "stdoutConfig": {"path": path},
                "volumeMounts": [{"name": "v", "mountPath": "/ro", "readOnly": True}],
            },
            volumes=[{"name": "v", "emptyDir": {}}],
        )
    )
    assert finished.ending == ("False", "StepFailed")
    assert why in finished.log(step="s")


def test_working_directories(sandbox: Runner) -> None:
    finished = sandbox.run(
        task(
            {"name": "unset", "script": "pwd"},
            {"name": "relative", "workingDir": "a/b", "script": "pwd"},
            {"name": "below", "workingDir": "/workspace/x", "script": "pwd"},
            {"name": "elsewhere", "workingDir": "/opt/holkas-test/far", "script": "pwd"},
        )
    )
    assert finished.ending == ("True", "Succeeded")
    assert [finished.log(step=step.name).strip() for step in finished.task().steps] == [
        "/workspace",
        "/workspace/a/b",
        "/workspace/x",
        "/opt/holkas-test/far",
    ]


def test_a_step_on_the_bare_host_works_in_the_places_directory(runner: Runner) -> None:
    finished = runner.run(task({"workingDir": "made/here", "script": "pwd"}))
    assert finished.log().strip().endswith("/workspace/made/here")


def test_home_is_the_steps_own(each: Runner) -> None:
    finished = each.run(
        task({"script": "echo x > ~/.profile-of-step"}, {"script": "test ! -e ~/.profile-of-step"})
    )
    assert finished.ending == ("True", "Succeeded")


def test_an_images_own_program_is_started(each: Runner) -> None:
    finished = each.run(task({"args": ["-c", "echo $0 $BASH_VERSION"]}))
    assert finished.ending == ("True", "Succeeded")
    assert "." in finished.log()


def test_the_context_tells_the_names(each: Runner) -> None:
    finished = each.run(
        task(
            {
                "script": "echo $(context.taskRun.name) $(context.task.name)"
                " $(context.taskRun.namespace) $(context.task.retry-count)"
            }
        )
    )
    assert finished.log().split()[0] == "once"
    assert finished.log().split()[2:] == ["default", "0"]
