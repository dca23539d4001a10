"""The board: what is where. Views of the ledger that follow from its entries and are written together with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from holkas.delivery import event_types as on

KEPT_RELEASES = 10
"""Good releases that an environment's row remembers, the newest first."""

Row = dict[str, Any]
Rows = dict[str, Any]
Read = Callable[[str], Any]


def board_key(project: str, environment: str) -> str:
    """The row of an environment, or of the stage ``build``."""
    return f"board/{project}/{environment}"


def good_key(project: str, environment: str) -> str:
    """The good releases of an environment: apart from its row, so that a board of many projects is read fast."""
    return f"good/{project}/{environment}"


def environment_row(read: Read, project: str, environment: str) -> Row | None:
    """An environment's row with its good releases; None where nothing has come. read: gives a view by its key."""
    row = read(board_key(project, environment))
    return None if row is None else {**row, "good": read(good_key(project, environment)) or []}


def delivery_key(project: str, number: int) -> str:
    """The row of a delivery."""
    return f"delivery/{project}/{number:08}"


def open_prefix(project: str) -> str:
    """What the keys of a project's deliveries begin with that have not ended."""
    return f"open/{project}/"


def open_key(project: str, number: int) -> str:
    """The row of a delivery that has not ended."""
    return f"{open_prefix(project)}{number:08}"


def revision_key(project: str, revision: str) -> str:
    """The number of the delivery of a revision."""
    return f"revision/{project}/{revision}"


def project_key(project: str) -> str:
    """The row of a project: its directory, environments and the number of its last delivery."""
    return f"project/{project}"


def notice_key(project: str, notice: str) -> str:
    """A notice that some channel has not taken yet."""
    return f"notice/{project}/{notice}"


def pulled_key(project: str, environment: str) -> str:
    """What the pulling side knows of an environment: the last release that it brought in, and what failed since."""
    return f"pulled/{project}/{environment}"


def operation_key(project: str, environment: str, operation: str) -> str:
    """When an operation ran last in an environment, and how that ended."""
    return f"operation/{project}/{environment}/{operation}"


def new_row(environment: str) -> Row:
    """An environment to which nothing has come.

    release: what is there. good: releases that passed, the newest first. waiting: the delivery before the gate.
    failing: the first failure since the last success. quarantine: ids of revisions. rolling: a rollback that was
    begun and has not ended.
    """
    return {
        "environment": environment, "release": None, "good": [], "waiting": None, "failing": None,
        "quarantine": [], "rolling": None, "health": "Missing", "since": None,
    }  # fmt: skip


def fold_environment(row: Row, kind: str, data: Mapping[str, Any], time: float) -> None:
    """Take one entry into an environment's row."""
    release = data.get("summary")
    if kind == on.ARRIVED:
        _arrived(row, data, time)
    elif kind in (on.GATE_OPENED, on.REJECTED):
        row["waiting"] = None
    elif kind == on.DEPLOYMENT_STARTED:
        row["health"] = "Progressing"
    elif kind == on.DEPLOYMENT_FINISHED:
        if release is not None and (data["succeeded"] or data.get("changed")):
            row["release"], row["since"] = release, time
        row["health"] = "Progressing" if data["succeeded"] else "Degraded"
    elif kind == on.CHECK_FINISHED and not data["succeeded"]:
        row["health"] = "Degraded" if data.get("phase") == "after" else _settled(row)
    elif kind == on.DEPLOYMENT_REFUSED:
        row["health"] = _settled(row)
    elif kind == on.PASSED and release is not None:
        row["health"], row["failing"] = "Healthy", None
        row["good"] = _newest_first(release, row["good"])
    elif kind == on.ROLLBACK_STARTED:
        row["rolling"], row["health"] = dict(data), "Progressing"
        row["quarantine"] = sorted({*row["quarantine"], *data.get("quarantined", ())})
    elif kind == on.ROLLBACK_FINISHED:
        row["rolling"] = None
        row["health"] = "Healthy" if data["succeeded"] else "Degraded"
        if data["succeeded"]:
            row["release"], row["since"] = release, time
            gone = set(data.get("quarantined", ()))
            row["good"] = [one for one in row["good"] if one["revision"] not in gone]
    elif kind in (on.RELEASE_FAILED, on.RELEASE_APPLIED):
        _pulled(row, kind, data)
    elif kind == on.QUARANTINE_LIFTED:
        row["quarantine"] = [one for one in row["quarantine"] if one != data["revision"]]


def _pulled(row: Row, kind: str, data: Mapping[str, Any]) -> None:
    """What the pulling side says counts where it speaks of what was delivered last."""
    if (row["release"] or {}).get("release") != data["release"]:
        return
    if kind == on.RELEASE_FAILED:
        row["health"] = "Degraded"
    elif row["health"] == "Degraded":
        row["health"] = _settled(row)


def _arrived(row: Row, data: Mapping[str, Any], time: float) -> None:
    """Who only waits for its turn does not hide the one that has it."""
    before = row["waiting"]
    if data.get("why") == "queue" and before and before["delivery"] < data["delivery"]:
        return
    row["waiting"] = {
        "delivery": data["delivery"], "why": data.get("why", ""), "since": time, "until": data.get("until"),
        "version": data.get("version", ""),
    }  # fmt: skip


def _settled(row: Row) -> str:
    """The health of an environment that was left as it was."""
    if row["release"] is None:
        return "Missing"
    good = row["good"] and row["good"][0]["release"] == row["release"]["release"]
    return "Healthy" if good else "Degraded"


def _newest_first(release: Row, good: list[Row]) -> list[Row]:
    return [release, *(one for one in good if one["release"] != release["release"])][:KEPT_RELEASES]


def close_waiting(row: Row, delivery: int) -> None:
    """A delivery has ended: nobody waits for it any more."""
    if row["waiting"] and row["waiting"]["delivery"] == delivery:
        row["waiting"] = None
