"""What a run costs beyond its steps: 200 tasks that do nothing, under holkas, make, and forgewatch if installed.

Run: python benchmarks/graph_of_tasks.py [--repeat N] [--check]. Figures are medians of whole commands, so that
holkas's start, its reading of the file, its journal and its logs are included.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from layered_graph import Graph, forgewatch, makefile, tekton, write_script
from measuring import (
    PYTHON_PASS,
    Contestant,
    Cost,
    Verdict,
    conclude,
    holkas_command,
    print_costs,
    race,
    time_once,
)

GRAPH = Graph(layers=20, width=10)
JOBS = "8"

BUBBLEWRAP = (
    "bwrap --unshare-pid --unshare-ipc --die-with-parent --ro-bind / / --tmpfs /run --proc /proc --dev /dev"
)
"""A world such as a step's, started with nothing around it: read-only, with its own processes, /run and /dev.

This is the fair comparison: a world of ours is a new mount namespace with a root that was changed, the machine's tree
read-only in it, and a plan of mounts over that, which is what bubblewrap makes.
"""

UNSHARE = "unshare --mount --pid --ipc --fork --mount-proc"
"""The barest: namespaces, and nothing mounted but /proc. Every file of the machine can be written in there, so that it
is printed as the floor and no bound is measured by it."""


def contestants(directory: Path, graph: Graph) -> list[Contestant]:
    """Everybody who is here to run the graph."""
    script = write_script(directory)
    (directory / "graph.yaml").write_text(tekton(graph), encoding="utf-8")
    (directory / "Makefile").write_text(makefile(graph, str(script)), encoding="utf-8")
    found = [Contestant("python -c pass", PYTHON_PASS, directory)]
    if shutil.which("make"):
        found.append(Contestant("make", ("make", "-s", f"-j{JOBS}"), directory))
    found += [_holkas(directory, executor) for executor in ("process", "sandbox")]
    program = shutil.which("forgewatch")
    if program:
        (directory / "forgewatch.yml").write_text(forgewatch(graph, str(script)), encoding="utf-8")
        fresh = (directory / ".forgewatch",)
        found.append(Contestant("forgewatch", (program, "run"), directory, fresh=fresh))
    for name, start in (("bare bwrap", BUBBLEWRAP), ("bare unshare", UNSHARE)):
        if shutil.which(start.split()[0]):
            starts = makefile(Graph(1, graph.size), f"{start} {script}")
            (directory / f"{name}.mk").write_text(starts, encoding="utf-8")
            argv = ("make", "-s", f"-j{JOBS}", "-f", f"{name}.mk")
            found.append(Contestant(name, argv, directory))
    return found


def _holkas(directory: Path, executor: str) -> Contestant:
    state = directory / "state"
    argv = (*holkas_command(), "run", "graph.yaml", "--jobs", JOBS, "--executor", executor)
    env = {"HOLKAS_STATE_DIR": str(state), "XDG_CONFIG_HOME": str(directory)}
    return Contestant(f"holkas {executor}", argv, directory, env=env, fresh=(state,))


def verdicts(costs: dict[str, Cost]) -> list[Verdict]:
    """The bounds of the project's second issue, as far as everybody whom they compare with is here."""
    found = []
    process, bare = costs["holkas process"].wall * 1000, costs["python -c pass"].wall * 1000
    if "make" in costs:
        bound = 3 * costs["make"].wall * 1000 + 15 * bare
        found.append(Verdict("process: at most 3 × make + 15 × python -c pass", process, bound, " ms"))
    if "forgewatch" in costs:
        found.append(Verdict("process: ahead of forgewatch", process, costs["forgewatch"].wall * 1000, " ms"))
    if {"bare bwrap", "holkas sandbox"} <= costs.keys():
        sandbox, starts = costs["holkas sandbox"].wall * 1000, costs["bare bwrap"].wall * 1000
        found.append(Verdict("sandbox: at most 2 × bare bwrap", sandbox, 2 * starts, " ms"))
    return found


def floors(costs: dict[str, Cost]) -> list[str]:
    """What is told beside the bounds."""
    if not {"bare unshare", "holkas sandbox"} <= costs.keys():
        return []
    ratio = costs["holkas sandbox"].wall / costs["bare unshare"].wall
    return [f"sandbox: {ratio:.2f} × bare unshare, which mounts nothing but /proc and protects no file"]


def main() -> int:
    """Time everybody in turn and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=7)
    parser.add_argument("--check", action="store_true", help="exit with 1 when a bound is broken")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        found = contestants(Path(temporary), GRAPH)
        found = [each for each in found if _works(each)]
        costs = race(found, given.repeat)
    print(f"{GRAPH.size} tasks that do nothing, {GRAPH.layers} layers of {GRAPH.width}, {JOBS} at a time\n")
    print_costs(costs, unit="make" if "make" in costs else "")
    print()
    for floor in floors(costs):
        print(floor)
    return conclude(verdicts(costs), check=given.check)


def _works(contestant: Contestant) -> bool:
    """Whether it can be timed here; holkas's process executor always has to."""
    if contestant.name == "holkas process":
        return True
    try:
        time_once(contestant)
    except RuntimeError as error:
        print(f"left out: {contestant.name}: {str(error).splitlines()[-1]}", file=sys.stderr)
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
