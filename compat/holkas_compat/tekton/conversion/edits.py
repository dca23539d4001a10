"""What must be edited in a document so that it says what its conversion says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from holkas.model.edit import Edit
from holkas.model.finding import PathPart

from holkas_compat.tekton.conversion.renaming import Object

Path = tuple[PathPart, ...]


class NoEditsError(ValueError):
    """The new form cannot be reached by edits of single entries."""


def edits_between(old: Object, new: Object) -> tuple[Edit, ...]:
    """The edits that make ``old`` into ``new``, in an order in which they can be made.

    A key that has gone while another has come with the same or a like value was renamed. A type that conversion fills
    in for a param is left out: in v1 the default decides, as it did before. Raises NoEditsError.
    """
    return tuple(_value(old, new, ()))


def _value(old: Any, new: Any, path: Path) -> Iterator[Edit]:
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _mapping(old, new, path)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from _value(before, after, (*path, index))
    elif isinstance(old, dict | list) or isinstance(new, dict | list):
        if not path or not isinstance(path[-1], str):
            raise NoEditsError(f"an entry of a list changes as a whole: {path}")
        yield Edit.remove(path)
        yield Edit.insert(path[:-1], path[-1], new)
    elif old != new:
        yield Edit.replace(path, new)


def _mapping(old: Object, new: Object, path: Path) -> Iterator[Edit]:
    names = _renamed(old, new)
    come = [key for key in new if key not in old and key not in names.values()]
    for key, value in old.items():
        if key in names:
            yield Edit.rename((*path, key), names[key])
            yield from _value(value, new[names[key]], (*path, names[key]))
        elif key in new:
            yield from _value(value, new[key], (*path, key))
    for key in come:
        if not (key == "type" and len(path) >= 2 and path[-2] == "params"):
            yield Edit.insert(path, key, new[key])
    for key in old:
        if key not in new and key not in names:
            yield Edit.remove((*path, key))


def _renamed(old: Object, new: Object) -> dict[str, str]:
    """Old name → new name of the keys that were renamed."""
    found: dict[str, str] = {}
    for key, value in old.items():
        if key in new:
            continue
        free = [name for name in new if name not in old and name not in found.values()]
        same = [name for name in free if new[name] == value]
        like = same or [name for name in free if _alike(value, new[name])]
        if len(like) == 1:
            found[key] = like[0]
    return found


def _alike(one: Any, other: Any) -> bool:
    """Whether one may be the other after some renaming further in: as many entries, with equal leaves."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_alike, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return len(one) == len(other) and all(map(_alike, one.values(), other.values()))
    return type(one) is type(other) and one == other
