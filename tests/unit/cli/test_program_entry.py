"""The program is the command line, with the collector out of its way while it starts and ends."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = (
    "import gc, sys; from holkas.cli.entry import main; sys.argv = ['holkas', {word!r}]; code = main(); "
)


def entered(word: str, then: str) -> str:
    code = PROGRAM.format(word=word) + then
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.splitlines()[-1]


def test_it_gives_the_exit_code_of_the_command() -> None:
    assert entered("--version", "print(code)") == "0"
    assert entered("no-such-command", "print(code)") == "2"


def test_the_collector_still_works_and_is_spared_the_end() -> None:
    said = entered(
        "--version", "print(gc.isenabled(), gc.get_threshold()[0] > 700, gc.get_freeze_count() > 1000)"
    )
    assert said == "True True True"


def test_the_module_is_the_same_program() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "holkas", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("holkas ")
