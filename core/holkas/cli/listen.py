"""``holkas listen``: an EventListener on this machine."""

from __future__ import annotations

import sys

import click

from holkas.cli.app import App
from holkas.cli.errors import OK, CommandError
from holkas.cli.run_options import input_options, machine_options, run_options
from holkas.cli.trigger_inputs import parse_secrets, read_receiver


@click.command(name="listen", short_help="Serve an EventListener on this machine.")
@click.argument("files", nargs=-1, required=True, metavar="FILE|DIR …")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="Port; 0 takes a free one."
)
@click.option("--public", is_flag=True, help="Allow an address that other machines reach.")
@click.option("--listener", default="", metavar="NAME", help="The EventListener, where there are several.")
@click.option(
    "--secret",
    "secrets",
    multiple=True,
    metavar="NAME/KEY=env:VARIABLE",
    help="A key of a Secret, from a variable or file:PATH; repeatable.",
)
@input_options
@machine_options
@click.option(
    "--parallel", type=click.IntRange(1, 64), default=1, show_default=True, help="Runs at the same time."
)
@click.option(
    "--queue", "limit", type=click.IntRange(1), default=100, show_default=True, help="Runs that may wait."
)
@click.option(
    "--max-body",
    type=click.IntRange(1),
    default=5,
    show_default=True,
    metavar="MIB",
    help="Size of an event's body.",
)
@click.option(
    "--grace",
    type=click.FloatRange(0),
    default=30.0,
    show_default=True,
    metavar="SECONDS",
    help="Time for running runs when asked to stop; then they are cancelled.",
)
@click.pass_obj
def command(
    app: App,
    files: tuple[str, ...],
    host: str,
    port: int,
    public: bool,
    listener: str,
    secrets: tuple[str, ...],
    workspaces: tuple[str, ...],
    api_fields: str,
    executor: str | None,
    jobs: int | None,
    cache: bool | None,
    parallel: int,
    limit: int,
    max_body: int,
    grace: float,
) -> int:
    """Take events over HTTP as the EventListener of FILE would, and run on this machine what they start.

    Ends when it is sent SIGTERM or SIGINT: runs that go on may end, a second signal cancels them. Exit code: 0.
    """
    from holkas.cli.event_intake import EventIntake, log_line
    from holkas.cli.event_runs import EventRuns
    from holkas.cli.event_server import EventServer
    from holkas.cli.run_queue import RunQueue
    from holkas.cli.run_workspaces import parse_workspaces
    from holkas.cli.serving import serve
    from holkas.cli.sources import read_documents, read_sources
    from holkas.extensions.importer import RunWish
    from holkas.plugins.custom_kinds import served_kinds
    from holkas.state.manifest_secrets import secret_values, without_secrets
    from holkas.state.masking import Masker

    if not public and not is_loopback(host):
        raise CommandError(
            f"{host} is not an address of this machine alone",
            hint="whoever reaches it may start runs: give --public, and check signatures with an interceptor",
        )
    given = parse_secrets(secrets, app.environ)
    wish = RunWish(
        workspaces=parse_workspaces(workspaces),
        level=api_fields,
        offline=app.config.flag("run.offline"),
        custom_tasks=served_kinds(app.manager),
    )
    sources = read_sources(files)
    documents = read_documents(sources)
    importer, receiver = read_receiver(app, sources, documents, given)
    if listener and listener not in receiver.listeners:
        raise CommandError(f"there is no EventListener {listener}")
    if not listener and len(receiver.listeners) > 1:
        raise CommandError("there are several EventListeners", hint=f"--listener {receiver.listeners[0]}")
    masker = Masker([*secret_values(documents), *(value.reveal() for value in given.values())])
    runs = EventRuns(
        importer=importer,
        receiver=receiver,
        wish=wish,
        options=run_options(app, executor, jobs, cache),
        files=", ".join(files),
        text="\n---\n".join(without_secrets(source) for source in sources),
        secrets=given,
        level=api_fields,
        directory=str(app.directory),
        workspaces=workspaces,
        opaque=bool(masker),
    )

    def say(text: str) -> None:
        sys.stderr.write(log_line(masker.mask_text(text)))
        sys.stderr.flush()

    name = app.config.text("run.server") or "local"
    work = RunQueue(lambda: app.manager.make("build_servers", name), say, parallel=parallel, limit=limit)
    intake = EventIntake(runs, work, say, listener=listener)
    try:
        server = EventServer((host, port), intake.take, intake.refusal, say, max_body=max_body << 20)
    except OSError as error:
        raise CommandError(f"{host}:{port}: {error.strerror or error}") from error
    try:
        serve(server, work, say, grace=grace)
    finally:
        server.server_close()
        receiver.close()
    return OK


def is_loopback(host: str) -> bool:
    """Whether an address or a name means this machine and nothing else. Raises CommandError for an unknown name."""
    import ipaddress
    import socket

    if not host:
        return False
    try:
        found = {str(info[4][0]) for info in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        raise CommandError(f"--host {host}: no such address") from error
    return all(ipaddress.ip_address(address.partition("%")[0]).is_loopback for address in found)
