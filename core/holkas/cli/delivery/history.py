"""``holkas history``: deliveries and rollbacks."""

from __future__ import annotations

import time
from typing import Any

import click

from holkas.cli.app import App
from holkas.cli.delivery.project_name import project_name
from holkas.cli.delivery.session import ledger_of
from holkas.cli.render.table import OUTPUTS, Column, emit

_COLUMNS: list[Column] = [
    ("delivery", lambda item: item["delivery"]),
    ("version", lambda item: ", ".join(dict.fromkeys(item["versions"].values())) or "-"),
    ("commit", lambda item: item["revision"][:12]),
    ("author", lambda item: item["author"]),
    ("age", lambda item: _age(item)),
    ("outcome", lambda item: item["outcome"] or "under way"),
    ("at", lambda item: item["stage"] or "-"),
    ("message", lambda item: item["message"]),
]


@click.command(name="history", short_help="List deliveries and rollbacks.")
@click.argument("environment", default="", metavar="[ENV]")
@click.option(
    "-n", "--limit", type=click.IntRange(1), default=20, show_default=True, help="The newest so many."
)
@click.option("-o", "--output", type=click.Choice(OUTPUTS), default="table", help="Form of the list.")
@click.pass_obj
def command(app: App, environment: str, limit: int, output: str) -> int:
    """List deliveries, the newest first; with ENV what happened to that environment."""
    with ledger_of(app) as ledger:
        name = project_name(app, ledger)
        if environment:
            return _of_environment(ledger, name, environment, limit, output)
        items = [_item(row) for _, row in ledger.views(f"delivery/{name}/", newest=limit)]
    emit(items, _COLUMNS, output, kind="DeliveryList")
    return 0


def _item(row: dict[str, Any]) -> dict[str, Any]:
    return {"name": str(row["delivery"]), **row}


def _age(item: Any) -> str:
    from holkas.delivery.spoken import spoken

    return spoken(time.time() - (item["requested"] if "requested" in item else item["time"]))


def _of_environment(ledger: Any, name: str, environment: str, limit: int, output: str) -> int:
    """Releases that passed, and rollbacks, from the deliveries' rows and the environment's own stream."""
    from holkas.delivery import event_types as on

    found = [
        {"time": row["passed"][environment], "what": "passed", "delivery": row["delivery"],
         "version": ", ".join(dict.fromkeys(row["versions"].values())), "revision": row["revision"], "by": row["by"]}
        for _, row in ledger.views(f"delivery/{name}/", newest=10 * limit)
        if environment in row["passed"]
    ]  # fmt: skip
    for entry in ledger.read(on.environment_stream(name, environment)):
        if entry.type == on.ROLLBACK_FINISHED:
            target = entry.data["summary"]
            what = "rolled back" if entry.data["succeeded"] else "rollback failed"
            found.append(
                {"time": entry.time, "what": what, "delivery": target["delivery"], "version": target["version"],
                 "revision": target["revision"], "by": entry.data["by"]}
            )  # fmt: skip
    found.sort(key=lambda item: -item["time"])
    items = [{"name": f"{one['delivery']}", **one} for one in found[:limit]]
    columns: list[Column] = [
        ("age", lambda item: _age(item)),
        ("what", lambda item: item["what"]),
        ("version", lambda item: item["version"] or "-"),
        ("commit", lambda item: item["revision"][:12]),
        ("delivery", lambda item: item["delivery"]),
        ("by", lambda item: item["by"]),
    ]
    emit(items, columns, output, kind="EnvironmentHistory")
    return 0
