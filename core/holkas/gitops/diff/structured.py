"""What a server-side apply would make of a live resource, from its managed fields, without the kind's schema.

Source: Kubernetes, "Server-Side Apply": what the manager applied before and does not apply now goes, unless another
manager owns it too. Lists whose items the managed fields tell apart by keys are merged by these keys, sets by value, all
others are replaced.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from holkas.gitops.diff.managed_fields import field_sets, locate
from holkas.gitops.diff.merge import merge_key


def server_side_predicted(
    target: Mapping[str, Any], live: Mapping[str, Any], owners: Mapping[str, Any], manager: str
) -> dict[str, Any]:
    """``live`` after a forced apply of ``target`` by ``manager``. owners: the resource with its managed fields."""
    result: dict[str, Any] = copy.deepcopy(dict(live))
    mine = [dict(fields) for fields in field_sets(owners, {manager}, "Apply")]
    others = _others(owners, manager)
    for fields in mine:
        _remove(result, target, fields, others)
    return _merged("", target, result, _union(mine + others))  # type: ignore[no-any-return]  # of a mapping, a mapping


def _others(owners: Mapping[str, Any], manager: str) -> list[dict[str, Any]]:
    metadata = owners.get("metadata")
    entries = metadata.get("managedFields") if isinstance(metadata, Mapping) else None
    names = (
        {entry.get("manager") for entry in entries if isinstance(entry, Mapping)}
        if isinstance(entries, list)
        else set()
    )
    return [
        dict(fields) for name in sorted(map(str, names - {manager})) for fields in field_sets(owners, {name})
    ]


def _union(sets: list[dict[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for fields in sets:
        for name, below in fields.items():
            known = result.setdefault(name, {})
            if isinstance(below, Mapping):
                result[name] = _union([known, dict(below)])
    return result


def _remove(node: Any, target: Any, fields: Mapping[str, Any], others: list[dict[str, Any]]) -> None:
    """Takes out of ``node`` what ``fields`` names, ``target`` has not got and no other owns."""
    for name, below in list(fields.items()):
        place = locate(name, node)
        if name == "." or place is None:
            continue
        within = [dict(other[name]) for other in others if isinstance(other.get(name), Mapping)]
        wanted = locate(name, target)
        if wanted is None:
            if not any(name in other for other in others):
                del node[place]
            elif isinstance(below, Mapping):
                _remove(node[place], None, below, within)
        elif isinstance(below, Mapping):
            _remove(node[place], target[wanted], below, within)


def _merged(name: str, wanted: Any, live: Any, fields: Mapping[str, Any]) -> Any:
    if isinstance(wanted, Mapping) and isinstance(live, Mapping):
        result = dict(live)
        for key, value in wanted.items():
            below = fields.get(f"f:{key}")
            known = below if isinstance(below, Mapping) else {}
            result[key] = _merged(key, value, live[key], known) if key in live else value
        return result
    if isinstance(wanted, list) and isinstance(live, list):
        return _list(name, wanted, live, fields)
    return wanted


def _list(name: str, wanted: list[Any], live: list[Any], fields: Mapping[str, Any]) -> list[Any]:
    if any(part.startswith("v:") for part in fields):
        return [*live, *(item for item in wanted if item not in live)]
    keyed = [part for part in fields if part.startswith("k:")]
    keys = _keys(keyed[0]) if keyed else ()
    if not keys:
        key = merge_key(name, wanted, live)
        keys = (key,) if key else ()
    if not keys:
        return wanted
    places = {_identity(item, keys): index for index, item in enumerate(live)}
    result = list(live)
    for item in wanted:
        index = places.get(_identity(item, keys))
        if index is None:
            result.append(item)
        else:
            part = next((p for p in keyed if locate(p, live) == index), "")
            below = fields.get(part)
            result[index] = _merged("", item, live[index], below if isinstance(below, Mapping) else {})
    return result


def _keys(part: str) -> tuple[str, ...]:
    import json

    try:
        value = json.loads(part[2:])
    except ValueError:
        return ()
    return tuple(sorted(value)) if isinstance(value, Mapping) else ()


def _identity(item: Any, keys: tuple[str, ...]) -> str:
    defaults = {"protocol": "TCP"}
    if not isinstance(item, Mapping):
        return repr(item)
    return repr([item.get(key, defaults.get(key)) for key in keys])
