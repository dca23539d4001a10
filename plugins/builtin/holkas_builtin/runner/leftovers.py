"""Ends what a run has left running whose process died, and removes what it has left in its directories."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

from holkas.roles.errors import ToolError
from holkas.state.run_directory import RunDirectory, remove_tree

from holkas_builtin.executors import survivors
from holkas_builtin.runner.run_context import secrets_root
from holkas_builtin.runner.workspaces_kept import keep_workspaces

_LONGEST = 10.0
"""Seconds in which a killed process must be gone."""


def remove(leftover: Path) -> None:
    """End whoever lives in a directory, and remove it."""
    _end(leftover)
    remove_tree(leftover)


def keep_of(directory: RunDirectory, *, goes_on: bool) -> None:
    """End whoever lives in a run's working directory, and remove all but the workspaces.

    goes_on: the run may, as it has not ended.
    """
    _end(directory.work)
    keep_workspaces(directory, goes_on=goes_on)


def end_leftovers(directory: RunDirectory) -> None:
    """End what a dead run's steps left running, wait for it, and remove all but the workspaces."""
    mark = f"/work/{directory.path.name}/places/"
    left = survivors.end_all(
        lambda: chain(survivors.at_home_in(directory.work), survivors.mounting(mark)), _LONGEST
    )
    if left:
        raise ToolError(f"processes of the run still live: {', '.join(map(str, left))}")
    keep_workspaces(directory, goes_on=True)
    remove_tree(secrets_root(directory.path.name, directory.work))


def _end(leftover: Path) -> None:
    survivors.end_all(lambda: survivors.at_home_in(leftover), _LONGEST)
