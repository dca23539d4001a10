"""``holkas events``: the record of everything that was decided and done."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from holkas.cli.app import App
from holkas.cli.delivery.session import ledger_of
from holkas.cli.errors import FAILED, OK

if TYPE_CHECKING:
    from holkas.state.ledger_entry import Entry

_LOOK = 0.3
"""Seconds between looks at new entries."""


@click.group(name="events", short_help="Verify, follow and export the record of everything.")
def command() -> None:
    """The ledger: append-only, each entry chained to the one before it by its hash."""


@command.command()
@click.option("--head", default="", metavar="HASH", help="Also require that this entry is in the ledger.")
@click.option(
    "-o", "--output", type=click.Choice(["table", "json"]), default="table", help="Form of the answer."
)
@click.pass_obj
def verify(app: App, head: str, output: str) -> int:
    """Say whether any entry was changed, removed, put in between or moved.

    Whoever can write the file can also make a whole new chain: note the last hash elsewhere from time to time, and give
    it as --head later. Exit code: 0 the ledger is sound, 1 it is not.
    """
    with ledger_of(app) as ledger:
        broken = ledger.verify()
        last, known = "", not head
        for entry in ledger.read_all() if not broken else ():
            last, known = entry.hash, known or entry.hash == head
        count = ledger.last_seq()
    faults = [f"entry {one.seq}{f' ({one.stream})' if one.stream else ''}: {one.message}" for one in broken]
    if not faults and not known:
        faults.append(f"no entry has the hash {head}")
    if output == "json":
        click.echo(json.dumps({"entries": count, "head": last, "broken": faults}, indent=2))
    else:
        click.echo(
            "\n".join(faults) if faults else f"{count} entries, all sound; the last one is {last or 'none'}"
        )
    return FAILED if faults else OK


@command.command()
@click.option(
    "-n", "--limit", type=click.IntRange(0), default=20, show_default=True, help="The newest so many."
)
@click.option("-f", "--follow", is_flag=True, help="Go on until Ctrl-C.")
@click.option(
    "-o", "--output", type=click.Choice(["table", "json"]), default="table", help="Form of the entries."
)
@click.pass_obj
def tail(app: App, limit: int, follow: bool, output: str) -> int:
    """Show the newest entries."""
    with ledger_of(app) as ledger:
        seen = max(0, ledger.last_seq() - limit)
        while True:
            for entry in ledger.read_all(after=seen):
                seen = entry.seq
                click.echo(_json(entry) if output == "json" else _line(entry))
            if not follow:
                return OK
            time.sleep(_LOOK)


@command.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(["cloudevents", "entries"]),
    default="cloudevents",
    show_default=True,
    help="CDEvents as CloudEvents, or the ledger's own entries.",
)
@click.option("--project", default="", metavar="NAME", help="Only of this project.")
@click.pass_obj
def export(app: App, form: str, project: str) -> int:
    """Write everything as JSON, one object a line, the oldest first."""
    from holkas.delivery.cdevents import cloud_event, events_of

    with ledger_of(app) as ledger:
        for entry in ledger.read_all():
            if project and entry.data.get("project") != project:
                continue
            if form == "entries":
                click.echo(_json(entry))
                continue
            for event in events_of(entry):
                click.echo(json.dumps(cloud_event(event), ensure_ascii=False))
    return OK


def _json(entry: Entry) -> str:
    fields: dict[str, Any] = {
        "seq": entry.seq, "stream": entry.stream, "number": entry.number, "type": entry.type, "time": entry.time,
        "data": dict(entry.data), "previous": entry.previous, "hash": entry.hash,
    }  # fmt: skip
    return json.dumps(fields, ensure_ascii=False)


def _line(entry: Entry) -> str:
    from holkas.cli.render.printable import printable

    moment = datetime.fromtimestamp(entry.time, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    data = entry.data
    said = data.get("message") or data.get("environment") or data.get("stage") or ""
    by = f" by {data['by']}" if isinstance(data.get("by"), str) and data["by"] else ""
    return printable(f"{moment}  {entry.stream}  {entry.type}{by}  {said}".rstrip().replace("\n", " "))
