"""What a file of task tests may say, and what is told about one that says something else."""

from __future__ import annotations

import json
import os
import string
import subprocess
from pathlib import Path

import pytest
from holkas.task_tests.definition import Match, Reply, Stub
from holkas.task_tests.reading import read_tests
from holkas.task_tests.schema import SCHEMA
from holkas.task_tests.stubs import Call, calls, script
from holkas.yaml import Source
from hypothesis import given, settings
from hypothesis import strategies as st


def read(text):
    return read_tests(Source("x.test.yaml", text.encode()), Path("/where"))


def wrong(text):
    file, findings = read(text)
    assert file is None
    return [(finding.code, finding.message) for finding in findings]


def case(text):
    file, findings = read(f"manifests: [t.yaml]\ntests:\n- name: one\n{text}")
    assert not findings, findings
    return file.cases[0]


def test_paths_begin_where_the_file_lies():
    file, _ = read("manifests: [a.yaml, ../b]\ntests: [{name: x, workspaces: {w: {directory: d}}}]")
    assert file.manifests == (Path("/where/a.yaml"), Path("/where/../b"))
    assert file.cases[0].workspaces["w"].directory == Path("/where/d")


def test_what_the_file_says_holds_for_every_test_and_a_tests_own_wins():
    file, _ = read(
        "manifests: [t]\ntask: t\ntimeout: 1m30s\nparams: {a: 1, b: x}\nstubs: {git: {stdout: v1}}\n"
        "tests:\n- name: one\n- {name: two, task: u, params: {b: z, c: [1, true]}, timeout: 500ms}\n"
    )
    one, two = file.cases
    assert (one.task, one.params, one.timeout) == ("t", {"a": "1", "b": "x"}, 90.0)
    assert (two.task, two.params, two.timeout) == ("u", {"a": "1", "b": "z", "c": ["1", "true"]}, 0.5)
    assert [stub.name for stub in two.stubs] == ["git"]
    assert (one.line, two.line) == (7, 8)


def test_a_test_expects_success_where_it_says_nothing():
    assert case("").expected.status == "Succeeded"


def test_a_value_alone_stands_for_the_whole():
    expected = case(
        "  expect: {log: {contains: a, excludes: [b, c]}, results: {r: 5, o: {equals: {k: v}}, a: [x]}}"
    ).expected
    assert expected.log == Match(contains=("a",), excludes=("b", "c"))
    assert expected.results == {
        "r": Match(equals="5"),
        "o": Match(equals={"k": "v"}),
        "a": Match(equals=["x"]),
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[", "Y001"),
        ("a: 1\n---\nb: 2", "one YAML document"),
        ("", "one YAML document"),
        ("3", "the file wants a mapping, not 3"),
        ("tests: [{name: x}]", "the file wants manifests"),
        ("manifests: [a]\ntests: [{}]", "tests[0] wants name"),
        ("manifests: [a]\ntests: [{name: x, parms: {}}]", "tests[0] has no parms"),
        ("manifests: [a]\ntests: [{name: x, timeout: soon}]", "tests[0].timeout is not written"),
        ("manifests: [a]\ntests: [{name: x, expect: {status: Good}}]", "is one of Succeeded, Failed"),
        (
            "manifests: [a]\ntests: [{name: x, expect: {log: 3}}]",
            "expect.log wants a text or a mapping, not 3",
        ),
        ("manifests: [a]\ntests: [{name: x, expect: {log: {contain: a}}}]", "expect.log has no contain"),
        ("manifests: [a]\ntests: [{name: x, expect: {log: {matches: '('}}}]", "no regular expression"),
        ("manifests: [a]\ntests: [{name: x}, {name: x}]", "two tests have the name 'x'"),
        ("manifests: [a]\ntests: [{name: x, expect: {stubs: {git: {times: 1}}}}]", "there is no stub git"),
        ("manifests: [a]\ntests: [{name: x, stubs: {../git: {}}}]", "by its name alone"),
        ("manifests: [a]\ntests: [{name: x, workspaces: {w: {files: {../a: b}}}}]", "leaves its workspace"),
        ("manifests: [a]\ntests: [{name: x, expect: {workspaces: {w: {/a: b}}}}]", "leaves its workspace"),
        (
            "manifests: [a]\nworkspaces: {w: {files: {a/../../b: c}}}\ntests: [{name: x}]",
            "leaves its workspace",
        ),
        ("manifests: [a]\ntests: [{name: x, expect: {steps: {s: {exitCode: 999}}}}]", "exitCode"),
        ("manifests: [a]\ntests: [{name: x, workspaces: {'..': {}}}]", "no name of a workspace"),
    ],
)
def test_what_is_wrong_is_told_with_a_code(text, told):
    found = wrong(text)
    assert any(told in f"{code} {message}" for code, message in found), found


def test_everything_that_is_wrong_is_told_at_once():
    assert len(wrong("manifests: []\ntests: [{nme: x}, {name: 3, skip: 1}]")) >= 4


def test_a_close_word_is_offered():
    _, findings = read("manifests: [a]\ntests: [{name: x, expects: {}}]")
    assert [finding.hint for finding in findings] == ["did you mean expect?"]


@settings(max_examples=150, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from([*SCHEMA["properties"], "name", "expect", "log", "matches"]),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_any_document_ends_in_findings_or_in_tests(value):
    file, findings = read(json.dumps(value))
    assert (file is None) == bool(findings)


def made(tmp_path, stub):
    """The stub's program as it lies on PATH."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "calls").mkdir()
    program = tmp_path / "bin" / stub.name
    program.write_text(script(stub), encoding="utf-8")
    program.chmod(0o755)
    return program


def made_calls(tmp_path):
    return calls({file.name: file.read_bytes() for file in (tmp_path / "calls").iterdir()})


def call(program, *words):
    ended = subprocess.run([program, *words], capture_output=True, text=True, timeout=60, check=False)
    return ended.returncode, ended.stdout, ended.stderr


def test_a_stub_answers_and_notes_its_calls(tmp_path):
    replies = (
        Reply(arguments="push *", stdout="it's\n", exit_code=3),
        Reply(arguments="v?", stderr="$HOME `x`"),
    )
    program = made(tmp_path, Stub(name="docker", replies=replies, usual=Reply(stdout="usual")))
    assert call(program, "push", "a b") == (3, "it's\n", "")
    assert call(program, "v1") == (0, "", "$HOME `x`")
    assert call(program, "v12") == (0, "usual", "")
    assert call(program) == (0, "usual", "")
    assert made_calls(tmp_path) == (
        Call("docker", ("push", "a b")),
        Call("docker", ("v1",)),
        Call("docker", ("v12",)),
        Call("docker", ()),
    )


def test_a_stub_may_be_a_script(tmp_path):
    program = made(tmp_path, Stub(name="x", script='echo "$2"; exit 5'))
    assert call(program, "a", "b\nc") == (5, "b\nc\n", "")
    assert made_calls(tmp_path) == (Call("x", ("a", "b\nc")),)


def test_calls_at_the_same_time_are_all_noted(tmp_path):
    program = made(tmp_path, Stub(name="x"))
    started = [subprocess.Popen([program, str(number)]) for number in range(20)]
    assert [process.wait(60) for process in started] == [0] * 20
    assert sorted(each.arguments[0] for each in made_calls(tmp_path)) == sorted(map(str, range(20)))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_stub_that_cannot_note_its_call_fails(tmp_path):
    program = made(tmp_path, Stub(name="x"))
    (tmp_path / "calls").chmod(0o500)
    assert call(program)[0] == 125


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet=string.printable, max_size=20), st.text(alphabet=string.printable, max_size=20))
def test_texts_of_any_letters_come_out_as_they_are(tmp_path_factory, argument, answer):
    """Patterns quote all but ``*`` and ``?``, which fit themselves."""
    place = tmp_path_factory.mktemp("stub")
    program = made(
        place, Stub(name="x", replies=(Reply(arguments=argument, stdout=answer),), usual=Reply(exit_code=9))
    )
    ended = subprocess.run([program, argument], capture_output=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout.decode()) == (0, answer)
    assert made_calls(place)[0].arguments == (argument,)
