"""Reading manifests whose shape nobody has checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def at(node: Any, *keys: str) -> Any:
    """The value under a path of keys, or None where something on the way is missing or no mapping."""
    for key in keys:
        if not isinstance(node, Mapping):
            return None
        node = node.get(key)
    return node


def text(node: Any, *keys: str) -> str:
    """The string under a path, or an empty one."""
    value = at(node, *keys)
    return value if isinstance(value, str) else ""


def number(node: Any, *keys: str) -> int:
    """The whole number under a path, or 0."""
    value = at(node, *keys)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return 0
    return int(value)


def optional_number(node: Any, *keys: str) -> int | None:
    """The whole number under a path, or None where there is none."""
    value = at(node, *keys)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return int(value)


def mappings(node: Any, *keys: str) -> Iterator[Mapping[str, Any]]:
    """The mappings of the list under a path; whatever else is in it is left out."""
    value = at(node, *keys)
    if isinstance(value, list):
        for item in value:
            if isinstance(item, Mapping):
                yield item


def condition(manifest: Mapping[str, Any], kind: str) -> Mapping[str, Any] | None:
    """The first of ``status.conditions`` with this type."""
    for item in mappings(manifest, "status", "conditions"):
        if item.get("type") == kind:
            return item
    return None


def group_and_kind(manifest: Mapping[str, Any]) -> tuple[str, str]:
    """API group (empty for the core group) and kind."""
    version = text(manifest, "apiVersion")
    group, slash, _ = version.rpartition("/")
    return (group if slash else ""), text(manifest, "kind")
