"""An operation: one sync of one application, as it is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from holkas.gitops.sync_options import SyncOptions
from holkas.model.resource import ResourceKey
from holkas.reconciler.forms import key_form, key_from, options_form, options_from
from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What a sync is to do, whoever goes on with it.

    id: number of the application's operation. attempt: 0 for the first. desired: digest of what is kept in the
    :class:`~holkas.reconciler.desired_store.DesiredStore`. source: what makes two sources equal.
    selected: only these resources. by: who asked; empty for an automatic sync. retry: as in ``syncPolicy``.
    delete: whether everything is to go instead. retry_at: when a failed attempt is followed by the next one; None while
    one goes on. Times: seconds since the epoch.
    """

    id: int
    desired: str
    revisions: tuple[str, ...] = ()
    source: str = ""
    options: SyncOptions = field(default_factory=SyncOptions)
    selected: frozenset[ResourceKey] | None = None
    by: str = ""
    heals: int = 0
    rollback: bool = False
    delete: bool = False
    retry: Mapping[str, Any] | None = None
    attempt: int = 0
    started_at: float = 0.0
    attempt_at: float = 0.0
    retry_at: float | None = None

    @property
    def automatic(self) -> bool:
        """Whether nobody asked for it."""
        return not self.by

    @property
    def mark(self) -> str:
        """What hooks of this attempt carry."""
        return f"{self.id}.{self.attempt}"

    def form(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "id": self.id,
            "desired": self.desired,
            "revisions": list(self.revisions),
            "source": self.source,
            "options": options_form(self.options),
            "selected": None if self.selected is None else [key_form(key) for key in sorted(self.selected)],
            "by": self.by,
            "heals": self.heals,
            "rollback": self.rollback,
            "delete": self.delete,
            "retry": self.retry,
            "attempt": self.attempt,
            "started_at": self.started_at,
            "attempt_at": self.attempt_at,
            "retry_at": self.retry_at,
        }


def operation_from(form: Mapping[str, Any]) -> Operation:
    """The operation of its form."""
    selected = form["selected"]
    return Operation(
        id=form["id"],
        desired=form["desired"],
        revisions=tuple(form["revisions"]),
        source=form["source"],
        options=options_from(form["options"]),
        selected=None if selected is None else frozenset(key_from(one) for one in selected),
        by=form["by"],
        heals=form["heals"],
        rollback=form["rollback"],
        delete=form["delete"],
        retry=form["retry"],
        attempt=form["attempt"],
        started_at=form["started_at"],
        attempt_at=form["attempt_at"],
        retry_at=form["retry_at"],
    )
