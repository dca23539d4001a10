"""Delivery events, in the vocabulary of CDEvents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to a delivery, once.

    id: unique; the same when the event is sent again. type: ``dev.cdevents.SUBJECT.PREDICATE.VERSION``, for
    example
        ``dev.cdevents.service.deployed.0.2.0``. source: URI-reference of the sender. time: seconds since the
        epoch.
    subject: id of what it happened to; subject_type: its kind (``service``, ``pipelineRun`` …).
    environment: name of the environment, or empty. content: the subject's fields as CDEvents spells them.
    custom: whatever else there is to say; nothing here is secret.
    Source: CDEvents specification, "Context" and "Subject".
    """

    id: str
    type: str
    time: float
    subject: str
    subject_type: str = ""
    source: str = "/holkas"
    environment: str = ""
    content: Mapping[str, Any] = field(default_factory=dict)
    custom: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventQuery:
    """Which events: all conditions that are set hold together.

    types: beginnings of types (``dev.cdevents.service.``). since inclusive, until exclusive: seconds since
    the epoch.
    limit: at most so many, the newest; 0 for all.
    """

    types: tuple[str, ...] = ()
    subject: str = ""
    environment: str = ""
    since: float | None = None
    until: float | None = None
    limit: int = 0

    def matches(self, event: Event) -> bool:
        """Whether the event meets the conditions (``limit`` apart)."""
        return (
            (not self.types or event.type.startswith(self.types))
            and (not self.subject or event.subject == self.subject)
            and (not self.environment or event.environment == self.environment)
            and (self.since is None or event.time >= self.since)
            and (self.until is None or event.time < self.until)
        )
