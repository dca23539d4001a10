"""What only a process of its own shows: terminals, pipes, encodings, exit codes."""

from __future__ import annotations

import errno
import json
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from fcntl import ioctl

import pytest

TWO = """\
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {name: two}
spec:
  pipelineSpec:
    tasks:
    - name: quick
      taskSpec: {steps: [{name: s, image: alpine, script: "echo done at once"}]}
    - name: slow
      taskSpec: {steps: [{name: s, image: alpine, script: "echo working; sleep 1; exit ${CODE}"}]}
    - name: after
      runAfter: [slow]
      taskSpec: {steps: [{name: s, image: alpine, script: "true"}]}
"""


def on_a_terminal(shell, *words, env=None, size=(24, 80)):
    """Run with standard error on a pseudo terminal; what it was sent, and the exit code."""
    master, slave = pty.openpty()
    ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
    process = shell.start(*words, stderr=slave, env={"TERM": "xterm-256color", **(env or {})})
    os.close(slave)
    seen = b""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        ready, _, _ = select.select([master], [], [], 0.2)
        if not ready:
            if process.poll() is not None:
                break
            continue
        try:
            piece = os.read(master, 65536)
        except OSError as error:
            if error.errno == errno.EIO:
                break
            raise
        if not piece:
            break
        seen += piece
    out, _ = process.communicate(timeout=10)
    os.close(master)
    return seen.decode("utf-8", "replace"), process.returncode, out.decode()


def without_escapes(text):
    return re.sub(r"\x1b\[[0-?]*[ -/]*[@-~]", "", text)


@pytest.mark.parametrize("mode", ["auto", "live"])
def test_a_live_tree_on_a_terminal(shell, mode):
    shell.file("two.yaml", TWO.replace("${CODE}", "0"))
    seen, code, out = on_a_terminal(shell, "run", "two.yaml", "--progress", mode, "-o", "name")
    assert (code, out) == (0, "pipelinerun.tekton.dev/two\n")
    assert "\x1b[" in seen
    text = without_escapes(seen)
    assert "waiting: after" in text
    assert "▸ s  working" in text
    last = text.rpartition("two  Succeeded")[0][-400:] + text.rpartition("two  Succeeded")[2]
    assert "two-quick  Succeeded" in text
    assert "Tasks Completed: 3" in last
    assert seen.count("\x1b[?25l") == seen.count("\x1b[?25h")


def test_a_live_tree_of_a_failure_ends_with_its_lines(shell):
    shell.file("two.yaml", TWO.replace("${CODE}", "4"))
    seen, code, _ = on_a_terminal(shell, "run", "two.yaml")
    assert code == 1
    text = without_escapes(seen)
    assert '"step-s" exited with code 4' in text
    assert "│ working" in text
    assert "again: holkas run two.yaml" in text


def test_a_small_terminal(shell):
    shell.file("two.yaml", TWO.replace("${CODE}", "0"))
    _, code, _ = on_a_terminal(shell, "run", "two.yaml", size=(5, 20))
    assert code == 0


def test_no_color(shell):
    shell.file("two.yaml", TWO.replace("${CODE}", "0"))
    coloured, _, _ = on_a_terminal(shell, "run", "two.yaml")
    plain, _, _ = on_a_terminal(shell, "run", "two.yaml", env={"NO_COLOR": "1"})
    colour = re.compile(r"\x1b\[(?:[0-9]+;)*3[0-9](?:;[0-9]+)*m")
    assert colour.search(coloured)
    assert not colour.search(plain)


@pytest.mark.parametrize("env", [{"TERM": "dumb"}, {"CI": "true"}])
def test_no_tree_where_nobody_could_see_it(shell, env):
    shell.file("two.yaml", TWO.replace("${CODE}", "0"))
    seen, code, _ = on_a_terminal(shell, "run", "two.yaml", env=env)
    assert code == 0
    assert "\x1b" not in seen
    assert "[two-slow : s] working" in seen


def test_plain_lines_in_a_pipe(shell):
    shell.file("two.yaml", TWO.replace("${CODE}", "0"))
    said = shell("run", "two.yaml", env={"TERM": "xterm-256color"})
    assert said.code == 0
    assert "\x1b" not in said.err
    assert "[two-slow : s] working" in said.err


def test_the_reader_of_the_output_may_go(shell):
    shell.file("t.yaml", TWO.replace("${CODE}", "0").replace("sleep 1", "true"))
    for _ in range(3):
        assert shell("run", "t.yaml", "--progress", "quiet").code == 0
    for words in (
        ("runs", "list"),
        ("runs", "show", "-o", "json"),
        ("schema",),
        ("--help",),
        ("lint", "t.yaml"),
    ):
        read, write = os.pipe()
        os.close(read)
        process = shell.start(*words, stdout=write)
        os.close(write)
        _, err = process.communicate(timeout=60)
        assert process.returncode in (0, 1)
        assert b"Traceback" not in err
        assert b"Exception ignored" not in err


def test_a_closed_standard_error(shell):
    shell.file("t.yaml", TWO.replace("${CODE}", "0").replace("sleep 1", "true"))
    read, write = os.pipe()
    os.close(read)
    process = shell.start("run", "t.yaml", "-o", "name", stderr=write)
    os.close(write)
    process.communicate(timeout=60)
    assert process.returncode in (0, 1)
    assert shell("runs", "list", "-o", "json").json["items"][0]["state"] != "Running"


def test_a_terminal_of_another_encoding(shell):
    shell.file("t.yaml", TWO.replace("${CODE}", "0").replace("working", "wörking 文"))
    env = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    assert shell("run", "t.yaml", env=env).code == 0
    said = shell("runs", "logs", "latest", "slow", env=env)
    assert (said.code, said.out) == (0, "[two-slow : s] w\\xf6rking \\u6587\n")


def test_standard_input(shell):
    said = shell("run", "-", "-o", "name", stdin=TWO.replace("${CODE}", "0"))
    assert (said.code, said.out) == (0, "pipelinerun.tekton.dev/two\n")
    said = shell("run", "-", stdin=TWO.replace("image:", "imag:"))
    assert said.code == 1
    assert "<stdin>:8:" in said.err
    assert "^^^^" in said.err
    assert shell("lint", "-", stdin="a: [\n").code == 1


def test_standard_output_is_data_alone(shell):
    shell.file("two.yaml", TWO.replace("${CODE}", "0"))
    said = shell("run", "two.yaml", "-o", "json", "--progress", "json")
    assert json.loads(said.out)["status"]["conditions"][0]["reason"] == "Succeeded"
    assert [json.loads(line)["event"] for line in said.err.splitlines()][-1] == "run-finished"


@pytest.mark.parametrize(
    ("script", "extra", "code"), [("true", "", 0), ("exit 7", "", 1), ("sleep 60", "  timeout: 200ms\n", 124)]
)
def test_exit_codes(shell, script, extra, code):
    task = (
        f"apiVersion: tekton.dev/v1\nkind: TaskRun\nmetadata: {{name: t}}\nspec:\n{extra}  taskSpec:\n"
        f'    steps: [{{name: s, image: a, script: "{script}"}}]\n'
    )
    shell.file("t.yaml", task)
    assert shell("run", "t.yaml").code == code


def test_two_runs_at_the_same_time(shell):
    shell.file("two.yaml", TWO.replace("${CODE}", "0"))
    processes = [shell.start("run", "two.yaml", "--progress", "quiet") for _ in range(3)]
    assert [process.wait(timeout=60) for process in processes] == [0, 0, 0]
    for process in processes:
        process.communicate()
    items = shell("runs", "list", "-o", "json").json["items"]
    assert [item["state"] for item in items] == ["Succeeded"] * 3
    assert len({item["name"] for item in items}) == 3


def test_completion_works_in_a_shell(shell):
    env = {"_HOLKAS_COMPLETE": "bash_complete", "COMP_WORDS": "holkas ru", "COMP_CWORD": "1"}
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; sys.argv[0] = 'holkas'; from holkas.cli.main import main; sys.exit(main())",
        ],
        env=shell.environment(env),
        cwd=shell.directory,
        capture_output=True,
        text=True,
    )
    assert [line.partition(",")[2] for line in said.stdout.splitlines()] == ["run", "runs"]
