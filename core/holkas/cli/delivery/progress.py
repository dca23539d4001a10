"""Progress of a delivery on standard error: a line for each thing that happened."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, TextIO

from holkas.cli.render.printable import printable
from holkas.delivery import event_types as on
from holkas.model.run_event import RunEvent

_MARKS = {True: "✔", False: "✘"}


class DeliveryProgress:
    """``mode``: ``quiet`` writes nothing, ``json`` an object a line, ``plain`` also what the steps print."""

    def __init__(self, mode: str, out: TextIO) -> None:
        self._mode, self._out = mode, out
        self._steps = None
        if mode == "plain":
            from holkas.cli.render.plain import PlainProgress

            self._steps = PlainProgress(out)

    def entry(self, kind: str, data: dict[str, Any]) -> None:
        """Show an entry of the ledger, or a warning."""
        if self._mode == "quiet":
            return
        if self._mode == "json":
            self._say(json.dumps({"type": kind, **data}, ensure_ascii=False))
            return
        line = sentence(kind, data)
        if line:
            self._say(printable(line))

    def run_event(self, event: RunEvent) -> None:
        """Show what a pipeline does."""
        if self._steps is not None:
            self._steps.events((event,))

    def _say(self, line: str) -> None:
        self._out.write(line + "\n")
        self._out.flush()


def sentence(kind: str, data: dict[str, Any]) -> str:
    """An entry in one line, empty for one that nobody has to see."""
    make = _SENTENCES.get(kind)
    return make(data) if make else ""


def _told(data: dict[str, Any]) -> str:
    return f": {data['message']}" if data.get("message") else ""


_SENTENCES: Mapping[str, Callable[[dict[str, Any]], str]] = {
    "warning": lambda data: f"! {data['message']}",
    on.REQUESTED: lambda data: (
        f"● delivery {data['delivery']} of {data['project']}: {data['revision']['id'][:12]} "
        f"{data['revision']['message']}"
    ),
    on.REOPENED: lambda data: f"● delivery {data['delivery']} goes on, as {data['by']} wishes",
    on.BUILD_STARTED: lambda data: "▶ build",
    on.BUILD_FINISHED: lambda data: (
        f"{_MARKS[data['succeeded']]} build" + ("" if data["succeeded"] else _told(data))
    ),
    on.PUBLISHED: lambda data: "\n".join(
        f"✔ published {one['name']} {one['version']} {one['digest'][:19]}" for one in data["artifacts"]
    ),
    on.APPROVED: lambda data: f"✔ {data['by']} approved {data['environment']}",
    on.REJECTED: lambda data: f"✘ {data['by']} rejected {data['environment']}",
    on.APPROVAL_REFUSED: lambda data: f"✘ refused: {data['message']}",
    on.DEPLOYMENT_STARTED: lambda data: f"▶ {data['environment']}",
    on.DEPLOYMENT_FINISHED: lambda data: (
        f"{_MARKS[data['succeeded']]} {data['environment']} deployed"
        + ("" if data["succeeded"] else _told(data))
    ),
    on.DEPLOYMENT_REFUSED: lambda data: f"✘ {data['environment']} refused{_told(data)}",
    on.CHECK_FINISHED: lambda data: (
        f"{_MARKS[data['succeeded']]} {data['environment']} {data['check']}" + _told(data)
    ),
    on.ROLLBACK_STARTED: lambda data: f"▶ {data['environment']} back to {data['to']['version']}",
    on.ROLLBACK_FINISHED: lambda data: (
        f"{_MARKS[data['succeeded']]} {data['environment']} rolled back"
        + ("" if data["succeeded"] else _told(data))
    ),
    on.OPERATION_FINISHED: lambda data: (
        f"{_MARKS[data['succeeded']]} {data['operation']} in {data['environment']}" + _told(data)
    ),
    on.NOTICE_SENT: lambda data: f"✉ {data['id']} by {data['channel']}",
}
