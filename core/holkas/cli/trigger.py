"""``holkas trigger``: what an event starts, shown or run."""

from __future__ import annotations

import json
import sys
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from holkas.cli.app import App
from holkas.cli.errors import FAILED, OK, CommandError
from holkas.cli.render.progress import progress_view
from holkas.cli.run_options import (
    input_options,
    machine_options,
    progress_mode,
    progress_option,
    run_options,
)
from holkas.cli.trigger_inputs import parse_headers, parse_secrets, read_receiver

if TYPE_CHECKING:
    from holkas.cli.event_runs import EventRuns
    from holkas.extensions.trigger import Rendered, Rendering
    from holkas.model.record import RunRecord
    from holkas.model.run import Run
    from holkas.model.run_request import RunRequest
    from holkas.state.masking import Masker


@click.command(name="trigger", short_help="Render and run what an event starts.")
@click.argument("files", nargs=-1, required=True, metavar="FILE|DIR|- …")
@click.option(
    "--event", "event_file", required=True, metavar="FILE", help="The event's body; - is standard input."
)
@click.option("--header", "headers", multiple=True, metavar="'NAME: VALUE'", help="A header; repeatable.")
@click.option("--url", default="/", show_default=True, help="Path and query of the request.")
@click.option("--listener", default="", metavar="NAME", help="The EventListener, where there are several.")
@click.option("--trigger", "trigger", default="", metavar="NAME", help="Only this trigger.")
@click.option(
    "--secret",
    "secrets",
    multiple=True,
    metavar="NAME/KEY=env:VARIABLE",
    help="A key of a Secret, from a variable or file:PATH; repeatable.",
)
@input_options
@machine_options
@click.option("--dry-run", is_flag=True, help="Render and judge, start nothing.")
@progress_option
@click.option(
    "-o",
    "--output",
    type=click.Choice(["yaml", "json", "name"]),
    help="The finished runs on stdout; with --dry-run what is rendered.  [with --dry-run: yaml]",
)
@click.pass_obj
def command(
    app: App,
    files: tuple[str, ...],
    event_file: str,
    headers: tuple[str, ...],
    url: str,
    listener: str,
    trigger: str,
    secrets: tuple[str, ...],
    workspaces: tuple[str, ...],
    api_fields: str,
    executor: str | None,
    jobs: int | None,
    cache: bool | None,
    dry_run: bool,
    progress: str | None,
    output: str | None,
) -> int:
    """Do with an event what the EventListener of FILE would do: check, filter, render, and run on this machine.

    Exit code: 0 succeeded, or the event is of no interest; 1 a trigger or a run failed; 124 timed out; 130
    interrupted.
    """
    from holkas.cli.event_runs import EventRuns
    from holkas.cli.run_workspaces import parse_workspaces
    from holkas.cli.sources import read_documents, read_sources
    from holkas.extensions.importer import RunWish
    from holkas.extensions.trigger import IncomingEvent, TriggerError
    from holkas.plugins.custom_kinds import served_kinds
    from holkas.state.manifest_secrets import secret_values, without_secrets
    from holkas.state.masking import Masker

    if event_file == "-" and "-" in files:
        raise CommandError("standard input cannot be both the event and the file")
    given = parse_secrets(secrets, app.environ)
    event = IncomingEvent(
        id=str(uuid.uuid4()), body=_read_event(event_file), headers=parse_headers(headers), url=url
    )
    sources = read_sources(files)
    documents = read_documents(sources)
    importer, receiver = read_receiver(app, sources, documents, given)
    masker = Masker([*secret_values(documents), *(value.reveal() for value in given.values())])
    try:
        rendering = receiver.render(event, listener=listener, trigger=trigger)
    except TriggerError as error:
        raise CommandError(str(error), exit_code=FAILED) from error
    finally:
        receiver.close()
    runs = EventRuns(
        importer=importer,
        receiver=receiver,
        wish=RunWish(
            workspaces=parse_workspaces(workspaces),
            level=api_fields,
            offline=app.config.flag("run.offline"),
            custom_tasks=served_kinds(app.manager),
        ),
        options=run_options(app, executor, jobs, cache),
        files=", ".join(files),
        text="\n---\n".join(without_secrets(source) for source in sources),
        command=("holkas", *(masker.mask_text(word) for word in app.words)),
        secrets=given,
        level=api_fields,
        directory=str(app.directory),
        workspaces=workspaces,
        opaque=bool(masker),
    )
    failed, requests = _prepare(runs, rendering, masker)
    if dry_run:
        _print_rendered(rendering, output or "yaml", masker)
        return FAILED if failed else OK
    code = _carry_out(app, requests, progress_mode(app, progress), output, runs, masker)
    return code or (FAILED if failed else OK)


def _read_event(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise CommandError(f"--event {name}: {error.strerror}") from error


def _prepare(runs: EventRuns, rendering: Rendering, masker: Masker) -> tuple[bool, list[RunRequest]]:
    """Say what becomes of every trigger; whether one failed, and the requests of the others."""
    from holkas.cli.event_runs import errors, rendered_sources
    from holkas.cli.render.findings import render_text
    from holkas.extensions.trigger import Outcome

    failed, requests = False, []
    for rendered in rendering.triggers:
        loaded = runs.load(rendered)
        wrong = errors(loaded)
        if wrong:
            found = [finding for finding in loaded.findings if finding.severity.value == "error"]
            click.echo(masker.mask_text(render_text(found, sources=rendered_sources(rendered))), err=True)
        failed = failed or bool(wrong) or rendered.outcome is Outcome.FAILED
        click.echo(masker.mask_text(_line(rendered, len(wrong))), err=True)
        if not wrong:
            requests += runs.requests(rendered, loaded)
    return failed, requests


def _line(rendered: Rendered, wrong: int) -> str:
    from holkas.cli.render.printable import printable
    from holkas.extensions.trigger import Outcome

    name = f"trigger {rendered.trigger}" if rendered.trigger else "the trigger"
    if wrong:
        return f"{name}: failed: the manifest has {wrong} error{'s' if wrong > 1 else ''}"
    if rendered.outcome is Outcome.STARTS:
        made = [f"{one.value.get('kind')}" for one in rendered.documents]
        return (
            f"{name}: starts {', '.join(made)}"
            if rendered.runs
            else f"{name}: makes {', '.join(made)}, no run"
        )
    return f"{name}: {rendered.outcome.value}: {printable(rendered.reason)}"


def _print_rendered(rendering: Rendering, output: str, masker: Masker) -> None:
    documents: list[dict[str, Any]] = [
        masker.mask_json(document.value) for one in rendering.triggers for document in one.documents
    ]
    if output == "name":
        for document in documents:
            metadata = document["metadata"]
            name = metadata.get("name") or f"{metadata.get('generateName', '')}…"
            group = str(document.get("apiVersion")).partition("/")[0]
            click.echo(f"{str(document.get('kind')).lower()}.{group}/{name}")
    elif output == "yaml":
        from holkas.yaml import dump_all

        click.echo(dump_all(documents), nl=False)
    else:
        value = (
            documents[0] if len(documents) == 1 else {"apiVersion": "v1", "kind": "List", "items": documents}
        )
        click.echo(json.dumps(value, indent=2))


def _carry_out(
    app: App, requests: Sequence[RunRequest], mode: str, output: str | None, runs: EventRuns, masker: Masker
) -> int:
    from holkas.cli.run_output import exit_code, print_runs
    from holkas.cli.run_session import RunSession

    if not requests:
        return OK
    server = app.manager.make("build_servers", app.config.text("run.server") or "local")
    done: list[tuple[Run, RunRecord]] = []
    try:
        session = RunSession(server, app, sys.stderr)
        for request in requests:
            done.append((request.run, session.carry_out(request, progress_view(mode, sys.stderr))))
            if session.interrupted:
                break
    finally:
        server.close()
    if output:
        print_runs([runs.importer.manifest(run, record) for run, record in done], output, masker)
    return exit_code([record for _, record in done])
