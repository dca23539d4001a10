"""Params and results of all three types, from the run's params to the results of the pipeline."""

from __future__ import annotations

import pytest

from tests.local_runs import Runner

TASK_RUN = """
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: {name: once}
spec:
  taskSpec:
    results:
      - {name: out, type: TYPE}
    steps:
      - name: emit
        image: bash
        script: SCRIPT
"""


def task_run(script: str, kind: str = "string") -> str:
    import json

    return TASK_RUN.replace("SCRIPT", json.dumps(script)).replace("TYPE", kind)


def test_three_types_go_through_a_pipeline(each: Runner) -> None:
    finished = each.run(
        """
        apiVersion: tekton.dev/v1
        kind: PipelineRun
        metadata: {name: types}
        spec:
          params:
            - {name: text, value: "a b"}
            - {name: list, value: [x, "y z"]}
            - {name: map, value: {key: v, other: w}}
          pipelineSpec:
            params:
              - {name: text}
              - {name: list, type: array}
              - {name: map, type: object, properties: {key: {}, other: {}}}
              - {name: unset, default: fallback}
            results:
              - {name: text, value: $(tasks.make.results.text)}
              - {name: list, type: array, value: "$(tasks.make.results.list[*])"}
              - {name: map, type: object, value: "$(tasks.make.results.map[*])"}
              - {name: second, value: "$(tasks.make.results.list[1])"}
              - {name: seen, value: "$(tasks.use.results.seen)"}
            tasks:
              - name: make
                params:
                  - {name: text, value: $(params.text)-$(params.unset)}
                  - {name: list, value: ["$(params.list[*])", end]}
                  - {name: map, value: "$(params.map[*])"}
                taskSpec:
                  params:
                    - {name: text}
                    - {name: list, type: array}
                    - {name: map, type: object, properties: {key: {}, other: {}}}
                  results:
                    - {name: text}
                    - {name: list, type: array}
                    - {name: map, type: object, properties: {key: {}}}
                  steps:
                    - image: bash
                      args: ["$(params.list[*])"]
                      script: |
                        printf '%s' "$(params.text)" > $(results.text.path)
                        printf '["%s","%s"]' "$2" "$#" > $(results.list.path)
                        printf '{"key":"%s"}' "$(params.map.other)" > $(results.map.path)
              - name: use
                params:
                  - {name: items, value: "$(tasks.make.results.list[*])"}
                  - {name: key, value: $(tasks.make.results.map.key)}
                taskSpec:
                  params: [{name: items, type: array}, {name: key}]
                  results: [{name: seen}]
                  steps:
                    - image: bash
                      command: [sh, -c]
                      args:
                        - printf "%s" "$1/$2/$3" > "$4"
                        - sh
                        - $(params.items[*])
                        - $(params.key)
                        - $(results.seen.path)
        """
    )
    assert finished.ending == ("True", "Succeeded")
    assert finished.results == {
        "text": "a b-fallback",
        "list": ["y z", "3"],
        "map": {"key": "w"},
        "second": "3",
        "seen": "y z/3/w",
    }


def test_params_of_the_command_line_win(runner: Runner) -> None:
    text = task_run("printf %s $(params.p) > $(results.out.path)").replace(
        "taskSpec:", "taskSpec:\n    params: [{name: p, default: d}]"
    )
    assert runner.run(text).results == {"out": "d"}
    assert runner.run(text, params={"p": "given"}).results == {"out": "given"}


@pytest.mark.parametrize(
    "written",
    ["plain", "line\n", "  spaces  ", "", "ünïcödé ☃", '{"a": 1}', "[1]", "[not json"],
)
def test_a_string_result_is_not_trimmed(runner: Runner, written: str) -> None:
    finished = runner.run(task_run(f"cat > $(results.out.path) <<'END'\n{written}\nEND\n"))
    assert finished.results == {"out": f"{written}\n"}


def test_a_missing_result_file_is_no_error_of_the_task_run(runner: Runner) -> None:
    finished = runner.run(task_run("true"))
    assert finished.ending == ("True", "Succeeded")
    assert finished.results == {}


@pytest.mark.parametrize(
    ("kind", "written"), [("array", "text"), ("array", '{"a":"b"}'), ("array", "[1, 2]")]
)
def test_a_result_of_another_type_fails_the_task_run(runner: Runner, kind: str, written: str) -> None:
    finished = runner.run(task_run(f"printf '%s' '{written}' > $(results.out.path)", kind))
    assert finished.ending == ("False", "TaskRunValidationFailed")
    assert finished.message.startswith("Provided results don't match declared results")
    assert '"out"' in finished.message


def test_an_object_result_without_its_keys_fails_the_task_run(runner: Runner) -> None:
    text = task_run('printf \'{"a":"1"}\' > $(results.out.path)', "object").replace(
        "type: object}", "type: object, properties: {a: {}, b: {}}}"
    )
    finished = runner.run(text)
    assert finished.ending == ("False", "TaskRunValidationFailed")
    assert finished.message.startswith("missing keys for these results")
    assert "out:[b]" in finished.message


def test_a_result_that_is_too_large_fails_the_task_run(runner: Runner) -> None:
    finished = runner.run(task_run("head -c 2000000 /dev/zero | tr '\\0' x > $(results.out.path)"))
    assert finished.ending == ("False", "TaskRunResultLargerThanAllowedLimit")
    assert '"out"' in finished.message.replace("'", '"')


@pytest.mark.parametrize(
    "make",
    ["mkfifo $(results.out.path)", "mkdir $(results.out.path)", "ln -s /etc/passwd $(results.out.path)"],
)
def test_a_result_that_is_no_plain_file_is_never_followed(each: Runner, make: str) -> None:
    finished = each.run(task_run(make))
    assert finished.record.condition.status == "False"
    assert "no plain file" in finished.message
    assert finished.results == {}


def test_results_of_a_failed_task_can_be_used(runner: Runner) -> None:
    finished = runner.run(
        """
        apiVersion: tekton.dev/v1
        kind: PipelineRun
        metadata: {name: failing}
        spec:
          pipelineSpec:
            results: [{name: seen, value: $(finally.after.results.seen)}]
            tasks:
              - name: fails
                taskSpec:
                  results: [{name: why}]
                  steps: [{image: bash, script: 'printf broken > $(results.why.path); exit 3'}]
            finally:
              - name: after
                params: [{name: why, value: $(tasks.fails.results.why)}, {name: how, value: $(tasks.fails.status)}]
                taskSpec:
                  params: [{name: why}, {name: how}]
                  results: [{name: seen}]
                  steps: [{image: bash, script: 'printf "$(params.why) $(params.how)" > $(results.seen.path)'}]
        """
    )
    assert finished.ending == ("False", "Failed")
    assert finished.results == {"seen": "broken Failed"}
    assert finished.message == "Tasks Completed: 2 (Failed: 1, Cancelled 0), Skipped: 0"


def test_artifacts_with_their_provenance_go_from_step_to_step_and_task_to_task(each: Runner) -> None:
    finished = each.run(
        """
        apiVersion: tekton.dev/v1
        kind: PipelineRun
        metadata: {name: artifacts}
        spec:
          pipelineSpec:
            results: [{name: uri, value: $(tasks.use.results.uri)}]
            tasks:
              - name: make
                taskSpec:
                  steps:
                    - name: write
                      image: bash
                      script: |
                        cat > $(artifacts.path) <<'EOF'
                        {"outputs": [{"name": "image", "buildOutput": true,
                          "values": [{"uri": "pkg:oci/x", "digest": {"sha256": "abc"}}]}]}
                        EOF
              - name: use
                runAfter: [make]
                taskSpec:
                  results: [{name: uri}]
                  steps:
                    - image: bash
                      env: [{name: IMAGE, value: $(tasks.make.outputs.image)}]
                      script: 'printf %s "$IMAGE" > $(results.uri.path)'
        """
    )
    assert finished.ending == ("True", "Succeeded")
    assert finished.task("make").outputs[0]["name"] == "image"
    assert '"pkg:oci/x"' in str(finished.results["uri"])
