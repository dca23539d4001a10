"""Notices: what people are told."""

from __future__ import annotations

from enum import StrEnum

from holkas.model.revision import Person
from holkas.records import dataclass


class NoticeKind(StrEnum):
    """Why somebody is told."""

    FAILURE = "failure"
    RECOVERY = "recovery"
    APPROVAL = "approval"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing to tell to some people.

    id: the same when it is sent again after a failure, so that a channel which can will show it once.
    subject: one line. text: plain text, the log's last lines among it, secrets masked.
    command: the words that reproduce it locally. url: where more is to be seen.
    """

    id: str
    kind: NoticeKind
    subject: str
    text: str = ""
    recipients: tuple[Person, ...] = ()
    environment: str = ""
    command: tuple[str, ...] = ()
    url: str = ""
