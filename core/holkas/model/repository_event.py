"""What a forge tells through a webhook, in one form for all forges."""

from __future__ import annotations

from enum import StrEnum

from holkas.records import dataclass


class RepositoryEventKind(StrEnum):
    """What happened to the repository."""

    PUSH = "push"
    TAG = "tag"
    PULL_REQUEST = "pull-request"
    PING = "ping"


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryEvent:
    """One delivery of a webhook whose signature was right.

    id: the forge's id of the delivery, the same when it is sent again. ref: branch or tag, without
    ``refs/…``.
    before, after: ids of revisions, empty where there is none (a new or a deleted branch).
    pull_request: its id, or empty.
    """

    id: str
    kind: RepositoryEventKind
    repository: str = ""
    ref: str = ""
    before: str = ""
    after: str = ""
    pull_request: str = ""
