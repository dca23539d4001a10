"""Volumes of a task."""

from __future__ import annotations

from typing import Any

from holkas_compat.manifest.shape import name_of, records
from holkas_compat.tekton.validation.scope import Scope


def check_volumes(value: Any, scope: Scope) -> None:
    """Each name once; ``scope`` is that of the list."""
    seen: set[str] = set()
    for index, entry in enumerate(records(value)):
        name = name_of(entry)
        if name in seen:
            scope.at(index).report("T211", f'there is more than one volume "{name}"', "name", at=("name",))
        seen.add(name)
