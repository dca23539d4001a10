"""How faithful a run is to its manifests: what becomes of each field that they use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from holkas.records import dataclass


class Treatment(StrEnum):
    """What becomes of a field. ``REFUSED``: the task that uses it fails with a sentence. ``UNKNOWN``: nobody said it."""

    HONOURED = "honoured"
    EMULATED = "emulated"
    IGNORED = "ignored"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fidelity:
    """What becomes of a field, and why in a sentence where it is not simply honoured.

    whole: whether that holds for all that lies below the field; always so where it is ignored or refused.
    """

    treatment: Treatment
    why: str = ""
    whole: bool = False


FidelityTable = Mapping[str, Fidelity]
"""By type and field (``Step.image``); ``Step.*`` stands for all other fields of a type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldUse:
    """A field that a document has. ``document``: kind and name. ``path``: keys and indexes. ``field``: type and name."""

    document: str
    path: tuple[str | int, ...]
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldVerdict:
    """What becomes of a field that a document has."""

    use: FieldUse
    fidelity: Fidelity


_NOT_SAID = Fidelity(treatment=Treatment.UNKNOWN, why="The executor does not say it.", whole=True)


def fidelity_of(field: str, table: FidelityTable) -> Fidelity:
    """What a table says of a field."""
    return table.get(field) or table.get(f"{field.partition('.')[0]}.*") or _NOT_SAID


def verdicts(uses: Iterable[FieldUse], table: FidelityTable) -> Iterator[FieldVerdict]:
    """A verdict for each field; nothing is said of what lies below a field that was judged as a whole.

    uses: each field before those that lie below it.
    """
    document = ""
    above: tuple[str | int, ...] = ()
    for use in uses:
        if above and use.document == document and use.path[: len(above)] == above:
            continue
        found = fidelity_of(use.field, table)
        yield FieldVerdict(use=use, fidelity=found)
        document, above = use.document, (use.path if is_whole(found) else ())


def is_whole(fidelity: Fidelity) -> bool:
    """Whether it says everything about what lies below the field, too."""
    return fidelity.whole or fidelity.treatment not in (Treatment.HONOURED, Treatment.EMULATED)
