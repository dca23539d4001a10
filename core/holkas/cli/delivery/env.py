"""``holkas env``: environments, and what differs between two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from holkas.cli.app import App
from holkas.cli.delivery.project_name import project_name
from holkas.cli.delivery.session import definition, ledger_of
from holkas.cli.errors import FAILED, OK, CommandError
from holkas.cli.render.table import OUTPUTS, Column, emit

if TYPE_CHECKING:
    from holkas.state.ledger import Ledger


@click.group(name="env", short_help="List environments and compare two.")
def command() -> None:
    """Look at environments."""


@command.command(name="list")
@click.option("-o", "--output", type=click.Choice(OUTPUTS), default="table", help="Form of the list.")
@click.pass_obj
def list_(app: App, output: str) -> int:
    """List the project's environments in their order, as holkas.yaml defines them."""
    items = [
        {
            "name": stage.name,
            "destination": stage.environment.destination,
            "gate": stage.environment.gate.kind.value,
            "approvers": list(stage.environment.gate.approvers),
            "mode": "pull" if stage.pull else "push",
            "checks": [check.name for check in (*stage.before, *stage.after)],
        }
        for stage in definition(app).stages
    ]
    columns: list[Column] = [
        ("name", lambda item: item["name"]),
        ("destination", lambda item: item["destination"] or "-"),
        ("gate", lambda item: item["gate"]),
        ("mode", lambda item: item["mode"]),
    ]
    emit(items, columns, output, kind="EnvironmentDefinitionList")
    return OK


@command.command()
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
@click.option("-o", "--output", type=click.Choice(OUTPUTS), default="table", help="Form of the list.")
@click.pass_obj
def diff(app: App, one: str, other: str, output: str) -> int:
    """Show what differs between what runs in A and in B: artifacts, values, files, secrets by reference.

    Secrets show as ***; that two of them differ is seen without knowing them. Exit code: 0 they are alike, 1 they
    differ.
    """
    with ledger_of(app) as ledger:
        name = project_name(app, ledger)
        left, right = _present(ledger, name, one), _present(ledger, name, other)
    items = differing(left, right)
    columns: list[Column] = [
        ("what", lambda item: item["part"]),
        ("name", lambda item: item["key"]),
        (one, lambda item: item["a"]),
        (other, lambda item: item["b"]),
    ]
    if items or output != "table":
        emit(items, columns, output, kind="EnvironmentDifferenceList")
    return FAILED if items else OK


def _present(ledger: Ledger, name: str, environment: str) -> dict[str, Any]:
    from holkas.delivery_engine.recorder import load

    row = ledger.view(f"board/{name}/{environment}")
    if row is None or row["release"] is None:
        raise CommandError(f"nothing runs in {environment}", hint="holkas status shows all environments")
    state = load(ledger, name, row["release"]["delivery"])
    return {
        "artifacts": {
            artifact.name: f"{artifact.version} {artifact.digest[:19]}" for artifact in state.artifacts
        },
        "configuration": state.at(environment).configuration,
    }


def differing(left: dict[str, Any], right: dict[str, Any]) -> list[dict[str, Any]]:
    """The differences, artifacts first."""
    from holkas.delivery.releases import differences

    names = sorted(left["artifacts"].keys() | right["artifacts"].keys())
    pairs = [(name, left["artifacts"].get(name, "-"), right["artifacts"].get(name, "-")) for name in names]
    found = [("artifact", name, a, b) for name, a, b in pairs if a != b]
    found += differences(left["configuration"], right["configuration"])
    return [{"name": f"{part}/{key}", "part": part, "key": key, "a": a, "b": b} for part, key, a, b in found]
