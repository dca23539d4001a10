"""``holkas runs``: what ran, how it went, its logs; cancel, resume, rerun and prune."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

import click

from holkas.cli.app import App
from holkas.cli.errors import CommandError
from holkas.cli.runs_again import rerun, resume

_MODES = {"cancelled": "Cancelled", "run-finally": "CancelledRunFinally", "stopped": "StoppedRunFinally"}


@click.group(name="runs", short_help="List, show, follow, cancel, resume, rerun and prune runs.")
def command() -> None:
    """Runs that are kept. RUN is an id, a run's name (its newest run) or ``latest``."""


command.add_command(resume)
command.add_command(rerun)


@command.command(name="list")
@click.option(
    "-o",
    "--output",
    type=click.Choice(["table", "json", "yaml", "name"]),
    default="table",
    help="Form of the list.",
)
@click.option(
    "-n", "--limit", type=click.IntRange(1), default=20, show_default=True, help="The newest so many."
)
@click.option("--here", is_flag=True, help="Only runs of this project.")
@click.pass_obj
def list_(app: App, output: str, limit: int, here: bool) -> int:
    """List runs, the newest first."""
    from holkas.cli.render.run_table import emit_runs

    project = str(app.project) if here else None
    emit_runs(app.store.runs(limit=limit, project=project), output, now=time.time())
    return 0


@command.command()
@click.argument("run", default="latest")
@click.option(
    "-o",
    "--output",
    type=click.Choice(["table", "json", "yaml", "name"]),
    default="table",
    help="Form of the answer.",
)
@click.pass_obj
def show(app: App, run: str, output: str) -> int:
    """Show a run: its tasks and steps, results, what was skipped and why."""
    from holkas.cli.render.run_table import emit_run
    from holkas.state.projection import project

    summary = app.store.run(run)
    view = project(event for _, event in app.store.events(summary.id))
    emit_run(summary, view, app.store.directory(summary.id).path, output)
    return 0


@command.command()
@click.argument("run", default="latest")
@click.argument("task", default="")
@click.option("-f", "--follow", is_flag=True, help="Go on until the run ends.")
@click.pass_obj
def logs(app: App, run: str, task: str, follow: bool) -> int:
    """Print the logs of a run, or of one task of it."""
    from holkas.cli.log_reader import LogReader

    summary = app.store.run(run)
    reader = LogReader(app.store, summary.id, sys.stdout, task)
    reader.print_new(last=not summary.alive)
    while follow and app.store.run(summary.id).alive:
        time.sleep(0.2)
        reader.print_new()
    reader.print_new(last=not app.store.run(summary.id).alive)
    if task and not reader.seen:
        raise CommandError(
            f"the run {summary.name} has no step of a task {task!r}", hint=f"holkas runs show {summary.id}"
        )
    return 0


@command.command()
@click.argument("run", default="latest")
@click.option(
    "--mode",
    type=click.Choice(list(_MODES)),
    default="run-finally",
    show_default=True,
    help="What still runs: nothing, the finally tasks, or these and what runs now.",
)
@click.option("--wait/--no-wait", default=True, show_default=True, help="Come back when the run has ended.")
@click.pass_obj
def cancel(app: App, run: str, mode: str, wait: bool) -> int:
    """Ask a run to end: at once, after its finally tasks, or after the tasks that run now."""
    from holkas.model.run_request import CancelMode
    from holkas.state.cancel_request import request_cancel

    summary = app.store.run(run)
    if not summary.alive:
        raise CommandError(f"the run {summary.id} does not run: it is {summary.state}", exit_code=1)
    request_cancel(app.store.directory(summary.id), CancelMode(_MODES[mode]))
    while wait and app.store.run(summary.id).alive:
        time.sleep(0.1)
    click.echo(f"{summary.id} {app.store.run(summary.id).state}" if wait else summary.id)
    return 0


@command.command()
@click.option(
    "--keep", type=click.IntRange(0), default=20, show_default=True, help="The newest so many stay."
)
@click.option("--older-than", type=click.FloatRange(0), metavar="DAYS", help="Only runs older than this.")
@click.option(
    "--cache-older-than",
    type=click.FloatRange(0),
    default=30.0,
    show_default=True,
    metavar="DAYS",
    help="Outcomes of tasks in the cache that are older than this go.",
)
@click.option(
    "--resolved-unused-for",
    type=click.FloatRange(0),
    default=90.0,
    show_default=True,
    metavar="DAYS",
    help="Documents that resolvers found, and that no run used for so long, go.",
)
@click.option("--dry-run", is_flag=True, help="Only say which.")
@click.pass_obj
def prune(
    app: App,
    keep: int,
    older_than: float | None,
    cache_older_than: float,
    resolved_unused_for: float,
    dry_run: bool,
) -> int:
    """Forget old runs with their logs and workspaces, old outcomes in the cache, and what resolvers found long ago.

    Runs that go on stay.
    """
    from holkas.state.leftovers import old_cache_entries, stray_directories
    from holkas.state.resolved_documents import ResolvedDocuments

    before = time.time() - older_than * 86400 if older_than is not None else None
    removed = 0
    for summary in app.store.runs()[keep:]:
        if summary.alive or (before is not None and summary.created > before):
            continue
        if not dry_run and not app.store.remove_run(summary.id):
            continue  # its process is still at it
        click.echo(summary.id)
        removed += 1
    strays = stray_directories(app.store)
    entries = old_cache_entries(app.store, time.time() - cache_older_than * 86400)
    found = ResolvedDocuments(app.store.root / "resolved").unused(time.time() - resolved_unused_for * 86400)
    if not dry_run:
        for stray in strays:
            app.store.remove_run(stray.name)
        for entry in (*entries, *found):
            entry.unlink(missing_ok=True)
    removed += len(strays)
    for stray in strays:
        click.echo(stray.name)
    said = [f"{removed} run{'s' if removed != 1 else ''}"]
    said += [_files(files, of) for files, of in ((entries, "the cache"), (found, "resolvers")) if files]
    told = f"{', '.join(said[:-1])} and {said[-1]}" if said[1:] else said[0]
    click.echo(f"{told} {'would be ' if dry_run else ''}removed", err=True)
    return 0


def _files(files: Sequence[Path], of: str) -> str:
    return f"{len(files)} file{'s' if len(files) != 1 else ''} of {of}"
