"""Entries of ``generators`` that are none: told with their names, where the annotation of kubectl still has them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from holkas_compat.argocd.applicationset.generators.registry import GENERATORS

_ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration"


def invalid_generators(document: Mapping[str, Any]) -> tuple[bool, frozenset[str]]:
    """Whether there are any, and their names as far as they are known."""
    generators = _at(document, "spec", "generators")
    invalid = False
    names: set[str] = set()
    for index, entry in enumerate(generators if isinstance(generators, list) else ()):
        known = entry if isinstance(entry, Mapping) else {}
        if any(known.get(name) is not None for name in (*GENERATORS, "selector")):
            continue
        invalid = True
        written = [key for key in known if key not in GENERATORS] or _annotated(document, index)
        names.update(written[:1])
    return invalid, frozenset(names)


def _annotated(document: Mapping[str, Any], index: int) -> list[str]:
    """The names of an entry as kubectl was given it."""
    text = _at(document, "metadata", "annotations", _ANNOTATION)
    try:
        applied = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return []
    generators = _at(applied, "spec", "generators")
    if (
        not isinstance(generators, list)
        or index >= len(generators)
        or not isinstance(generators[index], dict)
    ):
        return []
    return list(generators[index])


def _at(value: Any, *path: str) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def unrecognized(document: Mapping[str, Any]) -> str:
    """The original's sentence about them, empty where all are generators."""
    invalid, names = invalid_generators(document)
    if not invalid:
        return ""
    told = f"ApplicationSet {_at(document, 'metadata', 'name')} contains unrecognized generators"
    return f"{told}: {', '.join(sorted(names))}" if names else told
