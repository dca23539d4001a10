"""Tasks that write one workspace at the same time."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.tekton.lint.documents import embedded, found, pipeline, task

SPACE = [{"name": "w"}]
WRITE = {"script": "date > $(workspaces.w.path)/x"}
READ = {"script": "cat $(workspaces.w.path)/x"}


def node(name: str, step: dict[str, Any], space: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    given = [{"name": "w", "workspace": "shared", **(space or {})}]
    return {"name": name, "workspaces": given, **embedded(step, workspaces=SPACE), **more}


def messages(*tasks: dict[str, Any], **spec: Any) -> list[str]:
    made = pipeline(*tasks, workspaces=[{"name": "shared"}], **spec)
    return [finding.message for finding in found("T604", made)]


def writes(script: str, **step: Any) -> bool:
    one = {"script": script, **step}
    return bool(messages(node("a", one), node("b", one)))


@pytest.mark.parametrize(
    "script",
    [
        "date > $(workspaces.w.path)/x",
        'echo a | tee "$(workspaces.w.path)/x"',
        "touch $(workspaces.w.path)/x",
        "mkdir -p /workspace/w/out",
        "cp -r src $(workspaces.w.path)",
        "git clone url $(workspaces.w.path)/src",
        "curl -o $(workspaces.w.path)/x url",
        "sed -i s/a/b/ $(workspaces.w.path)/x",
        "tar -xf t.tar -C $(workspaces.w.path)",
        "cd $(workspaces.w.path); touch x",
        "cd $(workspaces.w.path)\nmake > log",
        "cd $(workspaces.w.path) && git clone url .",
        "rm -rf $(workspaces.w.path)/*",
    ],
)
def test_scripts_that_write(script: str) -> None:
    assert writes(script)


@pytest.mark.parametrize(
    "script",
    [
        "cat $(workspaces.w.path)/x",
        "cp $(workspaces.w.path)/x /tmp",
        "git -C $(workspaces.w.path) log",
        "curl -T $(workspaces.w.path)/x url",
        "curl url > /tmp/x",
        "tar -tf $(workspaces.w.path)/x.tar",
        "sed s/a/b/ $(workspaces.w.path)/x",
        "date > $(workspaces.other.path)/x",
        "cd $(workspaces.w.path)\ncd /tmp\ntouch x",
        "cd $(workspaces.w.path)\ncd\ntouch x",
        "make >&2",
        "touch x",
        "#!/usr/bin/env python3\nopen('$(workspaces.w.path)/x', 'w')",
    ],
)
def test_scripts_that_do_not(script: str) -> None:
    assert not writes(script)


def test_the_working_folder_counts_and_so_do_variables_and_commands() -> None:
    inside = {"workingDir": "$(workspaces.w.path)/src"}
    assert writes("touch x", **inside)
    assert not writes("touch /tmp/x", **inside)
    env = [{"name": "DIR", "value": "$(workspaces.w.path)"}]
    assert writes("touch ${DIR}/x", env=env)
    assert writes("touch $DIR/x", env=env)
    assert not writes("touch $DIRECTORY/x", env=env)
    one = {"command": ["sh", "-ec"], "args": ["touch $(workspaces.w.path)/x"]}
    assert messages(node("a", one), node("b", one))
    other = {"command": ["make", "-c", "touch $(workspaces.w.path)/x"]}
    assert not messages(node("a", other), node("b", other))


def test_the_message_names_both_and_points_at_the_later_one() -> None:
    made = pipeline(node("a", WRITE), node("b", WRITE), node("c", WRITE), workspaces=[{"name": "shared"}])
    first, second = found("T604", made)
    assert first.message.startswith('tasks "a" and "b" write into workspace "shared"')
    assert second.message.startswith('tasks "a" and "c"')
    assert first.fields == ("spec.tasks[1].workspaces[0]",)


def test_order_by_run_after_by_results_and_through_others_keeps_them_apart() -> None:
    middle = {"name": "m", "runAfter": ["a"], **embedded({"script": "true"})}
    assert messages(node("a", WRITE), middle, node("b", WRITE, runAfter=["m"])) == []
    assert messages(node("b", WRITE, runAfter=["a"]), node("a", WRITE)) == []
    uses = {"params": [{"name": "p", "value": "$(tasks.a.results.r)"}]}
    assert messages(node("a", WRITE), node("b", WRITE, **uses)) == []


def test_other_folders_other_workspaces_and_readers_do_not_clash() -> None:
    assert messages(node("a", WRITE, {"subPath": "a"}), node("b", WRITE, {"subPath": "b"})) == []
    assert messages(node("a", WRITE, {"subPath": "/a/"}), node("b", WRITE, {"subPath": "a"}))
    assert messages(node("a", WRITE), node("b", READ)) == []
    read_only = node("b", WRITE)
    read_only["taskSpec"]["workspaces"] = [{"name": "w", "readOnly": True}]
    assert messages(node("a", WRITE), read_only) == []


def test_finally_comes_after_all_and_is_parallel_in_itself() -> None:
    assert messages(node("a", WRITE), **{"finally": [node("z", WRITE)]}) == []
    [message] = messages(node("a", READ), **{"finally": [node("y", WRITE), node("z", WRITE)]})
    assert message.startswith('tasks "y" and "z"')


def test_the_runs_of_a_matrix_are_parallel() -> None:
    matrix = {"matrix": {"params": [{"name": "m", "value": ["1", "2"]}]}}
    [message] = messages(node("a", WRITE, **matrix))
    assert message == 'the runs of task "a" write into workspace "shared" at the same time'


def test_tasks_of_their_own_and_propagated_workspaces_are_looked_into() -> None:
    shared = task(WRITE, name="writer", workspaces=SPACE)
    ref = {"taskRef": {"name": "writer"}, "workspaces": [{"name": "w", "workspace": "shared"}]}
    made = pipeline({"name": "a", **ref}, {"name": "b", **ref}, workspaces=[{"name": "shared"}])
    assert len(found("T604", shared, made)) == 1
    assert found("T604", made) == []
    by_name = [{"name": name, **embedded(WRITE, workspaces=SPACE)} for name in "ab"]
    assert len(found("T604", pipeline(*by_name, workspaces=SPACE))) == 1


def test_a_circle_of_tasks_is_survived() -> None:
    assert isinstance(messages(node("a", WRITE, runAfter=["b"]), node("b", WRITE, runAfter=["a"])), list)
