"""Problems of plugins, for standard error."""

from __future__ import annotations

from collections.abc import Iterable

from holkas.cli.render.printable import printable
from holkas.plugins.errors import PluginProblem


def render_problems(problems: Iterable[PluginProblem], verbose: int = 0) -> str:
    """``warning[CODE]: …`` a line, with its hint; with two ``-v`` the plugin's own traceback."""
    lines = []
    for problem in problems:
        lines.append(f"warning[{problem.code}]: {printable(str(problem))}")
        if problem.hint:
            lines.append(f"  = hint: {problem.hint}")
        if problem.traceback and verbose > 1:
            lines += [f"  | {printable(line)}" for line in problem.traceback.rstrip().split("\n")]
    return "\n".join(lines)
