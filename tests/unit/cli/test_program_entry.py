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


LEAVING = """
import atexit, sys, threading, time
from holkas.cli.entry import leave
{before}
atexit.register(lambda: print("registered"))
print("printed")
leave(7)
"""


def left(before: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LEAVING.format(before=before)], capture_output=True, text=True, check=False
    )


def test_what_was_to_be_done_at_the_end_is_done() -> None:
    done = left("")
    assert (done.returncode, done.stdout.split(), done.stderr) == (7, ["printed", "registered"], "")


def test_a_thread_that_everybody_waits_for_is_waited_for() -> None:
    done = left("threading.Thread(target=lambda: (time.sleep(0.2), print('late'))).start()")
    assert done.returncode == 7
    assert sorted(done.stdout.split()) == ["late", "printed", "registered"]


def test_other_threads_keep_nobody() -> None:
    done = left("threading.Thread(target=lambda: time.sleep(60), daemon=True).start()")
    assert (done.returncode, done.stdout.split()) == (7, ["printed", "registered"])
