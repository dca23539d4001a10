"""How much a started step costs, beside bare starts of the same kind on the same machine.

Usage: python benchmarks/sandbox_starts.py [NUMBER]

Every row starts NUMBER (200) programs that end at once: first one after the other, then from 8 threads. The ratio
is to the row that the line names; our rows include opening and closing an attempt's session.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

from holkas.extensions.executor import Command, Executor, Place
from holkas_builtin.executors.process import ProcessExecutor
from holkas_builtin.executors.sandbox import SandboxExecutor

BARE = {
    "Popen true": ["true"],
    "unshare": ["unshare", "-m", "-p", "-f", "--mount-proc", "sh", "-c", ":"],
    "bwrap": ["bwrap", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "--unshare-pid", "true"],
}
THREADS = 8


def bare(argv: list[str]) -> Callable[[], None]:
    """A start without holkas; fails where the system refuses it."""

    def start() -> None:
        subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=False, check=True)

    return start


def ours(executor: Executor, directory: Path, sink: int) -> Callable[[], None]:
    """A session, a step that ends at once, and the session's end."""
    numbers = count()

    def start() -> None:
        session = executor.open(Place(directory=directory / str(next(numbers))))
        session.start(Command(argv=("true",)), stdout=sink, stderr=sink).wait()
        session.close()

    return start


def seconds(start: Callable[[], None], number: int) -> tuple[float, float]:
    """Time of all starts in sequence, and from THREADS threads."""
    start()
    begin = time.perf_counter()
    for _ in range(number):
        start()
    sequence = time.perf_counter() - begin
    with ThreadPoolExecutor(THREADS) as pool:
        begin = time.perf_counter()
        list(pool.map(lambda _: start(), range(number)))
        return sequence, time.perf_counter() - begin


def main(number: int) -> None:
    """Print the table."""
    found: dict[str, tuple[float, float]] = {}

    def row(name: str, start: Callable[[], None], beside: tuple[str, ...] = ()) -> None:
        try:
            found[name] = times = seconds(start, number)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"{name:16} does not work here: {error}")
            return
        ratios = "".join(
            f"   {times[0] / found[other][0]:.2f} / {times[1] / found[other][1]:.2f} x {other}"
            for other in beside
            if other in found
        )
        print(f"{name:16}{times[0] / number * 1e3:12.2f}{times[1] / number * 1e3:12.2f}{ratios}")

    print(f"{number} starts     one by one   {THREADS} threads   (ms a start)")
    for name, argv in BARE.items():
        if shutil.which(argv[0]):
            row(name, bare(argv))
    with tempfile.TemporaryDirectory() as directory, Path(os.devnull).open("wb") as sink:
        for executor, beside in (
            (ProcessExecutor(bin_directory=Path(directory) / "bin"), ("Popen true",)),
            (SandboxExecutor(), ("unshare", "bwrap")),
        ):
            if reason := executor.check():
                print(f"{executor.name:16} does not work here: {reason}")
                continue
            row(executor.name, ours(executor, Path(directory) / executor.name, sink.fileno()), beside)
            executor.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
