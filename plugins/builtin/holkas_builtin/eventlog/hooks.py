"""Glue: the event log."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from holkas.plugins import hookimpl
from holkas.plugins.provider import Context, Provider

if TYPE_CHECKING:
    from holkas.roles.monitoring import Monitoring

OPTIONS_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "file": {
            "type": "string",
            "minLength": 1,
            "description": "The database, relative to the project; below the state without it.",
        },
    },
}


def _make(context: Context) -> Monitoring:
    from holkas_builtin.eventlog.event_log import EventLog

    return EventLog(context.place("file", "eventlog.db"))


@hookimpl
def holkas_monitoring() -> Iterable[Provider[Monitoring]]:
    """A SQLite file."""
    yield Provider(
        name="eventlog",
        summary="Keeps events in a SQLite file of this machine and tells of environments what they say.",
        make=_make,
        options_schema=OPTIONS_SCHEMA,
    )
