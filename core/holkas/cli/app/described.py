"""Applications and their resources as plain items, for tables and for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from holkas.cli.render.table import Column

if TYPE_CHECKING:
    from holkas.cli.app.session import Session
    from holkas.gitops.status import ResourceStatus
    from holkas.reconciler.unit import Unit

LIST_COLUMNS: list[Column] = [
    ("name", lambda item: item["name"]),
    ("destination", lambda item: item["destination"]),
    ("namespace", lambda item: item["namespace"] or "-"),
    ("project", lambda item: item["project"]),
    ("status", lambda item: item["sync"] or "-"),
    ("health", lambda item: item["health"] or "-"),
    ("syncpolicy", lambda item: item["policy"]),
    ("conditions", lambda item: ", ".join(one["type"] for one in item["conditions"]) or "-"),
]
RESOURCE_COLUMNS: list[Column] = [
    ("group", lambda item: item["group"] or "-"),
    ("kind", lambda item: item["kind"]),
    ("namespace", lambda item: item["namespace"] or "-"),
    ("name", lambda item: item["resource"]),
    ("status", lambda item: item["status"] or "-"),
    ("health", lambda item: item["health"] or "-"),
    ("hook", lambda item: "yes" if item["hook"] else "-"),
    ("message", lambda item: item["message"] or "-"),
]


def policy_of(unit: Unit) -> str:
    """``Manual``, ``Auto`` or ``Auto-Prune``, as argocd says it."""
    policy = unit.declared.application.policy
    if not policy.is_automatic:
        return "Manual"
    return "Auto-Prune" if policy.prunes else "Auto"


def application_item(session: Session, unit: Unit) -> dict[str, Any]:
    """One Application. ``sync`` and ``health`` are empty without a live target."""
    managed = unit.managed()
    application = managed.application
    status = unit.compare() if session.live else None
    conditions = status.conditions if status is not None else managed.desired.conditions
    hold = unit.book.view["hold"]
    last = unit.book.view["last"]
    return {
        "name": unit.name,
        "project": application.project_name,
        "destination": managed.place,
        "namespace": application.destination.namespace,
        "sources": [
            {"repository": one.repository, "path": one.path or one.chart, "revision": one.revision}
            for one in application.effective_sources
        ],
        "revisions": list(managed.desired.revisions),
        "policy": policy_of(unit),
        "dependsOn": list(managed.depends_on),
        "sync": "" if status is None else str(status.sync),
        "health": "" if status is None else str(status.health),
        "conditions": [{"type": kind, "message": message} for kind, message in conditions],
        "operation": _operation(unit.book.view),
        "last": None
        if last is None
        else {key: last[key] for key in ("id", "phase", "message", "by", "finished_at")},
        "hold": None if hold is None else {"id": hold["id"], "reason": hold["reason"]},
    }


def _operation(view: Mapping[str, Any]) -> dict[str, Any] | None:
    form = view["operation"]
    if form is None:
        return None
    return {
        "id": form["id"],
        "attempt": form["attempt"],
        "revisions": form["revisions"],
        "by": form["by"],
        "started_at": form["started_at"],
        "terminating": view["terminating"],
    }


def resource_items(session: Session, unit: Unit) -> list[dict[str, Any]]:
    """The resources of an Application, live ones included that it no longer desires."""
    if session.live:
        return [_resource(one) for one in unit.compare().resources]
    from holkas.gitops.hooks import is_hook
    from holkas.model.sync import key_of

    return [_item(key_of(one), hook=is_hook(one)) for one in unit.managed().desired.manifests]


def _resource(one: ResourceStatus) -> dict[str, Any]:
    health = one.health
    return _item(
        one.key,
        hook=one.hook,
        status="" if one.status is None else str(one.status),
        health="" if health is None else str(health.status),
        message=health.message if health is not None else "",
        prune=one.requires_pruning,
        wave=one.wave,
    )


def _item(key: Any, **more: Any) -> dict[str, Any]:
    return {
        "name": str(key),
        "group": key.group,
        "kind": key.kind,
        "namespace": key.namespace,
        "resource": key.name,
        "hook": False,
        "status": "",
        "health": "",
        "message": "",
        "prune": False,
        "wave": 0,
        **more,
    }
