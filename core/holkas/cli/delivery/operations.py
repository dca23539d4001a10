"""``holkas operations``: what is done to environments beside deliveries."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from holkas.cli.app import App
from holkas.cli.delivery.session import as_option, definition, deliveries, ledger_of, somebody
from holkas.cli.errors import FAILED, OK, CommandError
from holkas.cli.render.progress import MODES
from holkas.cli.render.table import OUTPUTS, Column, emit

if TYPE_CHECKING:
    from holkas.delivery.operations import PlannedOperation


@click.group(name="operations", short_help="List and run operations of environments.")
def command() -> None:
    """Backup, provisioning, rotation: the section ``operations`` of holkas.yaml."""


@command.command(name="list")
@click.option("-o", "--output", type=click.Choice(OUTPUTS), default="table", help="Form of the list.")
@click.pass_obj
def list_(app: App, output: str) -> int:
    """List operations: what they are, when they ran last and how that ended, and when they are due next."""
    from holkas.delivery.operations import planned_operations

    defined, now = definition(app), time.time()
    with ledger_of(app) as ledger:
        items = [_item(one, now) for one in planned_operations(defined, ledger.view)]
    columns: list[Column] = [
        ("operation", lambda item: item["operation"]),
        ("environment", lambda item: item["environment"]),
        ("runs", lambda item: item["pipeline"] or "agent"),
        ("schedule", lambda item: f"{item['schedule']} {item['zone']}" if item["schedule"] else "-"),
        ("last", lambda item: _moment(item["last"])),
        ("outcome", lambda item: item["outcome"] or "-"),
        ("next", lambda item: _moment(item["next"])),
    ]
    emit(items, columns, output, kind="OperationList")
    return OK


@command.command()
@click.argument("name")
@click.option("-e", "--env", "environment", required=True, metavar="ENV", help="Where.")
@click.option("--progress", type=click.Choice(MODES), default=None, help="How progress is shown on stderr.")
@as_option
@click.pass_obj
def run(app: App, name: str, environment: str, progress: str | None, who: str | None) -> int:
    """Run the operation NAME in ENV now. It is recorded, and its schedule goes on from here.

    Exit code: 0 it went well, 1 it did not.
    """
    from holkas.delivery.operations import planned_operations
    from holkas.delivery_engine.operating import operate

    with deliveries(app, progress or "") as project:
        planned = planned_operations(project.definition, project.ledger.view)
        for one in planned:
            if (one.rule.name, one.stage.name) == (name, environment):
                well = operate(project, one.rule, one.stage, somebody(app, who))
                click.echo(f"{name} in {environment}: {'succeeded' if well else 'failed'}")
                return OK if well else FAILED
    known = ", ".join(f"{one.rule.name} in {one.stage.name}" for one in planned) or "none"
    raise CommandError(f"there is no operation {name} in {environment}", hint=f"holkas.yaml has {known}")


def _item(one: PlannedOperation, now: float) -> dict[str, Any]:
    last = one.last or {}
    outcome = {True: "succeeded", False: "failed", None: "interrupted"}[last.get("succeeded")] if last else ""
    pipeline = one.rule.pipeline
    return {
        "name": f"{one.stage.name}/{one.rule.name}",
        "operation": one.rule.name,
        "environment": one.stage.name,
        "pipeline": (pipeline.file or pipeline.job) if pipeline else "",
        "schedule": one.rule.schedule,
        "zone": one.rule.zone,
        "last": last.get("started"),
        "outcome": outcome,
        "next": one.next(now),
    }


def _moment(seconds: float | None) -> str:
    return "-" if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
