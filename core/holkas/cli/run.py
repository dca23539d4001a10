"""``holkas run``: run the file on this machine, show it, and end as it ended."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from holkas.cli.app import App
from holkas.cli.errors import FAILED, OK, CommandError
from holkas.cli.render.progress import MODES, progress_view
from holkas.cli.run_inputs import parse_params
from holkas.cli.run_output import exit_code, print_runs
from holkas.cli.run_workspaces import parse_workspaces
from holkas.records import dataclass

if TYPE_CHECKING:
    from holkas.cli.run_session import RunSession
    from holkas.extensions.importer import Importer, Loaded
    from holkas.model.record import RunRecord
    from holkas.model.run import Run
    from holkas.yaml import Document, Source


@click.command(name="run", short_help="Run a Tekton file on this machine.")
@click.argument("files", nargs=-1, required=True, metavar="FILE|DIR|- …")
@click.option("-p", "--param", "params", multiple=True, metavar="NAME=VALUE", help="A param; repeatable.")
@click.option(
    "-w",
    "--workspace",
    "workspaces",
    multiple=True,
    metavar="NAME=DIR",
    help="A workspace, as tkn spells it.",
)
@click.option("--executor", metavar="NAME", help="auto, sandbox, process, or a plugin's.  [default: auto]")
@click.option("-j", "--jobs", type=click.IntRange(0), help="Tasks at the same time; 0 fits the machine.")
@click.option("--dry-run", is_flag=True, help="Judge and resolve, start nothing.")
@click.option("--progress", type=click.Choice(MODES), default=None, help="How progress is shown on stderr.")
@click.option(
    "-o", "--output", type=click.Choice(["yaml", "json", "name"]), help="The finished run on stdout."
)
@click.option(
    "--api-fields",
    type=click.Choice(["stable", "beta", "alpha"]),
    default="alpha",
    show_default=True,
    help="Highest level of features that is accepted.",
)
@click.pass_obj
def command(
    app: App,
    files: tuple[str, ...],
    params: tuple[str, ...],
    workspaces: tuple[str, ...],
    executor: str | None,
    jobs: int | None,
    dry_run: bool,
    progress: str | None,
    output: str | None,
    api_fields: str,
) -> int:
    """Run every TaskRun and PipelineRun of FILE in order; of a file with none, its one Pipeline or Task.

    Exit code: 0 succeeded, 1 failed, 124 timed out, 130 interrupted.
    """
    from holkas.cli.sources import read_documents, read_sources
    from holkas.extensions.importer import RunWish
    from holkas.state.manifest_secrets import secret_values, without_secrets
    from holkas.state.masking import Masker

    wish = RunWish(params=parse_params(params), workspaces=parse_workspaces(workspaces), level=api_fields)
    sources = read_sources(files)
    documents = read_documents(sources)
    importer = _importer(app, documents, files)
    loaded = importer.load(documents, wish)
    _judge(loaded, sources)
    secrets = Masker(secret_values(documents))
    if dry_run:
        print_runs([importer.manifest(run) for run in loaded.runs], output or "name", secrets)
        return OK
    invocation = _Invocation(
        executor=executor or app.config.text("run.executor") or "auto",
        jobs=jobs if jobs is not None else app.config.number("run.jobs"),
        progress=progress or app.config.text("run.progress") or "auto",
        source=", ".join(files),
        text="\n---\n".join(without_secrets(source) for source in sources),
        command=("holkas", *app.words),
    )
    records = _run_all(app, loaded, invocation)
    if output:
        pairs = zip(loaded.runs, records, strict=False)
        print_runs([importer.manifest(run, record) for run, record in pairs], output, secrets)
    return exit_code(records)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Invocation:
    """How the runs of one command are carried out."""

    executor: str
    jobs: int
    progress: str
    source: str
    text: str
    command: tuple[str, ...]


def _importer(app: App, documents: Sequence[Document], files: Sequence[str]) -> Importer:
    for provider in app.manager.providers("importers"):
        importer: Importer = app.manager.make("importers", provider.name)
        if any(
            isinstance(document.value, dict) and importer.recognises(document.value) for document in documents
        ):
            return importer
    raise CommandError(
        f"{', '.join(files)}: nothing here that can be run",
        hint="a Tekton PipelineRun, TaskRun, Pipeline or Task is wanted (apiVersion: tekton.dev/v1)",
        exit_code=FAILED,
    )


def _judge(loaded: Loaded, sources: Sequence[Source]) -> None:
    from holkas.model.finding import Severity

    errors = tuple(finding for finding in loaded.findings if finding.severity is Severity.ERROR)
    if errors:
        count = f"{len(errors)} error{'s' if len(errors) > 1 else ''}"
        raise CommandError(f"nothing was run: {count}", exit_code=FAILED, findings=errors, sources=sources)
    notes = [finding for finding in loaded.findings if finding.severity is not Severity.ERROR]
    if notes:
        from holkas.cli.render.findings import render_text

        click.echo(render_text(notes, sources=sources), err=True)
    if not loaded.runs:
        raise CommandError("the file asks for no run and has no single Pipeline or Task to make one of")


def _run_all(app: App, loaded: Loaded, invocation: _Invocation) -> list[RunRecord]:
    from holkas.cli.run_session import RunSession

    server = app.manager.make("build_servers", app.config.text("run.server") or "local")
    records = []
    try:
        session = RunSession(server, app, sys.stderr)
        for run in loaded.runs:
            records.append(_run_one(session, run, loaded, invocation))
            if session.interrupted:
                break
    finally:
        server.close()
    return records


def _run_one(session: RunSession, run: Run, loaded: Loaded, invocation: _Invocation) -> RunRecord:
    from holkas.model.run_request import RunOptions, RunRequest

    request = RunRequest(
        run=run,
        catalog=loaded.catalog,
        options=RunOptions(jobs=invocation.jobs, executor=invocation.executor),
        source=invocation.source,
        text=invocation.text,
        command=invocation.command,
    )
    return session.carry_out(request, progress_view(invocation.progress, sys.stderr))
