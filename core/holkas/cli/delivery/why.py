"""``holkas why``: why an environment is as it is."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import click

from holkas.cli.app import App
from holkas.cli.delivery.project_name import project_name
from holkas.cli.delivery.session import ledger_of
from holkas.cli.errors import CommandError
from holkas.cli.render.table import OUTPUTS, emit_one

if TYPE_CHECKING:
    from holkas.state.ledger import Ledger


@click.command(name="why", short_help="Say why an environment is as it is.")
@click.argument("environment", metavar="ENV")
@click.option("-o", "--output", type=click.Choice(OUTPUTS), default="table", help="Form of the answer.")
@click.pass_obj
def command(app: App, environment: str, output: str) -> int:
    """Say of what runs in ENV: its commit, run, artifacts, checks and approvals, what differs in its configuration from
    the release before, and what waits before it or fails there."""
    from holkas.delivery.board import environment_row

    with ledger_of(app) as ledger:
        name = project_name(app, ledger)
        row = environment_row(ledger.view, name, environment)
        if row is None:
            raise CommandError(
                f"nothing has come to {environment} yet",
                hint="holkas status shows all environments",
                exit_code=1,
            )
        item = _explained(ledger, name, environment, row)
    emit_one(item, output, kind="EnvironmentReasons", text=_text)
    return 0


def _explained(ledger: Ledger, name: str, environment: str, row: dict[str, Any]) -> dict[str, Any]:
    from holkas.delivery.delivery_state import artifact_data, revision_data
    from holkas.delivery.releases import differences
    from holkas.delivery_engine.recorder import load

    item: dict[str, Any] = {
        "name": environment, "project": name, "health": row["health"], "since": row["since"],
        "waiting": row["waiting"], "failing": row["failing"], "quarantine": row["quarantine"], "delivery": None,
    }  # fmt: skip
    release = row["release"]
    if release is None:
        return item
    state = load(ledger, name, release["delivery"])
    progress = state.at(environment)
    before = next((one for one in row["good"] if one["release"] != release["release"]), None)
    old = load(ledger, name, before["delivery"]).at(environment).configuration if before else {}
    return item | {
        "delivery": state.number,
        "requestedBy": state.by,
        "release": release["release"],
        "version": release["version"],
        "revision": revision_data(state.revision),
        "run": state.run,
        "artifacts": [
            {
                ("mediaType" if key == "media_type" else key): value
                for key, value in artifact_data(artifact).items()
            }
            for artifact in state.artifacts
        ],
        "checks": [
            {"phase": phase, "name": check, "succeeded": done}
            for (phase, check), done in progress.checks.items()
        ],
        "approvals": [{"by": who, "time": moment} for who, moment in progress.approvals.items()],
        "before": before and before["version"],
        "configuration": [
            {"part": part, "name": key, "old": was, "new": now}
            for part, key, was, now in differences(old, progress.configuration)
        ]
        if before
        else [],
    }


def _text(item: Any) -> str:
    from holkas.delivery.spoken import spoken

    lines = [f"{item['name']} of {item['project']}: {item['health']}"]
    if item["since"] is not None:
        lines[0] += f" for {spoken(time.time() - item['since'])}"
    if item["delivery"]:
        revision = item["revision"]
        lines += [
            f"  version    {item['version']} (release {item['release']})",
            f"  commit     {revision['id']} {revision['message']}",
            f"  author     {revision['author']['name']} <{revision['author']['email']}>",
            f"  delivery   {item['delivery']}, requested by {item['requestedBy']}",
        ]
        if item["run"]:
            lines.append(f"  built by   run {item['run']}")
        lines += [f"  artifact   {one['name']} {one['version']} {one['digest']}" for one in item["artifacts"]]
        words = {True: "succeeded", False: "failed", None: "did not end"}
        lines += [
            f"  check      {one['name']} ({one['phase']}) {words[one['succeeded']]}" for one in item["checks"]
        ]
        lines += [f"  approved   by {one['by']}" for one in item["approvals"]]
        lines += [
            f"  changed    {one['part']} {one['name']}: {one['old']} → {one['new']} (since {item['before']})"
            for one in item["configuration"]
        ]
    if item["waiting"]:
        lines.append(f"  waiting    delivery {item['waiting']['delivery']} ({item['waiting']['why']})")
    if item["failing"]:
        lines.append(
            f"  failing    since delivery {item['failing']['delivery']} ({item['failing']['revision'][:12]})"
        )
    lines += [f"  quarantine {one}" for one in item["quarantine"]]
    return "\n".join(lines)
