"""One graph of tasks, written down for each of those who run it: for Tekton, for make, for forgewatch.

Layers of equal width; a task depends on two tasks of the layer above. Every task is one process: a script that begins
with ``#!/bin/sh`` and does nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SCRIPT = "#!/bin/sh\n:\n"


@dataclass(frozen=True, slots=True)
class Graph:
    """``layers`` × ``width`` tasks."""

    layers: int
    width: int

    @property
    def size(self) -> int:
        """Number of tasks."""
        return self.layers * self.width

    def tasks(self) -> list[tuple[str, list[str]]]:
        """Names of tasks with the names of those that each depends on, in an order that can be run."""
        return [
            (self._name(layer, place), [] if layer == 0 else self._above(layer, place))
            for layer in range(self.layers)
            for place in range(self.width)
        ]

    def _above(self, layer: int, place: int) -> list[str]:
        return sorted({self._name(layer - 1, place), self._name(layer - 1, (place + 1) % self.width)})

    def _name(self, layer: int, place: int) -> str:
        return f"t{layer}-{place}"


def tekton(graph: Graph) -> str:
    """A PipelineRun with everything in it, each task with its own spec."""
    lines = [
        "apiVersion: tekton.dev/v1",
        "kind: PipelineRun",
        "metadata: {name: graph}",
        "spec:",
        "  pipelineSpec:",
        "    tasks:",
    ]
    for name, above in graph.tasks():
        lines.append(f"    - name: {name}")
        if above:
            lines.append(f"      runAfter: [{', '.join(above)}]")
        lines += [
            "      taskSpec:",
            "        steps:",
            "        - name: nothing",
            "          image: busybox",
            "          script: |",
            *(f"            {line}" for line in SCRIPT.splitlines()),
        ]
    return "\n".join(lines) + "\n"


def makefile(graph: Graph, script: str) -> str:
    """The same for make; ``script`` is started once for each target."""
    lines = [".PHONY: all " + " ".join(name for name, _ in graph.tasks())]
    lines.append("all: " + " ".join(name for name, _ in graph.tasks()))
    for name, above in graph.tasks():
        lines += [f"{name}: {' '.join(above)}".rstrip(), f"\t@{script}"]
    return "\n".join(lines) + "\n"


def forgewatch(graph: Graph, script: str) -> str:
    """The same for forgewatch."""
    lines = ["name: graph", "jobs:"]
    for name, above in graph.tasks():
        lines.append(f"  - name: {name}")
        if above:
            lines.append(f"    needs: [{', '.join(above)}]")
        lines += ["    steps:", "      - name: nothing", f"        run: {script}"]
    return "\n".join(lines) + "\n"


def write_script(directory: Path) -> Path:
    """The script that does nothing, as a file."""
    path = directory / "nothing.sh"
    path.write_text(SCRIPT, encoding="utf-8")
    path.chmod(0o755)
    return path
