"""Where an overlay puts its value: ``a.b`` is a key in a mapping, ``a\\.b`` one key, a number an item of a list.

Source: github.com/tidwall/sjson (SetRaw); pkg/interceptors/cel/cel.go.
"""

from __future__ import annotations

from typing import Any

_WILD = frozenset("*?#|@")
_MAX_INDEX = 1000


class OverlayPathError(ValueError):
    """The key of an overlay is no path."""


def put(target: dict[str, Any], key: str, value: Any) -> None:
    """Set the value at a path, making what is missing on the way. Raises OverlayPathError."""
    parts = _parts(key)
    if not key or not all(parts):
        raise OverlayPathError(f'"{key}" is no path')
    here: Any = target
    for part, following in zip(parts, [*parts[1:], None], strict=True):
        if following is None:
            _set(here, part, value, key)
            return
        below = _get(here, part)
        if not isinstance(below, dict | list):
            below = [] if _is_index(following) else {}
            _set(here, part, below, key)
        here = below


def _parts(key: str) -> list[str]:
    parts, escaped = [""], False
    for character in key:
        if escaped:
            parts[-1] += character
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == ".":
            parts.append("")
        elif character in _WILD:
            raise OverlayPathError(f'"{key}" has a wildcard')
        else:
            parts[-1] += character
    return parts


def _is_index(part: str) -> bool:
    return part == "-1" or (part.isascii() and part.isdigit())


def _get(here: Any, part: str) -> Any:
    if isinstance(here, list):
        return here[int(part)] if _is_index(part) and 0 <= int(part) < len(here) else None
    return here.get(part.removeprefix(":"))


def _set(here: Any, part: str, value: Any, key: str) -> None:
    if isinstance(here, dict):
        here[part.removeprefix(":")] = value
        return
    if not _is_index(part):
        raise OverlayPathError(f'"{key}": {part} is no index of a list')
    index = len(here) if part == "-1" else int(part)
    if index > _MAX_INDEX:
        raise OverlayPathError(f'"{key}": the index is greater than {_MAX_INDEX}')
    here.extend([None] * (index + 1 - len(here)))
    here[index] = value
