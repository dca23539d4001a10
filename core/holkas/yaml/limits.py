"""How much of a text is read before it is refused."""

from __future__ import annotations

from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds that keep a hostile file from filling memory or time.

    size: bytes of the whole text. depth: mappings and sequences inside each other.
    """

    size: int = 64 * 1024 * 1024
    depth: int = 256


DEFAULT_LIMITS = Limits()
