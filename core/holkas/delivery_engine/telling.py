"""Brings notices to people and events to monitoring: at least once, and nothing is lost while they are down."""

from __future__ import annotations

import time
from collections.abc import Callable

from holkas.delivery import event_types as on
from holkas.delivery.board import notice_key
from holkas.delivery.cdevents import events_of
from holkas.delivery.feedback import notice_of
from holkas.delivery_engine.recorder import Listener, write
from holkas.delivery_engine.toolbox import Toolbox
from holkas.plugins.errors import PluginError
from holkas.roles.errors import Retryable, ToolError
from holkas.state.ledger import Ledger
from holkas.state.ledger_entry import NewEntry


def tell_people(
    ledger: Ledger, tools: Toolbox, project: str, told: Listener, clock: Callable[[], float] = time.time
) -> bool:
    """Hand every notice to the channels that have not taken it. What does not work now is tried the next time.

    Returns whether nothing is left for then.
    """
    complete = True
    for _, row in ledger.views(notice_key(project, "")):
        for channel in row["left"]:
            data = {"project": project, "id": row["id"], "channel": channel}
            kind = on.NOTICE_SENT
            try:
                tools.notifier(channel).notify(notice_of(row))
            except (Retryable, PluginError) as error:
                told("warning", {"message": f"{channel} could not be told, it is tried again: {error}"})
                complete = False
                continue
            except ToolError as error:
                kind, data = on.NOTICE_FAILED, {**data, "message": str(error)}
                told("warning", {"message": f"{channel} could not be told: {error}"})
            stream = f"notice/{project}"
            for entry in write(ledger, [NewEntry(stream=stream, type=kind, time=clock(), data=data)]):
                told(entry.type, dict(entry.data))
    return complete


def send_events(ledger: Ledger, tools: Toolbox, told: Listener) -> bool:
    """Tell every monitoring tool what it has not been told, each at its own pace; whether all have taken everything."""
    complete = True
    try:
        receivers = tools.monitoring()
    except PluginError as error:
        told("warning", {"message": f"events wait: {error}"})
        return False
    for name, seq in ledger.receivers(list(receivers)).items():
        for batch in ledger.untold(seq):
            events = [event for entry in batch for event in events_of(entry)]
            try:
                if events:
                    receivers[name].send(events)
            except ToolError as error:
                told("warning", {"message": f"events wait until {name} takes them: {error}"})
                complete = False
                break
            ledger.told(name, batch[-1].seq)
    return complete
