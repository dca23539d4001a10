"""Runs every benchmark of this directory, one after the other, and lists their verdicts at the end.

Run: python benchmarks/run_all.py [--check]. It takes a few minutes; leave the machine alone meanwhile.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

BENCHMARKS = (
    "startup",
    "graph_of_tasks",
    "scaling",
    "sandbox_starts",
    "yaml_loading",
    "lint_files",
    "deliveries",
    "render_applications",
    "comparing_states",
    "reconcile_applications",
)
VERDICTS = ("HOLDS ", "BROKEN")


def run(path: Path) -> tuple[int, list[str]]:
    """Run one, showing what it prints; its exit code and the lines that are verdicts."""
    found: list[str] = []
    process = subprocess.Popen(
        [sys.executable, str(path)], stdout=subprocess.PIPE, text=True, cwd=path.parent
    )
    assert process.stdout is not None
    for line in process.stdout:
        print(line, end="", flush=True)
        if line.startswith(VERDICTS):
            found.append(line.rstrip())
    return process.wait(), found


def main() -> int:
    """Run those that are there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="exit with 1 when a bound is broken")
    given = parser.parse_args()
    verdicts: list[str] = []
    ended_badly: list[str] = []
    for name in BENCHMARKS:
        path = Path(__file__).with_name(f"{name}.py")
        if not path.exists():
            continue
        print(f"\n== {name}\n", flush=True)
        code, found = run(path)
        verdicts += [f"{line}  ({name})" for line in found]
        if code:
            ended_badly.append(name)
    print("\n== verdicts\n")
    print("\n".join(verdicts))
    for name in ended_badly:
        print(f"{name} did not end well", file=sys.stderr)
    broken = any(line.startswith("BROKEN") for line in verdicts)
    return int(bool(ended_badly) or (given.check and broken))


if __name__ == "__main__":
    sys.exit(main())
