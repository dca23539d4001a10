"""``holkas metrics``: how well deliveries go."""

from __future__ import annotations

import time
from dataclasses import fields

import click

from holkas.cli.app import App
from holkas.cli.delivery.project_name import project_name
from holkas.cli.delivery.session import ledger_of
from holkas.cli.render.table import OUTPUTS, Column, emit


@click.group(name="metrics", short_help="Measure deliveries.")
def command() -> None:
    """Measure deliveries."""


@command.command()
@click.option(
    "--days",
    type=click.FloatRange(0, min_open=True),
    default=30.0,
    show_default=True,
    help="Length of the period.",
)
@click.option("-o", "--output", type=click.Choice(OUTPUTS), default="table", help="Form of the table.")
@click.option("--definitions", is_flag=True, help="Say what each figure means.")
@click.pass_obj
def dora(app: App, days: float, output: str, definitions: bool) -> int:
    """Deployment frequency, lead time, change failure rate and time to restore, by environment."""
    from holkas.delivery.dora import DEFINITIONS, DoraMetrics
    from holkas.delivery.dora import dora as measure
    from holkas.delivery.spoken import spoken

    now = time.time()
    with ledger_of(app) as ledger:
        name = project_name(app, ledger)
        entries = (entry for entry in ledger.read_all() if entry.data.get("project") == name)
        found = measure(entries, since=now - days * 86400, until=now)
    items = [
        {"name": one.environment}
        | {
            _camel(field.name): getattr(one, field.name)
            for field in fields(DoraMetrics)
            if field.name != "environment"
        }
        for one in found
    ]

    def took(seconds: float | None) -> str:
        return "-" if seconds is None else spoken(seconds)

    columns: list[Column] = [
        ("environment", lambda item: item["name"]),
        ("deployments", lambda item: item["deployments"]),
        ("a day", lambda item: f"{item['deploymentFrequency']:.2f}"),
        ("lead time", lambda item: took(item["leadTime"])),
        (
            "failure rate",
            lambda item: "-" if item["changeFailureRate"] is None else f"{item['changeFailureRate']:.0%}",
        ),
        ("time to restore", lambda item: took(item["timeToRestore"])),
    ]
    emit(items, columns, output, kind="DoraMetricsList")
    if definitions:
        for word, meaning in DEFINITIONS.items():
            click.echo(f"{_camel(word)}: {meaning}", err=True)
    return 0


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)
