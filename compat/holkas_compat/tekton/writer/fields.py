"""Small helpers to build manifests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def filled(**fields: Any) -> dict[str, Any]:
    """The fields that are not empty (None, "", False, 0, no items), in this order; without a final ``_``."""
    return {key.rstrip("_"): value for key, value in fields.items() if value}


def plain(value: Any) -> Any:
    """Mappings and sequences as dicts and lists, for writers that know no others."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value
