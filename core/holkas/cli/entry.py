"""What the program ``holkas`` starts: the command line, with Python's collector of cycles out of its way."""

from __future__ import annotations

import atexit
import gc
import os
import sys
import threading
from typing import NoReturn

_GARBAGE = 100_000
"""Objects that may come together before the collector looks for cycles: a tenth of a start went into looking at 700."""


def program() -> NoReturn:
    """Run the command of this process and leave with its exit code."""
    leave(main())


def main() -> int:
    """Run the command of this process; its exit code."""
    gc.set_threshold(_GARBAGE)
    from holkas.cli.main import main as command_line

    try:
        return command_line()
    finally:
        gc.freeze()  # what is left ends with the process: nobody has to look through all of it once more


def leave(code: int) -> NoReturn:
    """End the process without taking apart what ends with it, which costs as much as thirty tasks.

    What was to be done at the end is done, and what was printed is written. While a thread goes on that everybody waits
    for, and where the output cannot be written, Python ends in its own way.
    """
    others = [each for each in threading.enumerate() if each is not threading.main_thread()]
    if any(not each.daemon for each in others):
        sys.exit(code)
    atexit._run_exitfuncs()
    try:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
    except (OSError, ValueError):
        sys.exit(code)
    os._exit(code)
