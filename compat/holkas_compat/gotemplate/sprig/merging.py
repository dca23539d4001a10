"""Maps merged as the Go library mergo merges them: sprig and the ApplicationSets' generators both do.

Source: mergo's documentation: what is empty in the target is filled; with overwriting, the source wins;
maps are merged key by key.
"""

from __future__ import annotations

from typing import Any

from holkas_compat.gotemplate.values import measure, truth


def merge(target: dict[str, Any], source: dict[str, Any], *, overwrite: bool = False) -> None:
    """Merges into the target itself.

    Keys that the target has not got are always taken; nil is taken only with overwriting.
    """
    measure(target, source)
    _merge(target, source, overwrite)


def _merge(target: dict[str, Any], source: dict[str, Any], overwrite: bool) -> None:
    for key, value in source.items():
        if value is None and not overwrite:
            continue
        if key not in target:
            target[key] = value
            continue
        known = target[key]
        if isinstance(known, dict) and isinstance(value, dict):
            _merge(known, value, overwrite)
        elif overwrite or not truth(known):
            target[key] = value
