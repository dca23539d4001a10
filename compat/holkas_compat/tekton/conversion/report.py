"""What became of each field of a converted document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from holkas.extensions.conversion import Fate, FieldChange
from holkas.model.edit import EditKind
from holkas.model.path import DocumentPath

from holkas_compat.manifest.edits import Step
from holkas_compat.manifest.finding import field_text
from holkas_compat.tekton.conversion.renaming import Object


def changes_of(steps: Sequence[Step], old: Object, new: Object) -> tuple[FieldChange, ...]:
    """The changes that these steps make, in their order."""
    return tuple(_changes(steps, old, _new_annotations(old, new)))


def _changes(steps: Sequence[Step], old: Object, annotations: dict[str, str]) -> Iterator[FieldChange]:
    inserted = [step for step in steps if step.edit.kind is EditKind.INSERT]
    targets: set[int] = set()
    for step in steps:
        edit = step.edit
        if edit.kind is EditKind.REPLACE:
            yield FieldChange(path=step.old, fate=Fate.CHANGED, to=str(edit.value))
        elif edit.kind is EditKind.RENAME:
            yield FieldChange(path=step.old, fate=Fate.MOVED, to=field_text((*edit.path[:-1], edit.key)))
        elif edit.kind is EditKind.REMOVE:
            yield _gone(step, _at(old, step.old), inserted, annotations, targets)
    for number, step in enumerate(inserted):
        place = (*step.edit.path, step.edit.key)
        if number not in targets and not _is_annotation(place):
            value = step.edit.value
            yield FieldChange(path=place, fate=Fate.ADDED, to=value if isinstance(value, str) else "")


def _gone(
    step: Step, value: Any, inserted: Sequence[Step], annotations: dict[str, str], targets: set[int]
) -> FieldChange:
    for exactly in (True, False):
        for number, other in enumerate(inserted):
            if other.old[: len(step.old) - 1] != step.old[:-1] or _is_annotation(other.edit.path):
                continue
            start = (*other.edit.path, other.edit.key)
            name = str(step.old[-1]) if exactly else ""
            found = next(_places(other.edit.value, value, start, name), None)
            if found is not None:
                targets.add(number)
                return FieldChange(path=step.old, fate=Fate.MOVED, to=field_text(found))
    for key, text in annotations.items():
        if f'"{step.old[-1]}"' in text or (step.old[-1] == "resources" and "Resources" in key):
            return FieldChange(path=step.old, fate=Fate.KEPT, to=f"annotation {key}")
    return FieldChange(path=step.old, fate=Fate.LOST)


def _places(inside: Any, value: Any, path: DocumentPath, name: str) -> Iterator[DocumentPath]:
    """Where a value is found again; under a key of this name, if one is given."""
    if inside == value and (not name or path[-1] == name):
        yield path
    if isinstance(inside, dict):
        for key, item in inside.items():
            yield from _places(item, value, (*path, key), name)
    elif isinstance(inside, list):
        for index, item in enumerate(inside):
            yield from _places(item, value, (*path, index), name)


def _at(value: Any, path: DocumentPath) -> Any:
    for part in path:
        value = value[part]
    return value


def _is_annotation(path: DocumentPath) -> bool:
    return path[:2] in (("metadata", "annotations"), ("metadata",))


def _new_annotations(old: Object, new: Object) -> dict[str, str]:
    before = (old.get("metadata") or {}).get("annotations") or {}
    after = (new.get("metadata") or {}).get("annotations") or {}
    return {key: text for key, text in after.items() if before.get(key) != text}
