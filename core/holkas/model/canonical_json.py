"""JSON in one spelling: the same text for the same value, for what is hashed, signed or compared."""

from __future__ import annotations

import json
from collections.abc import Callable

_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def canonical(value: object) -> str:
    """JSON with sorted keys and no blanks. Raises ValueError for NaN, TypeError for what JSON does not have."""
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
