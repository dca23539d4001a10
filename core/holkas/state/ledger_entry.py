"""Entries of the ledger and how each is chained to the one before it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any

from holkas.records import dataclass

_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)

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


def canonical(value: object) -> str:
    """JSON with sorted keys and no blanks: the same text for the same value. Raises ValueError for NaN."""
    return _encode(value)


def _encoder() -> Callable[[object], str]:
    """The encoder's C half made once: :meth:`json.JSONEncoder.encode` makes one for every value, at twice the cost."""
    from json import encoder

    make = getattr(encoder, "c_make_encoder", None)
    if make is None:  # not every Python has one
        return _ENCODER.encode
    chunks = make(None, _ENCODER.default, encoder.encode_basestring, None, ":", ",", True, False, False)
    return lambda value: "".join(chunks(value, 0))


_encode = _encoder()


def chained(previous: str, seq: int, stream: str, number: int, kind: str, time: float, data: str) -> str:
    """The hash of an entry: SHA-256 over the canonical JSON of its fields and the hash before it.

    data: canonical JSON of the entry's data, taken as a text, so that a change of its spelling is seen too.
    """
    import hashlib  # not for commands that only read views

    text = canonical([previous, seq, stream, number, kind, time, data])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
