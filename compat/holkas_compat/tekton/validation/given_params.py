"""Lists of params that are given to something."""

from __future__ import annotations

from typing import Any

from holkas_compat.manifest.shape import name_of, records
from holkas_compat.tekton.validation.scope import Scope


def check_given(value: Any, scope: Scope) -> None:
    """Params given to a run or a resolver: each name once, in whatever case; ``scope`` is that of the list."""
    seen: set[str] = set()
    for index, entry in enumerate(records(value)):
        name = name_of(entry)
        if name.lower() in seen:
            message = f'the parameter "{name}" is given more than once'
            scope.report("T116", message, f"[{name}].name", at=(index, "name"))
        seen.add(name.lower())


def check_given_unique(value: Any, scope: Scope) -> None:
    """Params given to a task of a pipeline or a matrix: each name once; ``scope`` is that of the list."""
    seen: set[str] = set()
    for index, entry in enumerate(records(value)):
        name = name_of(entry)
        if name in seen:
            message = f'the parameter "{name}" is given more than once'
            scope.report("T116", message, f"[{index}].name", at=(index, "name"))
        seen.add(name)
