"""Deliveries of one project beside each other: which one goes first, which one gives way."""

from __future__ import annotations

from collections.abc import Iterable

from holkas.delivery.definition import Concurrency, ProjectDefinition
from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDelivery:
    """A delivery that has not ended. ``published``: it has its artifacts. ``place``: index of the environment into
    which it goes next or that it is in; 0 before the first. ``inside``: it is in that environment."""

    number: int
    published: bool = False
    place: int = 0
    inside: bool = False


def superseded_by(
    definition: ProjectDefinition, number: int, *, published: bool, others: Iterable[OpenDelivery]
) -> int:
    """The newer delivery that takes the place of one that has nothing published yet; 0 for none."""
    if definition.concurrency is not Concurrency.SUPERSEDE or published:
        return 0
    return max((other.number for other in others if other.number > number), default=0)


def displaced(
    definition: ProjectDefinition, number: int, place: int, others: Iterable[OpenDelivery]
) -> tuple[int, ...]:
    """Older deliveries that end because a newer one has come to the environment before which they wait."""
    if definition.concurrency is not Concurrency.SUPERSEDE:
        return ()
    return tuple(
        other.number
        for other in others
        if other.number < number and not other.inside and other.published and other.place <= place
    )


def ahead(definition: ProjectDefinition, number: int, place: int, others: Iterable[OpenDelivery]) -> int:
    """The older delivery that has to leave an environment behind before this one may go in; 0 for none."""
    if definition.concurrency is not Concurrency.QUEUE:
        return 0
    return min(
        (other.number for other in others if other.number < number and other.place <= place), default=0
    )
