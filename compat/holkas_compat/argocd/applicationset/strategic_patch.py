"""Patches of an Application as Kubernetes' strategic merge makes them.

Source: Kubernetes' documentation, "Update API Objects in Place Using kubectl patch", and the definition of ObjectMeta:
of an Application's lists only ``metadata.finalizers`` and ``metadata.ownerReferences`` are merged, the others replaced.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from holkas_compat.argocd.applicationset.codes import TEMPLATE
from holkas_compat.argocd.applicationset.errors import GenerationError

_MERGED: dict[tuple[str, ...], str] = {("metadata", "finalizers"): "", ("metadata", "ownerReferences"): "uid"}
_DIRECTIVES = ("$setElementOrder/", "$deleteFromPrimitiveList/")


def patched(original: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """The original with the patch. Raises GenerationError for a directive that does not exist."""
    return _mapping(copy.deepcopy(dict(original)), patch, ())


def _mapping(target: dict[str, Any], patch: Mapping[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    directive = patch.get("$patch")
    if directive == "replace":
        return dict(_clean({key: value for key, value in patch.items() if key != "$patch"}))
    if directive == "delete":
        return {}
    if directive not in (None, "merge"):
        raise GenerationError(f"Unknown patch type found: {directive}", code=TEMPLATE)
    for key, value in patch.items():
        if key == "$patch" or key == "$retainKeys" or key.startswith("$setElementOrder/"):
            continue
        if key.startswith("$deleteFromPrimitiveList/"):
            name = key.partition("/")[2]
            target[name] = [item for item in target.get(name) or () if item not in (value or ())]
        elif value is None:
            target.pop(key, None)
        elif isinstance(value, Mapping):
            known = target.get(key)
            made = _mapping(dict(known) if isinstance(known, Mapping) else {}, value, (*path, key))
            if value.get("$patch") == "delete":
                target.pop(key, None)
            else:
                target[key] = made
        elif isinstance(value, list) and (*path, key) in _MERGED and isinstance(target.get(key), list):
            target[key] = _list(target[key], value, _MERGED[*path, key])
        else:
            target[key] = _clean(value)
    retained = patch.get("$retainKeys")
    if isinstance(retained, list):
        target = {key: value for key, value in target.items() if key in retained}
    return target


def _list(known: list[Any], added: list[Any], merge_key: str) -> list[Any]:
    """Both lists as one: new items first, one that was there keeps its place behind what stood before it."""

    def name(item: Any) -> Any:
        return item.get(merge_key) if merge_key and isinstance(item, Mapping) else item

    before = [name(item) for item in known]
    patched_items: list[Any] = []
    for item in added:
        if name(item) in [name(one) for one in patched_items]:
            continue
        there = next((one for one in known if name(one) == name(item)), None)
        merges = isinstance(there, Mapping) and isinstance(item, Mapping)
        patched_items.append(_mapping(dict(there or {}), item, ()) if merges else _clean(item))
    kept = [item for item in known if name(item) not in [name(one) for one in patched_items]]
    made: list[Any] = []
    for item in patched_items:
        place = before.index(name(item)) if name(item) in before else -1
        while kept and before.index(name(kept[0])) < place:
            made.append(kept.pop(0))
        made.append(item)
    return [*made, *kept]


def _clean(value: Any) -> Any:
    """A new value without the directives in it."""
    if isinstance(value, Mapping):
        return {
            key: _clean(item)
            for key, item in value.items()
            if not key.startswith(_DIRECTIVES) and key not in ("$patch", "$retainKeys") and item is not None
        }
    return [_clean(item) for item in value] if isinstance(value, list) else value
