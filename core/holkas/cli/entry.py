"""What the program ``holkas`` starts: the command line, with Python's collector of cycles out of its way."""

from __future__ import annotations

import gc

_GARBAGE = 100_000
"""Objects that may come together before the collector looks for cycles: a tenth of a start went into looking at 700."""


def main() -> int:
    """Run the command of this process; its exit code."""
    gc.set_threshold(_GARBAGE)
    from holkas.cli.main import main as command_line

    try:
        return command_line()
    finally:
        gc.freeze()  # what is left ends with the process: nobody has to look through all of it once more
