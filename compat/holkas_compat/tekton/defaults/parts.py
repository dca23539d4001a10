"""Helpers that put defaulted parts into a copy of an object, so that what was read is never changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

Object = dict[str, Any]
Rule = Callable[[Object], Object]


def in_lists(spec: Object, keys: Iterable[str], rule: Rule) -> Object:
    """``spec`` with ``rule`` applied to each item of the lists under these keys."""
    changed = {key: [rule(item) for item in spec[key]] for key in keys if spec.get(key)}
    return {**spec, **changed} if changed else spec


def in_field(spec: Object, key: str, rule: Rule) -> Object:
    """``spec`` with ``rule`` applied to the mapping under a key, if there is one."""
    return {**spec, key: rule(spec[key])} if spec.get(key) is not None else spec
