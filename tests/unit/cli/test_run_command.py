"""``holkas run`` and what ``holkas runs`` tells afterwards."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from holkas.yaml import Source, load_documents

TASK = """\
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: greet}
spec:
  params:
  - {name: who, default: you}
  - {name: many, type: array, default: []}
  - {name: map, type: object, properties: {a: {}}, default: {a: x}}
  workspaces: [{name: src, optional: true}]
  results: [{name: text}]
  steps:
  - name: say
    image: alpine
    args: ["$(params.many[*])"]
    script: |
      echo "hello $(params.who) $(params.map.a) $# $*"
      printf '%s' "$(params.who)" > $(results.text.path)
      if [ "$(workspaces.src.bound)" = true ]; then echo made > $(workspaces.src.path)/made; fi
"""

RUN = """\
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: {{name: {name}}}
spec:
  {extra}
  taskSpec:
    steps: [{{name: s, image: alpine, script: "{script}"}}]
"""


def run_file(holkas, name, script="true", extra="retries: 0", file=""):
    return holkas.file(file or f"{name}.yaml", RUN.format(name=name, script=script, extra=extra))


def test_a_run_succeeds(holkas):
    run_file(holkas, "good", "echo out; echo err >&2")
    said = holkas("run", "good.yaml")
    assert said.code == 0
    assert said.out == ""
    assert "[good : s] out" in said.err
    assert "[good : s] err" in said.err
    assert "✔ good  Succeeded" in said.err


def test_a_failure_shows_its_last_lines_its_log_and_how_to_run_it_again(holkas):
    run_file(holkas, "bad", "for i in $(seq 30); do echo line $i; done; exit 3")
    said = holkas("run", "bad.yaml", "--jobs", "3")
    assert said.code == 1
    tail = said.err.partition("✘ bad  StepFailed\n")[2]
    assert '"step-s" exited with code 3' in tail
    assert "│ line 30" in tail
    assert "│ line 11" in tail
    assert "│ line 10\n" not in tail
    (path,) = [line.partition("log: ")[2] for line in tail.splitlines() if "log: " in line]
    assert Path(path).read_text().endswith("line 30\n")
    assert "again: holkas run bad.yaml --jobs 3" in tail


def test_exit_code_124_for_a_timeout(holkas):
    run_file(holkas, "late", "sleep 30", "timeout: 300ms")
    assert holkas("run", "late.yaml").code == 124
    run_file(holkas, "bad", "exit 1", file="late-and-bad.yaml")
    assert holkas("run", "late.yaml", "late-and-bad.yaml").code == 1


def test_params_of_all_types(holkas, tmp_path):
    holkas.file("task.yaml", TASK)
    holkas.file("who.txt", "file text")
    said = holkas(
        "run", "task.yaml", "-p", 'many=["a b", "c"]', "-p", 'map={"a": "key"}', "-p", "who=@who.txt"
    )
    assert "hello file text key 2 a b c" in said.err
    assert "hello @x x 2 1 2" in holkas("run", "task.yaml", "-p", "many=1,2", "-p", "who=@@x").err
    said = holkas("run", "task.yaml", "-p", 'who=["as",  "text"]', "-o", "json")
    assert said.json["spec"]["params"] == [{"name": "who", "value": '["as",  "text"]'}]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("-p", "whom=x"), "did you mean"),
        (("-p", "map=x"), "object"),
        (("-w", "srcs=."), "did you mean"),
    ],
)
def test_wishes_that_do_not_fit_are_findings(holkas, words, message):
    holkas.file("task.yaml", TASK)
    said = holkas("run", "task.yaml", *words)
    assert said.code == 1
    assert message in said.err
    assert "error: nothing was run: 1 error" in said.err


def test_a_run_that_refers_to_nothing_ends_with_the_reason_of_a_cluster(holkas):
    holkas.file(
        "lost.yaml",
        "{apiVersion: tekton.dev/v1, kind: PipelineRun, metadata: {name: lost}, "
        "spec: {pipelineSpec: {tasks: [{name: a, taskRef: {name: nix}}]}}}",
    )
    said = holkas("run", "lost.yaml", "-o", "json", "--executor", "process")
    assert said.code == 1
    (condition,) = json.loads(said.out)["status"]["conditions"]
    assert (condition["status"], condition["reason"]) == ("False", "CouldntGetTask")
    assert "warning[T502]" in said.err


@pytest.mark.parametrize(
    "words",
    [
        ("-p", "x"),
        ("-p", "x=@/no/such"),
        ("-w", "x"),
        ("--jobs", "-1"),
        ("--progress", "x"),
        ("-o", "x"),
        ("-x",),
        (),
    ],
)
def test_usage_errors(holkas, words):
    holkas.file("task.yaml", TASK)
    said = holkas("run", *(("task.yaml", *words) if words else ()))
    assert said.code == 2
    assert said.out == ""
    assert "rror" in said.err


def test_a_workspace_is_a_directory_of_this_machine(holkas):
    holkas.file("task.yaml", TASK)
    (holkas.directory / "src").mkdir()
    assert holkas("run", "task.yaml", "-w", "src=src").code == 0
    assert (holkas.directory / "src" / "made").read_text() == "made\n"
    assert holkas("run", "task.yaml", "-w", "name=src,hostPath=other").code == 0
    assert (holkas.directory / "other" / "made").exists()


@pytest.mark.parametrize(
    "binding",
    [
        "name=src,emptyDir=",
        "name=src,claimName=c",
        "name=src,claimName=c,subPath=a",
        "name=src,volumeClaimTemplateFile=t.yaml",
    ],
)
def test_workspaces_as_tkn_spells_them(holkas, binding):
    holkas.file("task.yaml", TASK)
    holkas.file("t.yaml", "spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n")
    assert holkas("run", "task.yaml", "-w", binding).code == 0


def test_a_workspace_of_chosen_keys(holkas):
    holkas.file(
        "task.yaml",
        "kind: ConfigMap\napiVersion: v1\nmetadata: {name: c}\ndata: {k: value-k, other: o}\n---\n"
        + TASK.replace(
            "echo made > $(workspaces.src.path)/made",
            "cat $(workspaces.src.path)/a/b; ls $(workspaces.src.path)",
        ),
    )
    said = holkas("run", "task.yaml", "-w", "name=src,config=c,item=k=a/b")
    assert said.code == 0
    assert "value-k" in said.err
    assert "other" not in said.err


def test_standard_input_is_a_file(holkas, monkeypatch):
    class Input:
        buffer = io.BytesIO(RUN.format(name="typed", script="echo typed-in", extra="retries: 0").encode())

    monkeypatch.setattr(sys, "stdin", Input())
    said = holkas("run", "-", "-o", "name")
    assert (said.code, said.out) == (0, "taskrun.tekton.dev/typed\n")
    assert holkas("runs", "list", "-o", "json").json["items"][0]["source"] == "-"


def test_a_directory_is_all_its_manifests(holkas):
    holkas.file("all/b.yaml", RUN.format(name="second", script="true", extra="retries: 0"))
    holkas.file("all/a.yml", RUN.format(name="first", script="true", extra="retries: 0"))
    holkas.file("all/.hidden/c.yaml", "a: [")
    holkas.file("all/notes.txt", "a: [")
    holkas.file(
        "all/deep/c.json",
        json.dumps(load_documents(Source.read(holkas.directory / "all" / "a.yml"))[0].value).replace(
            "first", "third"
        ),
    )
    said = holkas("run", "all", "-o", "name")
    assert (said.code, said.out.split()) == (
        0,
        ["taskrun.tekton.dev/first", "taskrun.tekton.dev/second", "taskrun.tekton.dev/third"],
    )


def test_all_runs_of_a_file_one_after_the_other(holkas):
    texts = [
        RUN.format(name=f"r{number}", script=f"exit {number % 2}", extra="retries: 0") for number in range(3)
    ]
    holkas.file("several.yaml", "---\n".join(texts))
    said = holkas("run", "several.yaml", "-o", "json")
    assert said.code == 1
    value = said.json
    assert (value["apiVersion"], value["kind"]) == ("v1", "List")
    assert [item["metadata"]["name"] for item in value["items"]] == ["r0", "r1", "r2"]
    assert [item["status"]["conditions"][0]["status"] for item in value["items"]] == ["True", "False", "True"]
    said = holkas("run", "several.yaml", "-o", "yaml")
    assert [
        document.value["metadata"]["name"] for document in load_documents(Source("x", said.out.encode()))
    ] == ["r0", "r1", "r2"]


def test_a_dry_run_starts_nothing(holkas):
    run_file(holkas, "dry", "touch started")
    assert holkas("run", "dry.yaml", "--dry-run").out == "taskrun.tekton.dev/dry\n"
    assert holkas("run", "dry.yaml", "--dry-run", "-o", "json").json["metadata"]["name"] == "dry"
    assert holkas("run", "dry.yaml", "--dry-run", "-o", "yaml").out.startswith("apiVersion: tekton.dev/v1\n")
    assert holkas("runs", "list").out.count("\n") == 1
    holkas.file("wrong.yaml", RUN.format(name="wrong", script="true", extra="retires: 0"))
    assert holkas("run", "wrong.yaml", "--dry-run").code == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [\n", "--> a.yaml:1:4"),
        ("kind: Pod\napiVersion: v1\nmetadata: {name: x}\n", "nothing here that can be run"),
        ("", "nothing here that can be run"),
        ("3\n", "nothing here that can be run"),
    ],
)
def test_files_that_cannot_be_run(holkas, text, said):
    holkas.file("a.yaml", text)
    answer = holkas("run", "a.yaml")
    assert answer.code == 1
    assert said in answer.err


def test_several_files_that_cannot_be_read_are_told_together(holkas):
    holkas.file("a.yaml", "a: [\n")
    holkas.file("b.yaml", "b: {\n")
    said = holkas("run", "a.yaml", "b.yaml")
    assert "a.yaml" in said.err
    assert "b.yaml" in said.err
    assert "error: 2 files cannot be read" in said.err


def test_a_file_with_two_pipelines_and_no_run(holkas):
    holkas.file("two.yaml", TASK + "---\n" + TASK.replace("name: greet", "name: other"))
    said = holkas("run", "two.yaml")
    assert said.code != 0
    assert "error" in said.err


def test_missing_files(holkas):
    said = holkas("run", "none.yaml")
    assert (said.code, said.err) == (2, "error: none.yaml: No such file or directory\n")
    (holkas.directory / "empty").mkdir()
    assert "holds no .yaml" in holkas("run", "empty").err


@pytest.mark.parametrize(
    ("words", "said"), [(("--executor", "nope"), "nope"), (("--executor", "procss"), "procss")]
)
def test_an_executor_that_there_is_not(holkas, words, said):
    run_file(holkas, "x")
    answer = holkas("run", "x.yaml", *words)
    assert answer.code in (1, 2)
    assert said in answer.err


def test_a_build_server_that_there_is_not(holkas):
    run_file(holkas, "x")
    answer = holkas("--config", "run.server=jenkinz", "run", "x.yaml")
    assert answer.code in (1, 2)
    assert "jenkinz" in answer.err


def test_progress_as_json_lines(holkas):
    run_file(holkas, "good", "echo one")
    said = holkas("run", "good.yaml", "--progress", "json")
    events = [json.loads(line) for line in said.err.splitlines()]
    assert [event["event"] for event in events if event["event"] != "note"] == [
        "run-started", "task-started", "step-started", "log", "step-finished", "task-finished", "run-finished"
    ]  # fmt: skip
    assert {event["run"] for event in events} == {holkas("runs", "list", "-o", "name").out.strip()}


def test_quiet_progress_speaks_of_failures_only(holkas):
    run_file(holkas, "good", "echo one")
    run_file(holkas, "bad", "echo two; exit 1")
    assert holkas("run", "good.yaml", "--progress", "quiet").err == ""
    assert "│ two" in holkas("run", "bad.yaml", "--progress", "quiet").err


def test_warnings_are_shown_and_the_run_goes_on(holkas):
    run_file(holkas, "old", extra="retries: 0")
    text = (holkas.directory / "old.yaml").read_text().replace("tekton.dev/v1\n", "tekton.dev/v1beta1\n")
    holkas.file("old.yaml", text)
    said = holkas("run", "old.yaml")
    assert said.code == 0


class TestRuns:
    @pytest.fixture(autouse=True)
    def two(self, holkas):
        holkas.file("task.yaml", TASK)
        holkas("run", "task.yaml", "-p", "who=me")
        run_file(holkas, "bad", "printf no-newline; exit 2")
        holkas("run", "bad.yaml")

    def test_list(self, holkas):
        said = holkas("runs", "list")
        assert said.out.splitlines()[1].split()[1:4] == [
            "bad",
            "TaskRun",
            "StepFailed",
        ]
        value = holkas("runs", "list", "-o", "json").json
        assert (value["apiVersion"], value["kind"], len(value["items"])) == ("holkas/v1", "RunList", 2)
        (document,) = load_documents(Source("x", holkas("runs", "list", "-o", "yaml").out.encode()))
        assert [item["name"] for item in document.value["items"]] == holkas(
            "runs", "list", "-o", "name"
        ).out.split()
        assert len(holkas("runs", "list", "-n", "1", "-o", "name").out.split()) == 1
        assert len(holkas("runs", "list", "--here", "-o", "name").out.split()) == 2

    def test_list_of_another_project(self, holkas, tmp_path, monkeypatch):
        (tmp_path / "other" / ".git").mkdir(parents=True)
        monkeypatch.chdir(tmp_path / "other")
        assert holkas("runs", "list", "--here", "-o", "name").out == ""

    def test_show(self, holkas):
        said = holkas("runs", "show")
        assert "bad  StepFailed" in said.out
        assert "s  Error  exit 2" in said.out
        value = holkas("runs", "show", "-o", "json").json
        assert value["tasks"][0]["steps"][0]["exitCode"] == 2
        run_id = holkas("runs", "list", "-o", "name").out.split()[1]
        said = holkas("runs", "show", run_id)
        assert "result text = me" in said.out
        assert holkas("runs", "show", run_id, "-o", "name").out.strip() == run_id
        assert holkas("runs", "show", run_id, "-o", "yaml").out.startswith("apiVersion: holkas/v1\n")

    def test_logs(self, holkas):
        assert holkas("runs", "logs").out == "[bad : s] no-newline\n"
        assert holkas("runs", "logs", "bad", "bad", "-f").out == "[bad : s] no-newline\n"
        said = holkas("runs", "logs", "bad", "none")
        assert said.code == 2
        assert "no step of a task 'none'" in said.err

    def test_unknown_runs(self, holkas):
        for words in (("show", "x"), ("logs", "x"), ("cancel", "x")):
            said = holkas("runs", *words)
            assert said.code == 2
            assert "error[S002]: no run is called 'x'" in said.err
        assert holkas("runs", "cancel").code == 1

    def test_prune(self, holkas):
        said = holkas("runs", "prune", "--keep", "1", "--dry-run")
        assert "1 run would be removed" in said.err
        assert len(holkas("runs", "list", "-o", "name").out.split()) == 2
        assert holkas("runs", "prune", "--keep", "0", "--older-than", "1").out == ""
        said = holkas("runs", "prune", "--keep", "1")
        assert len(said.out.split()) == 1
        assert "1 run removed" in said.err
        assert len(holkas("runs", "prune", "--keep", "0").out.split()) == 1
        assert holkas("runs", "list", "-o", "name").out == ""


def test_there_are_no_runs_yet(holkas):
    assert holkas("runs", "list", "-o", "name").out == ""
    said = holkas("runs", "show")
    assert (said.code, "there are no runs yet" in said.err) == (2, True)


def test_attempts_have_logs_of_their_own(holkas):
    run_file(
        holkas,
        "again",
        "echo attempt $(context.task.retry-count); exit $((1 - $(context.task.retry-count)))",
        "retries: 2",
    )
    assert holkas("run", "again.yaml").code == 0
    assert [line.split("] ")[1] for line in holkas("runs", "logs").out.splitlines()] == [
        "attempt 0",
        "attempt 1",
    ]
    assert "attempt 2" in holkas("run", "again.yaml").err


def test_odd_output_reaches_the_terminal_harmless(holkas):
    run_file(holkas, "odd", r"printf '\\033[31mred\\033[0m\\007 over\\rwritten \\377 ok\\n'")
    said = holkas("run", "odd.yaml")
    assert "\x1b" not in said.err
    assert "\x07" not in said.err
    assert "[odd : s] written � ok" in said.err
    assert holkas("runs", "logs").out == "[odd : s] written � ok\n"


def test_a_result_that_is_no_text_of_any_encoding(holkas):
    holkas.file(
        "task.yaml",
        TASK.replace("printf '%s' \"$(params.who)\"", "printf '[\"\\\\ud800\"]'").replace(
            "{name: text}", "{name: text, type: array}"
        ),
    )
    for output in ("json", "yaml", "name"):
        said = holkas("run", "task.yaml", "-o", output)
        assert said.code == 0
        assert "greet" in said.out
    assert holkas("runs", "show").code == 0
