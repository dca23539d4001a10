"""Entries of the ledger and how each is chained to the one before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from holkas.model.canonical_json import canonical
from holkas.records import dataclass

GENESIS = "0" * 64
"""What stands for the hash before the first entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that was decided or happened.

    seq: place in the whole ledger, from 1. number: place in its stream, from 1. time: seconds since the epoch.
    previous: hash of the entry before it in the whole ledger. hash: of this one, hex digits of SHA-256.
    """

    seq: int
    stream: str
    number: int
    type: str
    time: float
    data: Mapping[str, Any] = field(default_factory=dict)
    previous: str = GENESIS
    hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """An entry that is to be written. ``time``: seconds since the epoch."""

    stream: str
    type: str
    time: float
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenEntry:
    """A place where the ledger is not what it was: ``seq``, and what is wrong in one sentence."""

    seq: int
    stream: str
    message: str


def chained(previous: str, seq: int, stream: str, number: int, kind: str, time: float, data: str) -> str:
    """The hash of an entry: SHA-256 over the canonical JSON of its fields and the hash before it.

    data: canonical JSON of the entry's data, taken as a text, so that a change of its spelling is seen too.
    """
    import hashlib  # not for commands that only read views

    text = canonical([previous, seq, stream, number, kind, time, data])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
