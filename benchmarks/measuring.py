"""What the benchmarks share: commands timed side by side, medians, and bounds that hold or do not."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PYTHON_PASS = (sys.executable, "-c", "pass")
"""Bare Python, the unit of start-up."""


@dataclass(frozen=True, slots=True)
class Contestant:
    """One command to time. fresh: directories that are emptied before each time."""

    name: str
    argv: Sequence[str]
    cwd: Path
    env: Mapping[str, str] = field(default_factory=dict)
    fresh: tuple[Path, ...] = ()
    expected: int = 0


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of wall time, and of processor time of the command and all processes that it waited for."""

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a bound holds. ``figure`` and ``bound`` in the same unit, smaller is better."""

    what: str
    figure: float
    bound: float
    unit: str

    @property
    def holds(self) -> bool:
        """Whether the figure is within the bound."""
        return self.figure <= self.bound

    def __str__(self) -> str:
        word = "HOLDS " if self.holds else "BROKEN"
        return f"{word} {self.what}: {self.figure:.2f}{self.unit}, bound {self.bound:.2f}{self.unit}"


def holkas_command() -> tuple[str, ...]:
    """The holkas of this Python: its console script, which is what people start."""
    script = Path(sys.executable).with_name("holkas")
    return (str(script),) if script.exists() else (sys.executable, "-m", "holkas")


def time_once(contestant: Contestant) -> Cost:
    """Run a command once. Raises RuntimeError with its output when it does not end as expected."""
    for directory in contestant.fresh:
        shutil.rmtree(directory, ignore_errors=True)
    log = contestant.cwd / "output.log"
    with log.open("wb") as out:
        started = time.perf_counter()
        process = subprocess.Popen(
            contestant.argv,
            cwd=contestant.cwd,
            env={**os.environ, **contestant.env},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
    process.returncode = code = os.waitstatus_to_exitcode(status)
    if code != contestant.expected:
        raise RuntimeError(
            f"{contestant.name} ended with {code}:\n{log.read_text('utf-8', 'replace')[-2000:]}"
        )
    return Cost(wall, usage.ru_utime + usage.ru_stime)


def race(contestants: Sequence[Contestant], repeat: int) -> dict[str, Cost]:
    """Time commands in turn, ``repeat`` rounds after one to warm up, and take each one's medians.

    In turn, because a machine is not equally busy all the time; medians, because noise only ever adds.
    """
    costs: dict[str, list[Cost]] = {contestant.name: [] for contestant in contestants}
    for number in range(repeat + 1):
        for contestant in contestants:
            cost = time_once(contestant)
            if number:
                costs[contestant.name].append(cost)
    return {
        name: Cost(
            statistics.median(cost.wall for cost in found), statistics.median(cost.cpu for cost in found)
        )
        for name, found in costs.items()
    }


def print_costs(costs: Mapping[str, Cost], *, unit: str = "") -> None:
    """A table: name, wall time, processor time in milliseconds, and wall time as a multiple of ``unit``'s."""
    width = max(len(name) for name in costs)
    print(f"{'':{width}}  {'wall ms':>9}  {'cpu ms':>9}" + (f"  × {unit}" if unit else ""))
    for name, cost in costs.items():
        ratio = f"  {cost.wall / costs[unit].wall:.2f}" if unit in costs else ""
        print(f"{name:{width}}  {cost.wall * 1000:9.1f}  {cost.cpu * 1000:9.1f}{ratio}")


def conclude(verdicts: Sequence[Verdict], *, check: bool) -> int:
    """Print the verdicts; the exit code is 1 when ``check`` is wanted and a bound is broken."""
    for verdict in verdicts:
        print(verdict)
    return int(check and not all(verdict.holds for verdict in verdicts))
