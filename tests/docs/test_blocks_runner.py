"""The runner of the pages' blocks notices what is wrong."""

from __future__ import annotations

import pytest

from tests.docs.blocks import Page, blocks, commands, matches

TICKS = "```"


def page(language: str, text: str, before: str = "") -> str:
    return f"{before}\n\n{TICKS}{language}\n{text}\n{TICKS}\n"


def test_blocks_have_language_text_file_and_line():
    found = blocks("# A\n" + page("yaml", "a: 1", "Save as `x/a.yaml`:") + page("text", "b"))
    assert [(one.language, one.text, one.file, one.line) for one in found] == [
        ("yaml", "a: 1\n", "x/a.yaml", 4),
        ("text", "b\n", "", 9),
    ]


def test_commands_go_on_over_lines_and_have_their_output():
    assert commands("$ echo a\na\n$ cat <<X\n> b\n> X\nb\n") == [("echo a", "a"), ("cat <<X\nb\nX", "b")]


def test_a_block_without_a_command_is_refused():
    with pytest.raises(ValueError, match="begins with a command"):
        commands("echo a\n")


@pytest.mark.parametrize(
    ("expected", "printed", "same"),
    [
        ("a", "a\n", True),
        ("a", "a", True),
        ("a", "a\n\n", True),
        ("a", "\na\n", False),
        ("", "", True),
        ("a", "b\n", False),
        ("a", "a\nb\n", False),
        ("a.c", "abc\n", False),
        ("run …  ok", "run hello-4xk2  ok\n", True),
        ("run …", "run\n", False),
        ("a\n…\nb", "a\nx\ny\nb\n", True),
        ("a\n…\nb", "a\nb\n", True),
        ("a\n…", "a\nx\n", True),
        ("a\n…", "b\nx\n", False),
        ("note: executor: sandbox", "warning: executor: process, steps run unprotected\n", True),
        ("note: executor: sandbox", "note: something else\n", False),
    ],
)
def test_what_matches(expected, printed, same):
    assert matches(expected, printed) is same


def test_files_commands_and_exit_codes_follow_each_other(tmp_path):
    text = page("yaml", "a: 1", "Save this as `a.yaml`:") + page(
        "console", "$ cat a.yaml\na: 1\n$ false\n$ echo $?\n1"
    )
    assert Page(text, tmp_path).follow() == 2


def test_a_wrong_output_names_the_line(tmp_path):
    with pytest.raises(AssertionError, match="line 3: \\$ echo a"):
        Page(page("console", "$ echo a\nb"), tmp_path).follow()


@pytest.mark.parametrize(
    ("language", "text"),
    [("yaml", "a: [1"), ("json", "{"), ("toml", "a ="), ("python", "def"), ("cobol", "STOP RUN")],
)
def test_a_block_that_is_not_of_its_language_is_an_error(language, text, tmp_path):
    with pytest.raises(Exception, match=r"."):
        Page(page(language, text), tmp_path).follow()


def test_blocks_can_be_left_out(tmp_path):
    assert Page(page("sh", "rm -rf /"), tmp_path).follow(leaving_out=frozenset({"sh"})) == 0
