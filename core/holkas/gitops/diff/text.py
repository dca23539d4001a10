"""A difference for people: a unified diff of YAML, with the values of secrets hidden."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas.gitops.diff.compare import Difference
from holkas.model.sync import key_of

Manifest = Mapping[str, Any]


def unified_diff(difference: Difference, *, context: int = 3) -> str:
    """Lines from what is live to what it would be, with a title; empty where nothing differs."""
    import difflib

    before, after = masked(difference.live, difference.predicted)
    key = key_of(difference.predicted if difference.predicted is not None else difference.live or {})
    lines = difflib.unified_diff(
        _lines(before), _lines(after), f"live {key}", f"desired {key}", n=context, lineterm=""
    )
    return "\n".join(lines)


def changes(difference: Difference) -> list[dict[str, Any]]:
    """The difference as data: path, ``before`` and ``after`` (left out where there is none), secrets hidden."""
    before, after = masked(difference.live, difference.predicted)
    return list(_changes(before, after, ()))


def _changes(before: Any, after: Any, path: tuple[Any, ...]) -> list[dict[str, Any]]:
    if before == after:
        return []
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        names = [*before, *(name for name in after if name not in before)]
        return [item for name in names for item in _changes(before.get(name), after.get(name), (*path, name))]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return [
            item
            for place, (old, new) in enumerate(zip(before, after, strict=True))
            for item in _changes(old, new, (*path, place))
        ]
    entry: dict[str, Any] = {"path": list(path)}
    if before is not None:
        entry["before"] = before
    if after is not None:
        entry["after"] = after
    return [entry]


def masked(before: Manifest | None, after: Manifest | None) -> tuple[Manifest | None, Manifest | None]:
    """Both with the values of a Secret hidden: equal ones look equal, different ones different, and nothing more."""
    if not any(manifest is not None and _is_secret(manifest) for manifest in (before, after)):
        return before, after
    return _masked(before, after, _SAME), _masked(after, before, _OTHER)


_SAME, _OTHER = "++++++++", "+++++++++"


def _is_secret(manifest: Manifest) -> bool:
    key = key_of(manifest)
    return key.kind == "Secret" and not key.group


def _masked(manifest: Manifest | None, other: Manifest | None, different: str) -> Manifest | None:
    if manifest is None:
        return None
    hidden = {}
    for name in ("data", "stringData"):
        values, others = manifest.get(name), other.get(name) if other is not None else None
        if isinstance(values, Mapping):
            known = others if isinstance(others, Mapping) else {}
            hidden[name] = {
                key: _SAME if key in known and known[key] == value else different
                for key, value in values.items()
            }
        elif values is not None:
            hidden[name] = {"": different}
    return {**manifest, **hidden}


def _lines(manifest: Manifest | None) -> list[str]:
    if manifest is None:
        return []
    from holkas.yaml import dump

    return dump(manifest).splitlines()
