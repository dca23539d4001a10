"""What the entries of an application add up to: one JSON object, written together with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

STARTED = "sync.started"
ACTS = "sync.acts"
RESULTS = "sync.results"
TRIED = "sync.dry-run-done"
RETRY = "sync.retry"
ATTEMPT = "sync.attempt"
TERMINATING = "sync.terminating"
FINISHED = "sync.finished"
HELD = "hold.set"
RELEASED = "hold.ended"
STATUS = "status.changed"
DECLARED = "application.declared"
CONFIRMED = "sync.deletion-confirmed"


def empty(name: str) -> dict[str, Any]:
    """An application of which nothing is recorded."""
    return {
        "name": name,
        "operations": 0,
        "operation": None,
        "since": 0,
        "terminating": False,
        "last": None,
        "history": [],
        "hold": None,
        "status": None,
        "declared": None,
    }


def projected(
    view: dict[str, Any], kind: str, data: Mapping[str, Any], time: float, number: int
) -> dict[str, Any]:
    """The view after one entry; the given one is changed. number: of the entry in its stream."""
    if kind == STARTED:
        view["operation"] = dict(data["operation"])
        view["operations"] = data["operation"]["id"]
        view["since"] = number
        view["terminating"] = False
    elif kind == RETRY and view["operation"] is not None:
        view["operation"] = {**view["operation"], "retry_at": data["at"]}
    elif kind == ATTEMPT and view["operation"] is not None:
        view["operation"] = {
            **view["operation"],
            "attempt": data["attempt"],
            "attempt_at": time,
            "retry_at": None,
        }
        view["since"] = number
    elif kind == TERMINATING:
        view["terminating"] = True
    elif kind == FINISHED:
        view["last"] = data["last"]
        view["operation"] = None
        view["terminating"] = False
        if data.get("history") is not None:
            view["history"] = data["history"]
        if data["last"].get("deleted") and data["last"]["phase"] == "Succeeded":
            view["declared"] = None  # it is gone, unless somebody declares it anew
    elif kind == HELD:
        view["hold"] = data["hold"]
    elif kind == RELEASED:
        view["hold"] = None
    elif kind == DECLARED:
        view["declared"] = dict(data) or None
    elif kind == CONFIRMED and view["operation"] is not None:
        options = {**view["operation"]["options"], "prune_confirmed": True}
        view["operation"] = {**view["operation"], "options": options}
    elif kind == STATUS:
        view["status"] = {**data, "since": time}
    return view
