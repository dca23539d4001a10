"""Which fields of a live resource belong to whom (Kubernetes, "Server-Side Apply", field management)."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

Path = tuple[Any, ...]


def field_sets(
    live: Mapping[str, Any], managers: Collection[str], operation: str = ""
) -> Iterator[Mapping[str, Any]]:
    """``fieldsV1`` of these managers. operation: ``Apply`` or ``Update``; empty for both."""
    metadata = live.get("metadata")
    entries = metadata.get("managedFields") if isinstance(metadata, Mapping) else None
    for entry in entries if isinstance(entries, list) else ():
        if (
            isinstance(entry, Mapping)
            and entry.get("manager") in managers
            and operation in ("", entry.get("operation"))
            and isinstance(entry.get("fieldsV1"), Mapping)
        ):
            yield entry["fieldsV1"]


def owned_paths(live: Mapping[str, Any], managers: Collection[str]) -> list[Path]:
    """Paths of the fields that these managers own in a live resource, the innermost ones."""
    return [path for fields in field_sets(live, managers) for path in _paths(fields, live, ())]


def _paths(fields: Mapping[str, Any], node: Any, path: Path) -> Iterator[Path]:
    parts = [(name, below) for name, below in fields.items() if name != "."]
    if not parts:
        yield path
        return
    for name, below in parts:
        place = locate(name, node)
        if place is not None and isinstance(below, Mapping):
            yield from _paths(below, node[place], (*path, place))


def locate(name: str, node: Any) -> Any:
    """The key or index that a part of ``fieldsV1`` names in a node, or None: ``f:field``, ``k:{…}``, ``v:…``, ``i:0``."""
    kind, _, text = name.partition(":")
    if kind == "f":
        return text if isinstance(node, Mapping) and text in node else None
    if not isinstance(node, list):
        return None
    if kind == "i":
        return int(text) if text.isdigit() and int(text) < len(node) else None
    try:
        wanted = json.loads(text)
    except ValueError:
        return None
    for index, item in enumerate(node):
        if kind == "v" and item == wanted:
            return index
        if kind == "k" and _has_keys(item, wanted):
            return index
    return None


def _has_keys(item: Any, wanted: Any) -> bool:
    if not isinstance(item, Mapping) or not isinstance(wanted, Mapping):
        return False
    return all(item.get(key, _DEFAULT_KEYS.get(key)) == value for key, value in wanted.items())


_DEFAULT_KEYS = {"protocol": "TCP"}
