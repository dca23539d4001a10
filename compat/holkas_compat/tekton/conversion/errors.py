"""Why an object cannot be converted."""

from __future__ import annotations


class ConversionError(ValueError):
    """The object has no v1 form; the message says why."""
