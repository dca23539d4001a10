"""``holkas app health``: how live manifests are."""

from __future__ import annotations

from typing import Any

import click

from holkas.cli.app import App
from holkas.cli.app.session import health_option
from holkas.cli.errors import FAILED, OK, WAITING
from holkas.cli.render.table import OUTPUTS


@click.command(name="health", short_help="Judge the health of manifests with a status.")
@click.argument("files", nargs=-1, required=True, metavar="FILE|DIR|- …")
@health_option
@click.option("-o", "--output", type=click.Choice(OUTPUTS), default="table", help="Form of the list.")
@click.pass_obj
def command(app: App, files: tuple[str, ...], health_checks: str, output: str) -> int:
    """Judge live manifests as Argo CD would: `kubectl get deploy -o yaml | holkas app health -`.

    Kinds that have no health are listed with none; they count as healthy.

    Exit code: 0 all are healthy, 3 something is progressing or suspended, 1 something is degraded, missing or unknown.
    """
    from holkas.cli.app.session import health_checks as checks_of
    from holkas.cli.render.table import emit
    from holkas.cli.sources import read_documents, read_sources
    from holkas.gitops.health import judge
    from holkas.model.health import HealthStatus
    from holkas.model.sync import key_of

    checks = checks_of(app, health_checks)
    items: list[dict[str, Any]] = []
    worst = HealthStatus.HEALTHY
    for manifest in _manifests([one.value for one in read_documents(read_sources(files))]):
        key, health = key_of(manifest), judge(manifest, checks)
        if health is not None:
            worst = HealthStatus.worst((worst, health.status))
        items.append(
            {
                "name": str(key),
                "group": key.group,
                "kind": key.kind,
                "namespace": key.namespace,
                "resource": key.name,
                "health": "" if health is None else str(health.status),
                "message": "" if health is None else health.message,
            }
        )
    columns = [
        ("resource", lambda item: item["name"]),
        ("health", lambda item: item["health"] or "-"),
        ("message", lambda item: item["message"] or "-"),
    ]
    emit(items, columns, output, kind="HealthList")
    if worst is HealthStatus.HEALTHY:
        return OK
    return WAITING if worst in (HealthStatus.PROGRESSING, HealthStatus.SUSPENDED) else FAILED


def _manifests(values: list[Any]) -> list[dict[str, Any]]:
    """The resources among these values, those inside of lists included."""
    found = []
    for value in values:
        if not isinstance(value, dict):
            continue
        if isinstance(value.get("items"), list) and str(value.get("kind", "")).endswith("List"):
            found += _manifests(value["items"])
        elif value.get("kind"):
            found.append(value)
    return found
