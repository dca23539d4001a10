"""Whether a run's cost grows with its tasks and no faster: 1000, 3000 and 10 000 tasks that do nothing.

Run: python benchmarks/scaling.py [--sizes N,N,…] [--executor NAME] [--check]. Each size is run once after the smallest
has warmed the machine up: the largest takes many seconds, and noise is small beside it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from layered_graph import Graph, tekton
from measuring import Contestant, Cost, Verdict, conclude, holkas_command, time_once

WIDTH = 10
TOLERANCE = 1.15
"""How much dearer a task of the largest graph may seem than one of the smallest; linear would be 1."""


def holkas(directory: Path, size: int, executor: str) -> Contestant:
    """A run of a graph of ``size`` tasks."""
    (directory / f"{size}.yaml").write_text(tekton(Graph(size // WIDTH, WIDTH)), encoding="utf-8")
    state = directory / "state"
    return Contestant(
        f"{size} tasks",
        (*holkas_command(), "run", f"{size}.yaml", "--jobs", "8", "--executor", executor),
        directory,
        env={"HOLKAS_STATE_DIR": str(state), "XDG_CONFIG_HOME": str(directory)},
        fresh=(state,),
    )


def main() -> int:
    """Time each size and compare the cost of a task."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--sizes", default="1000,3000,10000", type=lambda text: [int(n) for n in text.split(",")]
    )
    parser.add_argument("--executor", default="process")
    parser.add_argument("--check", action="store_true", help="exit with 1 when a bound is broken")
    given = parser.parse_args()
    costs: dict[int, Cost] = {}
    with tempfile.TemporaryDirectory() as temporary:
        time_once(holkas(Path(temporary), given.sizes[0], given.executor))
        for size in given.sizes:
            costs[size] = time_once(holkas(Path(temporary), size, given.executor))
    print(f"{'tasks':>8}  {'wall s':>8}  {'cpu s':>8}  {'wall ms a task':>15}  {'cpu ms a task':>14}")
    for size, cost in costs.items():
        wall, cpu = cost.wall / size * 1000, cost.cpu / size * 1000
        print(f"{size:8}  {cost.wall:8.2f}  {cost.cpu:8.2f}  {wall:15.2f}  {cpu:14.2f}")
    print()
    smallest, largest = given.sizes[0], given.sizes[-1]
    growth = (costs[largest].cpu / largest) / (costs[smallest].cpu / smallest)
    what = f"a task of {largest} against one of {smallest} (processor time)"
    return conclude([Verdict(what, growth, TOLERANCE, " times")], check=given.check)


if __name__ == "__main__":
    sys.exit(main())
