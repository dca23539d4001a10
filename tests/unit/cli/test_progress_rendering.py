"""How a run is shown while it goes on, and what is said at its end."""

from __future__ import annotations

import io
import json
import re

import pytest
from holkas.cli.render.json_progress import JsonProgress, QuietProgress
from holkas.cli.render.live import LiveProgress
from holkas.cli.render.plain import PlainProgress
from holkas.cli.render.printable import printable
from holkas.cli.render.progress import MODES, progress_view
from holkas.cli.render.run_summary import duration, last_lines, summary_lines
from holkas.cli.render.run_table import emit_run, emit_runs
from holkas.model.run_event import RunEvent, RunEventKind
from holkas.state.projection import project
from holkas.state.run_summary import RunSummary

K = RunEventKind


def event(what, where="", /, **data):
    task, _, step = where.partition("/")
    return RunEvent(time=1.0, kind=what, run="r", task=task, step=step, data=data)


STORY = [
    event(K.NOTE, text="executor: process", level="info"),
    event(K.NOTE, text="careful\x1b[31m", level="warning"),
    event(K.RUN_STARTED, kind="PipelineRun", name="p", tasks=["a", "b", "c"], finally_tasks=["f"]),
    event(K.TASK_STARTED, "p-a", pipeline_task="a", steps=["x", "y"], attempt=0),
    event(K.STEP_STARTED, "p-a/x", log="logs/p-a/x.log"),
    event(K.LOG, "p-a/x", text="one\ntwo\r\x1b[1mthree"),
    event(K.LOG, "p-a/x", text="   "),
    event(K.TASK_SKIPPED, "b", reason="When Expressions evaluated to false"),
    event(K.STEP_FINISHED, "p-a/x", exit_code=0, reason="Completed", termination="Completed", results={}),
    event(K.STEP_STARTED, "p-a/y", log="logs/p-a/y.log"),
    event(K.STEP_FINISHED, "p-a/y", exit_code=3, reason="Error", termination="Error", results={}),
    event(
        K.TASK_FINISHED,
        "p-a",
        status="False",
        reason="StepFailed",
        message="exited",
        results={},
        retried=True,
    ),
    event(K.TASK_STARTED, "p-a", pipeline_task="a", steps=["x", "y"], attempt=1),
    event(K.STEP_STARTED, "p-a/x", log="logs/p-a.1/x.log"),
    event(
        K.TASK_FINISHED,
        "p-a",
        status="True",
        reason="Succeeded",
        message="",
        results={"r": "v"},
        retried=False,
    ),
    event(K.TASK_STARTED, "p-c", pipeline_task="c", steps=["z"], attempt=0),
    event(K.STEP_STARTED, "p-c/z", log="logs/p-c/z.log"),
    event(K.CANCEL_REQUESTED, mode="CancelledRunFinally"),
    event(K.STEP_FINISHED, "p-c/z", exit_code=9, reason="Error", termination="Error", results={}),
    event(K.TASK_FINISHED, "p-c", status="False", reason="StepFailed", message="exited with 9", results={}),
    event(
        K.RUN_FINISHED,
        status="False",
        reason="Failed",
        message="Tasks Completed: 2",
        results={"out": "v", "l": ["w"]},
    ),
]


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_plain_lines():
    out = io.StringIO()
    view = PlainProgress(out)
    for item in STORY:
        view.events([item])
    view.close()
    assert out.getvalue().splitlines() == [
        "note: executor: process",
        "warning: careful",
        "▶ p-a",
        "[p-a : x] one",
        "[p-a : x] three",
        "[p-a : x]    ",
        "○ b  skipped: When Expressions evaluated to false",
        "✘ p-a  StepFailed",
        "▶ p-a (attempt 2)",
        "✔ p-a  Succeeded",
        "▶ p-c",
        "! cancelling (CancelledRunFinally)",
        "✘ p-c  StepFailed",
    ]


def test_plain_lines_without_the_output_of_steps():
    out = io.StringIO()
    view = PlainProgress(out, show_log=False)
    for item in STORY:
        view.events([item])
    assert "one" not in out.getvalue()


def test_json_lines_hold_everything():
    out = io.StringIO()
    view = JsonProgress(out)
    for item in STORY:
        view.events([item])
    view.close()
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [line["event"] for line in lines] == [item.kind.value for item in STORY]
    assert lines[5] == {
        "time": 1.0, "event": "log", "run": "r", "task": "p-a", "step": "x", "data": {"text": "one\ntwo\r\x1b[1mthree"}
    }  # fmt: skip


@pytest.mark.parametrize("until", range(1, len(STORY) + 1))
def test_the_tree_can_be_drawn_at_any_moment(until):
    view = LiveProgress(Terminal())
    for item in STORY[:until]:
        view._view.apply(item)
    view._console.print(view._tree())
    assert view._view.name in view._console.file.getvalue()


def drawn(items, height=40):
    out = Terminal()
    view = LiveProgress(out)
    view._console.size = (100, height)
    for item in items:
        if item.kind is K.LOG:
            view.events([item])
        else:
            view._view.apply(item)
    with view._console.capture() as capture:
        view._console.print(view._tree())
    return re.sub(r"\x1b\[[0-9;]*m", "", capture.get())


def test_the_tree_of_a_running_run():
    text = drawn(STORY[:10])
    assert "p  Started" in text
    for part in ("careful", "p-a", "✔ x  Completed", "▸ y", "skipped: When", "waiting: c, f"):
        assert part in text
    assert "▸ x  three" in drawn(STORY[:7])
    assert "· y" in drawn(STORY[:7])
    assert "✘ y  Error" in drawn(STORY[:11])
    assert "(attempt 2)" in drawn(STORY[:13])


def test_the_tree_of_an_ended_run_waits_for_nothing():
    text = drawn(STORY)
    assert "waiting" not in text
    assert "StepFailed" in text


def test_a_run_of_many_tasks_fits_the_screen():
    items = [STORY[2]]
    for number in range(200):
        items.append(event(K.TASK_STARTED, f"p-{number}", pipeline_task=f"t{number}", steps=["s"]))
        if number < 195:
            items.append(event(K.TASK_FINISHED, f"p-{number}", status="True", reason="Succeeded"))
    text = drawn(items, height=30)
    assert len(text.splitlines()) < 30
    assert "more that ended" in text
    assert "p-199" in text


def test_the_live_view_leaves_its_last_tree_standing():
    out = Terminal()
    view = LiveProgress(out)
    view.close()
    assert out.getvalue() == ""
    for item in STORY:
        view.events([item])
    view.close()
    view.close()
    assert "p-c" in out.getvalue()


@pytest.mark.parametrize(
    ("mode", "terminal", "environ", "kind"),
    [
        ("auto", True, {"TERM": "xterm"}, LiveProgress),
        ("auto", True, {"TERM": "dumb"}, PlainProgress),
        ("auto", True, {}, PlainProgress),
        ("auto", True, {"TERM": "xterm", "CI": "1"}, PlainProgress),
        ("auto", False, {"TERM": "xterm"}, PlainProgress),
        ("live", False, {}, LiveProgress),
        ("plain", True, {"TERM": "xterm"}, PlainProgress),
        ("json", True, {"TERM": "xterm"}, JsonProgress),
        ("quiet", True, {"TERM": "xterm"}, QuietProgress),
    ],
)
def test_the_view_fits_the_terminal(mode, terminal, environ, kind):
    assert mode in MODES
    view = progress_view(mode, Terminal() if terminal else io.StringIO(), environ)
    assert type(view) is kind
    assert view.summary == {"json": "never", "quiet": "failure"}.get(mode, "always")


def test_the_environment_decides_when_nothing_is_given(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert type(progress_view("auto", Terminal())) is LiveProgress


def test_quiet_is_quiet(capsys):
    view = QuietProgress()
    for item in STORY:
        view.events([item])
    view.close()
    assert capsys.readouterr() == ("", "")


def test_the_summary_of_a_failure(tmp_path):
    log = tmp_path / "logs" / "p-c" / "z.log"
    log.parent.mkdir(parents=True)
    log.write_text("".join(f"line {number}\x1b[0m\n" for number in range(100)))
    lines = summary_lines(project(STORY), tmp_path, ["holkas", "run", "a b.yaml"])
    assert lines[:3] == ["✘ c  StepFailed", "  exited with 9", "  │ line 80"]
    assert lines[22:] == [
        f"  log: {log}",
        "result out = v",
        "result l = ['w']",
        "✘ p  Failed  0.0s",
        "  Tasks Completed: 2",
        "  again: holkas run 'a b.yaml'",
    ]


def test_the_summary_of_a_step_without_a_log(tmp_path):
    items = [item for item in STORY if item.step != "z"]
    lines = summary_lines(project(items), tmp_path, [])
    assert lines[:2] == ["✘ c  StepFailed", "  exited with 9"]
    assert not any("again" in line for line in lines)


def test_the_summary_of_a_task_run_that_succeeded(tmp_path):
    items = [
        event(K.RUN_STARTED, kind="TaskRun", name="t", tasks=["t"]),
        event(
            K.RUN_FINISHED, status="True", reason="Succeeded", message="All Steps have completed executing"
        ),
    ]
    assert summary_lines(project(items), tmp_path, ["holkas"]) == ["✔ t  Succeeded  0.0s"]


def test_last_lines_of_files_of_any_size(tmp_path):
    path = tmp_path / "log"
    path.write_bytes(b"x" * 200_000 + b"\n" + b"\xffend\nlast")
    assert last_lines(path, 2) == ["\ufffdend", "last"]
    assert last_lines(path, 3)[0].startswith("xxx")
    assert last_lines(tmp_path / "none", 3) == []


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, ""), (0.44, "0.4s"), (9.94, "9.9s"), (12.6, "12s"), (185, "3m05s"), (7400, "2h03m")],
)
def test_durations(seconds, text):
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain ä 文", "plain ä 文"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07x\x1b]8;;http://a\x1b\\y", "xy"),
        ("10%\r50%\r100%\r", "100%"),
        ("a\x00b\x07c\x9bd", "abcd"),
        ("tab\tstays", "tab\tstays"),
        ("\u202egnp.exe", "gnp.exe"),
        ("\x1bMx\x1b7y", "xy"),
    ],
)
def test_nothing_steers_the_terminal(text, shown):
    assert printable(text) == shown


def run_of(**changes):
    given = {
        "id": "20260101-000000-aaaa", "name": "p", "kind": "PipelineRun", "source": "f.yaml", "project": "/p",
        "executor": "process", "command": ("holkas",), "created": 1.0, "finished": None, "status": "Unknown",
        "reason": "Started", "message": "", "alive": True,
    }  # fmt: skip
    return RunSummary(**{**given, **changes})


def test_a_table_of_runs(capsys):
    ended = run_of(status="False", reason="Failed", finished=65.0, message="m")
    emit_runs([run_of(), run_of(alive=False), ended], "table", now=3601.0)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[3] for line in lines[1:]] == ["Running", "Interrupted", "Failed"]
    assert lines[1].split()[4:6] == ["1h00m", "ago"]
    assert lines[3].split()[6] == "1m04s"


def test_one_run_in_words_and_as_data(capsys, tmp_path):
    emit_run(run_of(alive=False), project(STORY[:17]), tmp_path, "table")
    text = capsys.readouterr().out
    assert "p  Interrupted  PipelineRun  20260101-000000-aaaa" in text
    assert "  p-c  Interrupted" in text
    assert "    z  interrupted" in text
    assert "    result r = v" in text
    assert "  b  skipped: When" in text
    ended = run_of(status="False", reason="Failed", finished=65.0, message="why\x1b[0m")
    emit_run(ended, project(STORY), tmp_path, "table")
    text = capsys.readouterr().out
    assert "\n  why\n" in text
    assert "z  Error  exit 9" in text
    assert '  result l = ["w"]' in text
    emit_run(ended, project(STORY), tmp_path, "json")
    value = json.loads(capsys.readouterr().out)
    assert value["results"] == {"out": "v", "l": ["w"]}
    assert value["skipped"] == [{"name": "b", "reason": "When Expressions evaluated to false"}]
    assert [task["name"] for task in value["tasks"]] == ["p-a", "p-c"]
    assert value["tasks"][0]["attempt"] == 1
