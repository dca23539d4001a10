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
    made = list(known)
    for item in added:
        if not merge_key:
            if item not in made:
                made.append(item)
            continue
        same = next(
            (at for at, one in enumerate(made) if isinstance(one, Mapping) and isinstance(item, Mapping)
             and one.get(merge_key) == item.get(merge_key)),
            None,
        )  # fmt: skip
        if same is None:
            made.append(_clean(item))
        else:
            made[same] = _mapping(dict(made[same]), item, ())
    return made


def _clean(value: Any) -> Any:
    """A new value without the directives in it."""
    if isinstance(value, Mapping):
        return {
            key: _clean(item)
            for key, item in value.items()
            if not key.startswith(_DIRECTIVES) and key not in ("$patch", "$retainKeys") and item is not None
        }
    return [_clean(item) for item in value] if isinstance(value, list) else value
