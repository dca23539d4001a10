"""What a server-side apply that was only tried out says of the one who applies, and not of others that meddle with it.

A server may fill in defaults, and webhooks change what is written. None of it is anybody's to mend: fields that the
manager does not own stay as they are live. Source: Argo CD, "Diff Strategies" (mutation webhooks).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas.gitops.diff.managed_fields import field_sets, locate

_GONE = object()


def without_mutations(
    predicted: Mapping[str, Any], live: Mapping[str, Any], manager: str
) -> Mapping[str, Any]:
    """``predicted`` with the live values of all that ``manager`` owns neither in it nor in ``live``.

    A target that keeps no managed fields has nobody who meddles: then ``predicted`` as it is.
    """
    mine = _union(predicted, manager)
    if not mine:
        return predicted
    made = _kept(predicted, live, mine, _union(live, manager))
    return made if isinstance(made, Mapping) else predicted


def _union(manifest: Mapping[str, Any], manager: str) -> dict[str, Any]:
    """What the manager applied, as one set."""
    result: dict[str, Any] = {}
    for fields in field_sets(manifest, {manager}, "Apply"):
        result.update(fields)
    return result


def _kept(predicted: Any, live: Any, mine: Any, before: Any) -> Any:
    """One node. mine, before: what the manager owns of it in the predicted and in the live one; None for nothing."""
    owned = {name: below for name, below in _mapping(mine).items() if name != "."}
    if mine is not None and not owned:
        return predicted
    if isinstance(predicted, Mapping) and (isinstance(live, Mapping) or live is _GONE):
        return _of_mapping(predicted, live, mine, _mapping(before))
    if isinstance(predicted, list) and any(name.startswith(("k:", "v:")) for name in owned):
        return _of_list(predicted, live if isinstance(live, list) else [], owned, _mapping(before))
    return live if mine is None else predicted


def _of_mapping(predicted: Mapping[str, Any], live: Any, mine: Any, before: Mapping[str, Any]) -> Any:
    if mine is None:
        return live
    found = _mapping(live)
    result = {}
    for key in (*found, *(key for key in predicted if key not in found)):
        name = f"f:{key}"
        if key not in predicted:
            if name not in before:  # somebody else took it away, or will
                result[key] = found[key]
            continue
        value = _kept(predicted[key], found.get(key, _GONE), mine.get(name), before.get(name))
        if value is not _GONE:
            result[key] = value
    return result


def _of_list(
    predicted: list[Any], live: list[Any], mine: Mapping[str, Any], before: Mapping[str, Any]
) -> list[Any]:
    """Items that somebody owns by key or by value; the others are as they are live."""
    places = {locate(name, predicted): name for name in mine}
    known = {locate(name, live) for name in before} - {None}
    result = []
    taken = set()
    for index, item in enumerate(predicted):
        name = places.get(index, "")
        if not name:
            if item in live:
                result.append(item)
            continue
        at = locate(name, live)
        taken.add(at)
        value = _kept(item, live[at] if at is not None else _GONE, mine[name], before.get(name))
        result.append(value)
    others = [item for index, item in enumerate(live) if index not in taken | known and item not in result]
    return [*result, *others]


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
