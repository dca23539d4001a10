"""What can be wrong with the shape of a document, whichever family of manifests it is of."""

from __future__ import annotations

from enum import StrEnum


class Fault(StrEnum):
    """The kinds of fault that decoding finds; each family has a code of its own for each."""

    UNKNOWN_FIELD = "unknown field"
    WRONG_TYPE = "wrong type"
    BAD_DURATION = "bad duration"
    BAD_QUANTITY = "bad quantity"
    BAD_TIME = "bad time"
    NUMBER_RANGE = "number out of range"
    OTHER_CASE = "other case"
