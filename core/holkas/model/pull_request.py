"""Pull requests: changes that wait for somebody's consent."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum

from holkas.model.revision import Person
from holkas.records import dataclass


class PullRequestState(StrEnum):
    """Where a pull request is in its life."""

    OPEN = "open"
    MERGED = "merged"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
    """``branch`` to be merged into ``base``. ``head``: id of the branch's last revision. ``id``: the tool's
    own."""

    id: str
    repository: str
    branch: str
    base: str
    title: str
    head: str = ""
    text: str = ""
    url: str = ""
    state: PullRequestState = PullRequestState.OPEN
    author: Person = field(default_factory=lambda: Person(name=""))
    labels: tuple[str, ...] = ()
