"""Walks the ledger's chain and says where it is broken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from holkas.state.ledger_entry import GENESIS, BrokenEntry, chained


def verify_rows(rows: Iterable[tuple[Any, ...]], head: tuple[int, str] | None) -> Iterator[BrokenEntry]:
    """What is wrong, entry by entry. rows: the columns of the table in order; head: what the last one should be.

    One change is told once: after a wrong hash the chain goes on from what the entry itself says.
    """
    previous, last = GENESIS, 0
    numbers: dict[str, int] = {}
    for seq, stream, number, kind, time, data, before, own in rows:
        faults = []
        if seq != last + 1:
            faults.append(f"{seq - last - 1} before it are missing")
        if before != previous:
            faults.append("it does not follow the one before it")
        if number != numbers.get(stream, 0) + 1:
            faults.append(f"it is number {number} of its stream, not {numbers.get(stream, 0) + 1}")
        if not _is_chained(before, seq, stream, number, kind, time, data, own):
            faults.append("its content is not what its hash says")
        if faults:
            yield BrokenEntry(seq=seq, stream=str(stream), message="; ".join(faults))
        previous, last, numbers[stream] = own, seq, number
    wanted = head or (0, GENESIS)
    if (last, previous) != tuple(wanted):
        yield BrokenEntry(
            seq=last, stream="", message=f"it is not the last entry that was written, which is {wanted[0]}"
        )


def _is_chained(
    before: Any, seq: Any, stream: Any, number: Any, kind: Any, time: Any, data: Any, own: Any
) -> bool:
    try:
        return bool(chained(before, seq, stream, number, kind, time, data) == own)
    except (TypeError, ValueError):  # a column holds something of another type, bytes for a text
        return False
