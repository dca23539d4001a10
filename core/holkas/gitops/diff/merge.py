"""What a live resource would be after an apply: three ways, from what is desired, live, and was applied last.

Source: Kubernetes, "Declarative Management" (how apply calculates differences), with the merge keys of its API.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_MERGE_KEYS: Mapping[str, tuple[str, ...]] = {
    "containers": ("name",),
    "initContainers": ("name",),
    "ephemeralContainers": ("name",),
    "env": ("name",),
    "volumes": ("name",),
    "volumeMounts": ("mountPath",),
    "volumeDevices": ("devicePath",),
    "imagePullSecrets": ("name",),
    "hostAliases": ("ip",),
    "ports": ("containerPort", "port"),
    "secrets": ("name",),
    "conditions": ("type",),
    "ownerReferences": ("uid",),
    "topologySpreadConstraints": ("topologyKey",),
    "resourceClaims": ("name",),
    "schedulingGates": ("name",),
    "webhooks": ("name",),
}
"""By the field's name; the first key that every item has counts."""

_EMPTY: tuple[Any, ...] = ({}, [], "", None)
"""Values that Kubernetes' own kinds do not keep."""

_MEANT_WHEN_EMPTY = frozenset({"emptyDir", "podSelector", "namespaceSelector", "matchLabels"})


def predicted(
    target: Mapping[str, Any], live: Mapping[str, Any], before: Mapping[str, Any] | None, *, known: bool
) -> dict[str, Any]:
    """The live resource after an apply of ``target``. before: what was applied last, if that is known.

    known: a kind of Kubernetes, whose lists have merge keys and whose other lists a server fills with defaults; lists of
    custom kinds are replaced as a whole.
    """
    return _mapping(target, live, before or {}, known)


def _mapping(
    target: Mapping[str, Any], live: Mapping[str, Any], before: Mapping[str, Any], known: bool
) -> dict[str, Any]:
    result = dict(live)
    for name in before:
        if name not in target:
            result.pop(name, None)
    for name, wanted in target.items():
        if name in live:
            result[name] = merged(name, wanted, live[name], before.get(name), known)
        elif not (known and wanted in _EMPTY and name not in _MEANT_WHEN_EMPTY):
            result[name] = wanted
    return result


def merged(name: str, wanted: Any, live: Any, before: Any, known: bool) -> Any:
    """The value of a field after an apply."""
    if isinstance(wanted, Mapping) and isinstance(live, Mapping):
        return _mapping(wanted, live, before if isinstance(before, Mapping) else {}, known)
    if known and isinstance(wanted, list) and isinstance(live, list):
        old = before if isinstance(before, list) else []
        key = merge_key(name, wanted, live)
        return _by_key(key, wanted, live, old, known) if key else _by_place(wanted, live, old, known)
    return wanted


def merge_key(name: str, *lists: Sequence[Any]) -> str:
    """The key by which items of a list are told apart; empty where there is none."""
    items = [item for each in lists for item in each]
    if not items or not all(isinstance(item, Mapping) for item in items):
        return ""
    for key in _MERGE_KEYS.get(name, ()):
        if all(key in item for item in items) and all(_is_unique(key, each) for each in lists):
            return key
    return ""


def _is_unique(key: str, items: Sequence[Any]) -> bool:
    values = [str(item[key]) for item in items]
    return len(set(values)) == len(values)


def _by_key(key: str, wanted: list[Any], live: list[Any], before: list[Any], known: bool) -> list[Any]:
    found = {item[key]: item for item in live}
    old = {item[key]: item for item in before if isinstance(item, Mapping) and key in item}
    names = {item[key] for item in wanted}
    stays = [item for item in live if item[key] not in names and item[key] not in old]
    made = {
        item[key]: _mapping(item, found[item[key]], old.get(item[key], {}), known)
        if item[key] in found
        else item
        for item in wanted
    }
    both = [item[key] for item in live if item[key] in names]
    if both == [item[key] for item in wanted]:
        kept = {id(item) for item in stays}
        return [made.get(item[key], item) for item in live if item[key] in made or id(item) in kept]
    return [*made.values(), *stays]


def _by_place(wanted: list[Any], live: list[Any], before: list[Any], known: bool) -> list[Any]:
    if len(wanted) != len(live):
        return wanted
    return [
        merged("", item, live[place], before[place] if place < len(before) else None, known)
        for place, item in enumerate(wanted)
    ]
