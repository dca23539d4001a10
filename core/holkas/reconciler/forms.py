"""Keys, results and options as JSON for the ledger, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from holkas.gitops.history import HistoryEntry, Hold
from holkas.gitops.sync_options import SyncOptions
from holkas.model.resource import ResourceKey
from holkas.model.sync import OperationPhase, ResultCode, SyncPhase, TaskKey, TaskResult
from holkas.model.sync_policy import Backoff, Retry


def key_form(key: ResourceKey) -> list[str]:
    """Group, kind, namespace, name."""
    return [key.group, key.kind, key.namespace, key.name]


def key_from(form: Any) -> ResourceKey:
    """The key of its form."""
    group, kind, namespace, name = form
    return ResourceKey(group=group, kind=kind, namespace=namespace, name=name)


def task_form(key: TaskKey) -> list[str]:
    """The resource's parts and the phase."""
    return [*key_form(key.resource), str(key.phase)]


def task_from(form: Any) -> TaskKey:
    """The key of its form."""
    return TaskKey(resource=key_from(form[:4]), phase=SyncPhase(form[4]))


def results_form(results: Mapping[TaskKey, TaskResult]) -> list[list[Any]]:
    """One list a task: key, code, state, message."""
    return [
        [task_form(key), result.code and str(result.code), result.state and str(result.state), result.message]
        for key, result in results.items()
    ]


def results_from(form: Any) -> dict[TaskKey, TaskResult]:
    """The results of their form."""
    return {
        task_from(key): TaskResult(
            code=ResultCode(code) if code else None,
            state=OperationPhase(state) if state else None,
            message=message,
        )
        for key, code, state, message in form
    }


def options_form(options: SyncOptions) -> dict[str, Any]:
    """Only what differs from the defaults."""
    plain = asdict(SyncOptions())
    return {name: value for name, value in asdict(options).items() if value != plain[name]}


def options_from(form: Mapping[str, Any]) -> SyncOptions:
    """The options of their form; what a newer holkas wrote besides is left out."""
    known = {one.name for one in fields(SyncOptions)}
    return SyncOptions(**{name: value for name, value in form.items() if name in known})


def history_form(entry: HistoryEntry, digest: str) -> dict[str, Any]:
    """An entry with the digest of what was desired then."""
    return {
        "id": entry.id,
        "revisions": list(entry.revisions),
        "deployed_at": entry.deployed_at,
        "started_at": entry.started_at,
        "by": entry.by,
        "desired": digest,
    }


def history_from(form: Mapping[str, Any]) -> HistoryEntry:
    """The entry of its form."""
    return HistoryEntry(
        id=form["id"],
        revisions=tuple(form["revisions"]),
        deployed_at=form["deployed_at"],
        started_at=form["started_at"],
        by=form["by"],
    )


def hold_form(hold: Hold | None) -> dict[str, Any] | None:
    """A hold, or none."""
    if hold is None:
        return None
    instead = None if hold.instead_of is None else list(hold.instead_of)
    return {"revisions": list(hold.revisions), "instead_of": instead, "reason": hold.reason}


def hold_from(form: Mapping[str, Any] | None) -> Hold | None:
    """The hold of its form."""
    if form is None:
        return None
    instead = form["instead_of"]
    return Hold(
        revisions=tuple(form["revisions"]),
        instead_of=None if instead is None else tuple(instead),
        reason=form["reason"],
    )


def retry_from(form: Mapping[str, Any] | None) -> Retry | None:
    """How often and when is tried again, of its form in an operation."""
    if form is None:
        return None
    backoff = form.get("backoff")
    return Retry(
        limit=form.get("limit"), backoff=Backoff(**backoff) if backoff else None, refresh=form.get("refresh")
    )


def retry_form(retry: Retry | None) -> dict[str, Any] | None:
    """The form of it."""
    if retry is None:
        return None
    backoff = retry.backoff
    form = (
        None
        if backoff is None
        else {"duration": backoff.duration, "factor": backoff.factor, "max_duration": backoff.max_duration}
    )
    return {"limit": retry.limit, "backoff": form, "refresh": retry.refresh}
