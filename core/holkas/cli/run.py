"""``holkas run``: run the file on this machine, show it, and end as it ended."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from holkas.cli.app import App
from holkas.cli.errors import OK
from holkas.cli.render.progress import progress_view
from holkas.cli.run_options import (
    input_options,
    machine_options,
    progress_mode,
    progress_option,
    pull_option,
    run_options,
)
from holkas.cli.run_output import exit_code, print_runs
from holkas.cli.run_parts import Part, left_out, part_options

if TYPE_CHECKING:
    from holkas.cli.run_session import RunSession
    from holkas.model.record import RunRecord
    from holkas.model.run_request import RunRequest


@click.command(name="run", short_help="Run a Tekton file on this machine.")
@click.argument("files", nargs=-1, required=True, metavar="FILE|DIR|- …")
@click.option("-p", "--param", "params", multiple=True, metavar="NAME=VALUE", help="A param; repeatable.")
@input_options
@part_options
@machine_options
@pull_option
@click.option("--offline", is_flag=True, help="Ask no resolver; use what was found before.")
@click.option("--dry-run", is_flag=True, help="Judge and resolve, start nothing.")
@click.option("--fidelity", is_flag=True, help="Tell what becomes of each field; start nothing.")
@click.option("--watch", is_flag=True, help="Run again whenever the files or workspaces change.")
@progress_option
@click.option(
    "-o", "--output", type=click.Choice(["yaml", "json", "name"]), help="The finished run on stdout."
)
@click.pass_obj
def command(
    app: App,
    files: tuple[str, ...],
    params: tuple[str, ...],
    workspaces: tuple[str, ...],
    api_fields: str,
    only: tuple[str, ...],
    from_: tuple[str, ...],
    until: tuple[str, ...],
    results: tuple[str, ...],
    executor: str | None,
    jobs: int | None,
    cache: bool | None,
    pull: str | None,
    offline: bool,
    dry_run: bool,
    fidelity: bool,
    watch: bool,
    progress: str | None,
    output: str | None,
) -> int:
    """Run every TaskRun and PipelineRun of FILE in order; of a file with none, its one Pipeline or Task.

    Exit code: 0 succeeded, 1 failed, 124 timed out, 130 interrupted.
    """
    from holkas.cli.run_again import Invocation, load

    invocation = Invocation(
        files=files,
        params=params,
        workspaces=workspaces,
        level=api_fields,
        directory=str(app.directory),
        offline=offline,
    )
    part = Part(only=only, from_=from_, until=until, results=results)

    def once(started: Callable[[RunSession], None]) -> int:
        read = load(app, invocation)
        wished = replace(invocation, left_out=left_out(app, read.loaded, part))
        if dry_run:
            print_runs(
                [read.importer.manifest(run) for run in read.loaded.runs], output or "name", read.secrets
            )
            return OK
        options = run_options(app, executor, jobs, cache, pull)
        requests = wished.requests(read, options, ("holkas", *app.words))
        if fidelity:
            from holkas.cli.run_fidelity import show_fidelity

            return show_fidelity(app, read, requests, output or "table")
        records = _run_all(app, requests, progress_mode(app, progress), started)
        if output:
            pairs = zip(read.loaded.runs, records, strict=False)
            print_runs([read.importer.manifest(run, record) for run, record in pairs], output, read.secrets)
        return exit_code(records)

    if not watch:
        return once(lambda session: None)
    from holkas.cli.watching import keep_running

    return keep_running(invocation, once)


def _run_all(
    app: App, requests: Sequence[RunRequest], progress: str, started: Callable[[RunSession], None]
) -> list[RunRecord]:
    from holkas.cli.run_session import RunSession

    server = app.manager.make("build_servers", app.config.text("run.server") or "local")
    records = []
    try:
        session = RunSession(server, app, sys.stderr)
        started(session)
        for request in requests:
            records.append(session.carry_out(request, progress_view(progress, sys.stderr)))
            if session.interrupted or session.abandoned:
                break
    finally:
        server.close()
    return records
