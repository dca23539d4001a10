"""``holkas status``: the board."""

from __future__ import annotations

import time
from typing import Any

import click

from holkas.cli.app import App
from holkas.cli.render.table import OUTPUTS, Column, emit
from holkas.delivery.spoken import spoken

_COLUMNS: list[Column] = [
    ("project", lambda item: item["project"]),
    ("environment", lambda item: item["environment"]),
    ("version", lambda item: item["version"] or "-"),
    ("commit", lambda item: item["revision"][:12] or "-"),
    ("by", lambda item: item["by"] or "-"),
    ("since", lambda item: _age(item["since"])),
    ("health", lambda item: item["health"]),
    ("gate", lambda item: item["gate"] + (" (quarantine)" if item["quarantine"] else "")),
    ("waiting", lambda item: _waits(item["waiting"])),
]


@click.command(name="status", short_help="Show what is where, and what waits.")
@click.option("-a", "--all", "everything", is_flag=True, help="All projects, not only this one.")
@click.option("-o", "--output", type=click.Choice(OUTPUTS), default="table", help="Form of the board.")
@click.pass_obj
def command(app: App, everything: bool, output: str) -> int:
    """Show every environment: version, commit, who, since when, health, gate, and which delivery waits before it.

    Outside of a project, all projects.
    """
    from holkas.cli.delivery.session import ledger_of

    with ledger_of(app) as ledger:
        projects = {row["project"]: row for _, row in ledger.views("project/")}
        here = [row for row in projects.values() if row["directory"] == str(app.project)]
        if here and not everything:
            projects = {row["project"]: row for row in here}
        elif not everything and (app.project / "holkas.yaml").is_file():
            projects = {}  # this one has delivered nothing yet
        rows = ledger.views("board/") if len(projects) > 1 else _rows(ledger, projects)
    items = _items(projects, dict(rows))
    if not items and output == "table":
        click.echo("nothing was delivered yet: holkas deliver", err=True)
        return 0
    columns = _COLUMNS if len(projects) > 1 else _COLUMNS[1:]
    emit(items, columns, output, kind="EnvironmentList")
    return 0


def _rows(ledger: Any, projects: dict[str, Any]) -> list[tuple[str, Any]]:
    return [row for name in projects for row in ledger.views(f"board/{name}/")]


def _items(projects: dict[str, Any], rows: dict[str, Any]) -> list[dict[str, Any]]:
    from holkas.delivery.board import board_key, new_row

    items = []
    for name, project in sorted(projects.items()):
        for environment in project["environments"]:
            row = rows.get(board_key(name, environment)) or new_row(environment)
            items.append(_item(name, project, environment, row))
    return items


def _item(name: str, project: dict[str, Any], environment: str, row: dict[str, Any]) -> dict[str, Any]:
    release, waiting = row["release"] or {}, row["waiting"]
    return {
        "name": f"{name}/{environment}",
        "project": name,
        "environment": environment,
        "version": release.get("version", ""),
        "release": release.get("release", ""),
        "revision": release.get("revision", ""),
        "delivery": release.get("delivery"),
        "author": release.get("author", ""),
        "by": release.get("by", ""),
        "since": row["since"],
        "health": row["health"],
        "gate": project["gates"].get(environment, "automatic"),
        "quarantine": row["quarantine"],
        "waiting": waiting,
        "failing": row["failing"],
    }


def _age(since: float | None) -> str:
    return "-" if since is None else spoken(time.time() - since)


def _waits(waiting: dict[str, Any] | None) -> str:
    return f"{waiting['version'] or waiting['delivery']} ({waiting['why']})" if waiting else "-"
