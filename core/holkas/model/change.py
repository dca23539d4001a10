"""Changes to an environment: planned, and made."""

from __future__ import annotations

from enum import StrEnum

from holkas.model.environment import Environment
from holkas.model.release import Release
from holkas.records import dataclass


class ChangeKind(StrEnum):
    """What is done to a thing."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    RESTART = "restart"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """``subject``: the thing, in the agent's words (``service web``, ``file etc/app.conf``). ``detail``: one
    line for people (what it was, what it becomes), never with a secret in it."""

    kind: ChangeKind
    subject: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What applying ``release`` to ``environment`` would change; no changes mean that nothing is to be done.

    basis: the agent's mark of the state that the plan was made for, so that it can refuse an outdated plan.
    """

    environment: Environment
    release: Release
    changes: tuple[Change, ...] = ()
    basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an agent did. ``changes`` were made even where ``succeeded`` is false. ``message``: one
    sentence."""

    succeeded: bool
    changes: tuple[Change, ...] = ()
    message: str = ""
