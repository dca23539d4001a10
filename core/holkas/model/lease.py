"""Leases: secrets that end."""

from __future__ import annotations

from collections.abc import Mapping

from holkas.model.secret import Secret
from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """``values`` by key, good for ``duration`` seconds from ``granted`` (seconds since the epoch); 0 for
    ever.

    id: the store's own, not secret. renewable: whether :meth:`SecretStore.renew` can make it last longer.
    """

    id: str
    values: Mapping[str, Secret]
    granted: float
    duration: float = 0.0
    renewable: bool = False

    @property
    def expires(self) -> float | None:
        """When it ends, in seconds since the epoch; None for never."""
        return self.granted + self.duration if self.duration else None
