"""The options that every command has that runs something, and what they become."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from holkas.cli.render.progress import MODES

if TYPE_CHECKING:
    from holkas.cli.app import App
    from holkas.model.run_request import RunOptions

Command = TypeVar("Command", bound=Callable[..., Any])

_WORKSPACE = click.option(
    "-w",
    "--workspace",
    "workspaces",
    multiple=True,
    metavar="NAME=DIR",
    help="A workspace, as tkn spells it.",
)
_LEVEL = click.option(
    "--api-fields",
    type=click.Choice(["stable", "beta", "alpha"]),
    default="alpha",
    show_default=True,
    help="Highest level of features that is accepted.",
)
_EXECUTOR = click.option(
    "--executor", metavar="NAME", help="auto, container, sandbox, process, or a plugin's.  [default: auto]"
)
_JOBS = click.option(
    "-j", "--jobs", type=click.IntRange(0), help="Tasks of a run at the same time; 0 fits the machine."
)
_CACHE = click.option(
    "--cache/--no-cache",
    default=None,
    help="Take outcomes of tasks from earlier runs where nothing that they depend on has changed.",
)
_PULL = click.option(
    "--pull",
    type=click.Choice(["always", "missing", "never"]),
    default=None,
    help="When images are fetched, by executors that have images.",
)
_PROGRESS = click.option(
    "--progress", type=click.Choice(MODES), default=None, help="How progress is shown on stderr."
)


def input_options(command: Command) -> Command:
    """``-w`` and ``--api-fields``."""
    return _WORKSPACE(_LEVEL(command))


def machine_options(command: Command) -> Command:
    """``--executor``, ``--jobs`` and ``--cache``: how runs are carried out; see :func:`run_options`."""
    return _EXECUTOR(_JOBS(_CACHE(command)))


def progress_option(command: Command) -> Command:
    """``--progress``; see :func:`progress_mode`."""
    return _PROGRESS(command)


def pull_option(command: Command) -> Command:
    """``--pull``; see :func:`run_options`."""
    return _PULL(command)


def run_options(
    app: App, executor: str | None, jobs: int | None, cache: bool | None, pull: str | None = None
) -> RunOptions:
    """What was said, else what is configured."""
    from holkas.model.run_request import RunOptions

    return RunOptions(
        jobs=jobs if jobs is not None else app.config.number("run.jobs"),
        executor=executor or app.config.text("run.executor") or "auto",
        cache=app.config.flag("run.cache") if cache is None else cache,
        pull=pull or "",
        keep_workspaces=app.config.number("run.keep-workspaces"),
        results_from=app.config.text("run.results-from"),
        max_result_size=app.config.number("run.max-result-size"),
    )


def progress_mode(app: App, progress: str | None) -> str:
    """What was said, else what is configured."""
    return progress or app.config.text("run.progress") or "auto"
