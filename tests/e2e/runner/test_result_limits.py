"""How large results may be: no limit that matters, or those of a cluster."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.local_runs import Started

TASK = """\
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: {name: large}
spec:
  taskSpec:
    results: [{name: a}, {name: b}, {name: c, value: $(steps.two.results.s)}]
    steps:
    - {name: one, image: alpine, script: "printf x > $(results.a.path)"}
    - name: two
      image: alpine
      results: [{name: s}]
      script: |
        i=0; while [ $i -lt NUMBER ]; do printf 'LETTER'; i=$((i + 1)); done > $(results.b.path)
        printf y > $(step.results.s.path)
    - {name: three, image: alpine, script: "echo third"}
"""
NOTES = {
    "a": '{"key":"a","value":"x","type":1}',
    "b": '{"key":"b","value":"","type":1}',
    "s": '{"key":"s","value":"y","type":4}',
    "t": '{"key":"StartedAt","value":"2006-01-02T15:04:05.000Z","type":3}',
}
ROOM = 4096 - len("[" + ",".join(NOTES.values()) + "]")
"""Letters of the result b that a termination message of step two has room for."""


def finished(runner, source, number, letter="z", size=4096):
    text = TASK.replace("NUMBER", str(number)).replace("LETTER", letter)
    (request,) = runner.requests(text, params={}, jobs=0)
    options = replace(request.options, results_from=source, max_result_size=size)
    return Started(runner=runner, request=replace(request, options=options)).begin().finish()


@pytest.mark.parametrize(("letter", "bytes_"), [("z", 1), ("<", 6)])
def test_a_termination_message_has_room_for_4096_bytes(runner, letter, bytes_):
    fits = ROOM // bytes_
    good = finished(runner, "termination-message", fits, letter)
    assert good.ending == ("True", "Succeeded")
    assert good.results == {"a": "x", "b": letter * fits, "c": "y"}
    bad = finished(runner, "termination-message", fits + 1, letter)
    assert bad.ending == ("False", "StepFailed")
    assert bad.message == '"step-two" exited with code 1'
    # Step three begins before step two's results are looked at, and has none of its own.
    assert codes(bad) == [("one", 0), ("two", 1), ("three", 0)]
    assert bad.log("", "three") == "third\n"
    assert bad.results == {"a": "x", "b": letter * (fits + 1)}
    worse = finished(runner, "termination-message", fits + 40, letter)
    assert codes(worse) == [("one", 0), ("two", 1), ("three", 1)]
    assert worse.results == {"a": "x"}


def codes(run):
    return [(step.name, step.exit_code) for step in run.task().steps]


def test_without_a_limit_a_cluster_s_is_told(runner):
    run = finished(runner, "files", 5000)
    assert run.ending == ("True", "Succeeded")
    notes = [event.data["text"] for event in run.events if event.kind.value == "note"]
    assert sum("a cluster takes 4096" in note for note in notes) == 1
    small = finished(runner, "files", 10)
    assert not [event for event in small.events if "cluster" in str(event.data.get("text", ""))]


def test_a_line_of_a_sidecar_s_log_has_a_limit_of_its_own(runner):
    around = len('{"name":"b","value":"","type":"task"}')
    assert finished(runner, "sidecar-logs", 5000, size=5000 + around).ending == ("True", "Succeeded")
    bad = finished(runner, "sidecar-logs", 5001, size=5000 + around)
    assert bad.ending == ("False", "TaskRunResultLargerThanAllowedLimit")
    assert bad.message == f'TaskRun "large" failed: results exceeded size limit {5000 + around} bytes'
    assert bad.results == {}
