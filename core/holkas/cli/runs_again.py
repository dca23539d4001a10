"""``holkas runs rerun`` and ``holkas runs resume``: a run once more, and a run whose process died to its end."""

from __future__ import annotations

import sys
from dataclasses import replace

import click

from holkas.cli.app import App
from holkas.cli.errors import FAILED, CommandError
from holkas.cli.render.progress import progress_view
from holkas.cli.run_options import machine_options, progress_mode, progress_option, run_options
from holkas.cli.run_output import exit_code, print_runs

_output = click.option(
    "-o", "--output", type=click.Choice(["yaml", "json", "name"]), help="The finished run on stdout."
)


@click.command()
@click.argument("run", default="latest")
@click.option(
    "--failed", is_flag=True, help="Only what did not succeed and what comes after it; take the rest over."
)
@machine_options
@progress_option
@_output
@click.pass_obj
def rerun(
    app: App,
    run: str,
    failed: bool,
    executor: str | None,
    jobs: int | None,
    cache: bool | None,
    progress: str | None,
    output: str | None,
) -> int:
    """Run RUN again as a new run: the same words, the files as they are now.

    With --failed, tasks that succeeded are not run again while nothing that they depend on has changed; what has
    changed is said. Exit code: as of run.
    """
    summary = app.store.run(run)
    if failed and summary.alive:
        raise CommandError(
            f"the run {summary.id} goes on", hint=f"holkas runs cancel {summary.id}", exit_code=FAILED
        )
    return _carry_out(
        app,
        summary.id,
        follows=summary.id if failed else "",
        executor=executor or (summary.executor if failed else None),
        jobs=jobs,
        cache=cache,
        progress=progress,
        output=output,
    )


@click.command()
@click.argument("run", default="latest")
@machine_options
@progress_option
@_output
@click.pass_obj
def resume(
    app: App,
    run: str,
    executor: str | None,
    jobs: int | None,
    cache: bool | None,
    progress: str | None,
    output: str | None,
) -> int:
    """Go on with RUN, whose process died: what has ended is not run again, what broke off starts anew.

    Exit code: as of run.
    """
    summary = app.store.run(run)
    if summary.status != "Unknown" or summary.finished is not None:
        raise CommandError(
            f"the run {summary.id} has ended: {summary.state}",
            hint=f"holkas runs rerun --failed {summary.id}",
            exit_code=FAILED,
        )
    return _carry_out(
        app,
        summary.id,
        resumed=summary.id,
        executor=executor or summary.executor,
        jobs=jobs,
        cache=cache,
        progress=progress,
        output=output,
    )


def _carry_out(
    app: App,
    run_id: str,
    *,
    executor: str | None,
    jobs: int | None,
    cache: bool | None,
    progress: str | None,
    output: str | None,
    follows: str = "",
    resumed: str = "",
) -> int:
    from holkas.cli.run_again import asked_again
    from holkas.cli.run_session import RunSession

    options = run_options(app, executor, jobs, cache)
    request, read = asked_again(app, app.store.run(run_id), options, jobs=jobs)
    request = replace(request, follows=follows)
    server = app.manager.make("build_servers", app.config.text("run.server") or "local")
    try:
        session = RunSession(server, app, sys.stderr)
        view = progress_view(progress_mode(app, progress), sys.stderr)
        record = session.carry_out(request, view, resumed=resumed)
    finally:
        server.close()
    if output:
        print_runs([read.importer.manifest(request.run, record)], output, read.secrets)
    return exit_code([record])
