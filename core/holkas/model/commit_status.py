"""What is shown beside a revision: how something went with it."""

from __future__ import annotations

from enum import StrEnum

from holkas.records import dataclass


class CommitState(StrEnum):
    """How it went, in the words that forges share."""

    PENDING = "pending"
    SUCCESS = "success"
    FAILURE = "failure"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitStatus:
    """name: what was done (``holkas/lint``); a forge has one status of each name. text: one line. url: where more is."""

    name: str
    state: CommitState
    text: str = ""
    url: str = ""
