"""What must be edited in a document so that it says something else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from holkas.model.edit import Edit
from holkas.model.path import DocumentPath
from holkas.records import dataclass

Object = dict[str, Any]


class NoEditsError(ValueError):
    """The new form cannot be reached by edits of single entries."""


@dataclass(frozen=True, slots=True)
class Step:
    """One edit, with the place in the old document at which it is made."""

    edit: Edit
    old: DocumentPath


def steps_between(old: Object, new: Object) -> tuple[Step, ...]:
    """What makes ``old`` into ``new``, in an order in which it can be done.

    A key that has gone while another has come with the same or a like value was renamed. Raises NoEditsError.
    """
    return tuple(_value(old, new, (), ()))


def _value(old: Any, new: Any, path: DocumentPath, was: DocumentPath) -> Iterator[Step]:
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _mapping(old, new, path, was)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from _value(before, after, (*path, index), (*was, index))
    elif isinstance(old, dict | list) or isinstance(new, dict | list):
        if not path or not isinstance(path[-1], str):
            raise NoEditsError(f"an entry of a list changes as a whole: {path}")
        yield Step(Edit.remove(path), was)
        yield Step(Edit.insert(path[:-1], path[-1], new), was[:-1])
    elif old != new:
        yield Step(Edit.replace(path, new), was)


def _mapping(old: Object, new: Object, path: DocumentPath, was: DocumentPath) -> Iterator[Step]:
    names = _renamed(old, new)
    come = [key for key in new if key not in old and key not in names.values()]
    for key, value in old.items():
        if key in names:
            yield Step(Edit.rename((*path, key), names[key]), (*was, key))
            yield from _value(value, new[names[key]], (*path, names[key]), (*was, key))
        elif key in new:
            yield from _value(value, new[key], (*path, key), (*was, key))
    for key in come:
        yield Step(Edit.insert(path, key, new[key]), was)
    for key in old:
        if key not in new and key not in names:
            yield Step(Edit.remove((*path, key)), (*was, key))


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
