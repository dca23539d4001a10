"""What a shell script prints and where it writes, as far as rules need to know."""

from __future__ import annotations

import pytest
from holkas_compat.tekton.lint.rules.shell import commands, is_shell, prints, written_to
from hypothesis import given, settings
from hypothesis import strategies as st


def texts(script: str) -> list[str]:
    return [command.text for command in commands(script)]


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("echo a", ["echo a"]),
        ("echo a; echo b && echo c || echo d", ["echo a", "echo b", "echo c", "echo d"]),
        ("echo 'a; b' \"c && d\"", ["echo 'a; b' \"c && d\""]),
        (r"echo a\; b", [r"echo a\; b"]),
        ('echo "a\\"; b"', ['echo "a\\"; b"']),
        ("echo a | tr a b", ["echo a", "tr a b"]),
        ("x=$(echo a; echo b) cmd", ["cmd"]),
        ("x=$(cat f | grep (a) )", []),
        ("x=`echo a; echo b`; y", ["y"]),
        ("echo `unclosed; y", ["echo `unclosed", "y"]),
        ("echo a # no; comment", ["echo a"]),
        ("echo a#b; c", ["echo a#b", "c"]),
        ("  # comment\n\necho a", ["echo a"]),
        ("echo a \\\n  b", ["echo a    b"]),
        ("if true; then echo a; else echo b; fi", ["true", "echo a", "echo b", "fi"]),
        ("! sudo cmd", ["cmd"]),
        ("A=1 B=2 cmd x", ["cmd x"]),
        ("cmd 2>&1 >f", ["cmd 2>&1 >f"]),
        ("a & b", ["a", "b"]),
        ("(cd x && ls)", ["cd x", "ls)"]),
    ],
)
def test_simple_commands(script: str, found: list[str]) -> None:
    assert texts(script) == found


def test_a_command_knows_its_program_and_what_ends_it() -> None:
    first, second = commands("/usr/bin/env A='b c' | cat")
    assert (first.name, first.words, first.ends) == ("env", ("/usr/bin/env", "A='b c'"), "|")
    assert (second.name, second.ends) == ("cat", "")


@pytest.mark.parametrize(
    ("script", "shell"),
    [
        ("echo", True),
        ("#!/bin/sh\n", True),
        ("#!/usr/bin/env bash\n", True),
        ("#! /bin/bash -eu\n", True),
        ("#!/usr/bin/env -S zsh -e\n", True),
        ("#!/busybox/ash\n", True),
        ("#!/usr/bin/env python3\n", False),
        ("#!/usr/bin/env node\n# sh\n", False),
    ],
)
def test_which_scripts_are_for_a_shell(script: str, shell: bool) -> None:
    assert is_shell(script) is shell


@pytest.mark.parametrize(
    ("script", "targets", "seen"),
    [
        ("echo a", [], True),
        ("echo a > f", ["f"], False),
        ("echo a >> 'my file'", ["my file"], False),
        ('echo a >"$(results.r.path)"', ["$(results.r.path)"], False),
        ("echo a > $(workspaces.w.path)/x.txt", ["$(workspaces.w.path)/x.txt"], False),
        ("echo a >&2", ["&2"], True),
        ("echo a 2>/dev/null", ["/dev/null"], False),
        ("echo a > /dev/stderr", ["/dev/stderr"], True),
        ("echo a | cat", [], False),
        ("echo 'a -> b'", [], True),
    ],
)
def test_where_output_goes(script: str, targets: list[str], seen: bool) -> None:
    command = next(commands(script))
    assert written_to(command) == targets
    assert prints(command) is seen


@settings(deadline=None)
@given(st.text("ab $(){}'\"`\\|&;<>#\n=", max_size=60))
def test_any_script_is_survived(script: str) -> None:
    for command in commands(script):
        assert command.text
        assert isinstance(prints(command), bool)
