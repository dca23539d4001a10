"""What a delivery costs beside the SQLite commits that it has to make, and what ``holkas status`` costs.

Run: python benchmarks/deliveries.py [--deliveries N] [--projects N] [--repeat N] [--check].

The bare side writes the same rows in the same number of commits into the same tables, with nothing else around it.
Both sides take turns in small batches, and the best batch of each counts: on a machine that others use too, the best is
what it costs, and the rest is what the others cost. What is written is noted in every second batch, whose own time is
not taken: noting it is no part of a delivery.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from measuring import Contestant, Verdict, conclude, holkas_command, print_costs, race

sys.path.insert(0, str(Path(__file__).parents[1]))

COST_BOUND = 3.0
MEMORY_BOUND = 1.1
STATUS_BOUND = 2.0
ENVIRONMENTS = ("dev", "test", "stage", "prod")
_LINES = 20
"""Batches into which the deliveries are cut."""


class Recording:
    """The ledger's connection, and a list of what is written through it, commit by commit."""

    def __init__(self, inner: sqlite3.Connection) -> None:
        self._inner = inner
        self.commits: list[list[tuple[str, Any]]] = []
        self._now: list[tuple[str, Any]] = []

    def execute(self, statement: str, values: Any = ()) -> Any:
        word = statement.lstrip()[:6].upper()
        if word == "COMMIT":
            self.commits.append(self._now)
            self._now = []
        elif word in ("INSERT", "DELETE"):
            self._now.append((statement, values))
        return self._inner.execute(statement, values)

    def executemany(self, statement: str, rows: Any) -> Any:
        rows = list(rows)
        self._now += [(statement, row) for row in rows]
        return self._inner.executemany(statement, rows)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


Cost = tuple[float, float]
"""Seconds by the clock, and of the processor."""


def _cost(started: Cost) -> Cost:
    return time.perf_counter() - started[0], time.process_time() - started[1]


def _now() -> Cost:
    return time.perf_counter(), time.process_time()


def deliver(directory: Path, count: int) -> tuple[list[Cost], list[Cost], list[float]]:
    """Cost of each batch of deliveries, of the bare commits of the same rows, and memory after each batch."""
    from holkas.state.ledger import Ledger

    from tests.deliveries import FakeTools, Shop, stage

    shop = Shop(directory / "shop")
    shop.define(*(stage(name) for name in ENVIRONMENTS))
    bare_ledger = Ledger(directory / "bare")
    bare = bare_ledger._database.connection
    ours, theirs, memory = [], [], []
    for batch in range(_LINES):
        # The fakes keep everything in memory and look for it one by one: with new ones the growth that is left is ours.
        shop.tools = FakeTools()
        revisions = []
        for number in range(count // _LINES):
            revisions.append(shop.commit(f"{batch}-{number}"))
        recording = Recording(shop.ledger._database.connection)
        if batch % 2:
            shop.ledger._database.connection = recording
        deliveries, who = shop.deliveries, _who()
        shop.told.clear()
        started = _now()
        for revision in revisions:
            number = deliveries.request(revision, who)
            if deliveries.drive(number) is not None:
                raise RuntimeError("a delivery waits")
        cost = _cost(started)
        if batch % 2:
            shop.ledger._database.connection = recording._inner
            theirs.append(_replay(bare, recording.commits))
        else:
            ours.append(cost)
        shop.told.clear()
        del recording, deliveries
        gc.collect()
        memory.append(_resident())
    done = [row for _, row in shop.ledger.views("delivery/")]
    if len(done) != count // _LINES * _LINES or {row["outcome"] for row in done} != {"succeeded"}:
        raise RuntimeError("not every delivery succeeded")
    shop.close()
    bare_ledger.close()
    return ours, theirs, memory


def _who() -> Any:
    from holkas.delivery_engine.project import Who

    return Who(name="benchmark")


def _replay(connection: sqlite3.Connection, commits: list[list[tuple[str, Any]]]) -> Cost:
    started = _now()
    for statements in commits:
        connection.execute("BEGIN IMMEDIATE")
        for statement, values in statements:
            connection.execute(statement, values)
        connection.execute("COMMIT")
    return _cost(started)


def _resident() -> float:
    """MiB of this process now, as far as the system tells; its peak elsewhere."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def fill(state: Path, projects: int) -> None:
    """A ledger with so many projects, each with one release everywhere."""
    from holkas.delivery.board import board_key, good_key, new_row, project_key
    from holkas.state.ledger import Ledger

    ledger = Ledger(state)
    views: dict[str, Any] = {}
    for number in range(projects):
        name = f"project-{number:03}"
        gates = dict.fromkeys(ENVIRONMENTS, "automatic")
        views[project_key(name)] = {
            "project": name, "directory": f"/srv/{name}", "last": 1, "environments": list(ENVIRONMENTS), "gates": gates,
        }  # fmt: skip
        release = {
            "release": "0" * 16,
            "delivery": 1,
            "revision": "a" * 40,
            "version": "1.0",
            "author": "A",
            "by": "a",
        }
        for environment in ENVIRONMENTS:
            row = new_row(environment) | {
                "release": release,
                "good": [release] * 10,
                "health": "Healthy",
                "since": 1.0,
            }
            views[good_key(name, environment)] = [release] * 10
            views[board_key(name, environment)] = {key: value for key, value in row.items() if key != "good"}
    ledger.append_all([], views=lambda inside, made: views)
    ledger.close()


def status(directory: Path, projects: int, repeat: int) -> float:
    """How often ``holkas --version`` fits into ``holkas status`` of so many projects."""
    fill(directory / "state", projects)
    env = {"HOLKAS_STATE_DIR": str(directory / "state"), "XDG_CONFIG_HOME": str(directory)}
    names = ("--version", "status", "status -o json")
    costs = race(
        [
            Contestant(f"holkas {words}", (*holkas_command(), *words.split()), directory, env=env)
            for words in names
        ],
        repeat,
    )
    print_costs(costs, unit="holkas --version")
    return costs["holkas status"].wall / costs["holkas --version"].wall


def main() -> int:
    """Measure both and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deliveries", type=int, default=1000)
    parser.add_argument("--projects", type=int, default=500)
    parser.add_argument("--repeat", type=int, default=15)
    parser.add_argument("--check", action="store_true", help="exit with 1 when a bound is broken")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        ours, theirs, memory = deliver(Path(temporary), given.deliveries)
    each = given.deliveries // _LINES / 1000
    mine, bare = min(cost[0] for cost in ours), min(cost[0] for cost in theirs)
    print(json.dumps({
        "ms a delivery": round(mine / each, 2),
        "of them on the processor": round(min(cost[1] for cost in ours) / each, 2),
        "ms of bare commits": round(bare / each, 2),
        "of these on the processor": round(min(cost[1] for cost in theirs) / each, 2),
        "median of the ratios of neighbouring batches": round(
            statistics.median(one[0] / other[0] for one, other in zip(ours, theirs, strict=True)), 2
        ),
        "memory in MiB after each batch": [round(one, 1) for one in memory],
    }))  # fmt: skip
    with tempfile.TemporaryDirectory() as temporary:
        shown = status(Path(temporary), given.projects, given.repeat)
    print()
    return conclude(
        [
            Verdict("a delivery against its bare commits", mine / bare, COST_BOUND, " times"),
            Verdict(
                "memory at the end against after a quarter",
                memory[-1] / memory[_LINES // 4],
                MEMORY_BOUND,
                " times",
            ),
            Verdict(
                f"holkas status of {given.projects} projects against --version", shown, STATUS_BOUND, " times"
            ),
        ],
        check=given.check,
    )


if __name__ == "__main__":
    sys.exit(main())
