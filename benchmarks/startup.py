"""How long commands take that do next to nothing, against bare Python.

Run: python benchmarks/startup.py [--repeat N] [--check].
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from layered_graph import Graph, tekton
from measuring import PYTHON_PASS, Contestant, Verdict, conclude, holkas_command, print_costs, race

BARE = "python -c pass"
HELP_BOUND = 8.0


def main() -> int:
    """Time each command in turn and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=15)
    parser.add_argument("--check", action="store_true", help="exit with 1 when a bound is broken")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        directory = Path(temporary)
        (directory / "small.yaml").write_text(tekton(Graph(1, 1)), encoding="utf-8")
        env = {"HOLKAS_STATE_DIR": str(directory / "state"), "XDG_CONFIG_HOME": str(directory)}
        commands = (
            ("--help",),
            ("--version",),
            ("lint", "small.yaml"),
            ("run", "--dry-run", "small.yaml"),
            ("run", "small.yaml", "--executor", "process"),
        )
        costs = race(
            [
                Contestant(BARE, PYTHON_PASS, directory),
                *(
                    Contestant(f"holkas {' '.join(words)}", (*holkas_command(), *words), directory, env=env)
                    for words in commands
                ),
            ],
            given.repeat,
        )
    print_costs(costs, unit=BARE)
    print()
    ratio = costs["holkas --help"].wall / costs[BARE].wall
    return conclude(
        [Verdict("holkas --help against python -c pass", ratio, HELP_BOUND, " times")], check=given.check
    )


if __name__ == "__main__":
    sys.exit(main())
