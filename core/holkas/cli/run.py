"""``holkas run``: run the file on this machine, show it, and end as it ended."""

from __future__ import annotations

import sys
from collections.abc import Sequence
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
    run_options,
)
from holkas.cli.run_output import exit_code, print_runs
from holkas.cli.run_parts import Part, left_out, part_options

if TYPE_CHECKING:
    from holkas.model.record import RunRecord
    from holkas.model.run_request import RunRequest


@click.command(name="run", short_help="Run a Tekton file on this machine.")
@click.argument("files", nargs=-1, required=True, metavar="FILE|DIR|- …")
@click.option("-p", "--param", "params", multiple=True, metavar="NAME=VALUE", help="A param; repeatable.")
@input_options
@part_options
@machine_options
@click.option("--dry-run", is_flag=True, help="Judge and resolve, start nothing.")
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
    dry_run: bool,
    progress: str | None,
    output: str | None,
) -> int:
    """Run every TaskRun and PipelineRun of FILE in order; of a file with none, its one Pipeline or Task.

    Exit code: 0 succeeded, 1 failed, 124 timed out, 130 interrupted.
    """
    from holkas.cli.run_again import Invocation, load

    invocation = Invocation(
        files=files, params=params, workspaces=workspaces, level=api_fields, directory=str(app.directory)
    )
    read = load(app, invocation)
    part = Part(only=only, from_=from_, until=until, results=results)
    invocation = replace(invocation, left_out=left_out(app, read.loaded, part))
    if dry_run:
        print_runs([read.importer.manifest(run) for run in read.loaded.runs], output or "name", read.secrets)
        return OK
    options = run_options(app, executor, jobs, cache)
    records = _run_all(
        app, invocation.requests(read, options, ("holkas", *app.words)), progress_mode(app, progress)
    )
    if output:
        pairs = zip(read.loaded.runs, records, strict=False)
        print_runs([read.importer.manifest(run, record) for run, record in pairs], output, read.secrets)
    return exit_code(records)


def _run_all(app: App, requests: Sequence[RunRequest], progress: str) -> list[RunRecord]:
    from holkas.cli.run_session import RunSession

    server = app.manager.make("build_servers", app.config.text("run.server") or "local")
    records = []
    try:
        session = RunSession(server, app, sys.stderr)
        for request in requests:
            records.append(session.carry_out(request, progress_view(progress, sys.stderr)))
            if session.interrupted:
                break
    finally:
        server.close()
    return records
