"""Helm values given as text."""

from __future__ import annotations

from typing import Any


def values_text(text: str) -> str:
    """The text that stands for YAML values, with sorted keys (values.go, ``SetValuesString``, ``ValuesString``).

    Raises ValueError for values that are neither a mapping nor a text, YamlError for what cannot be read.
    """
    from holkas.yaml import dump, load

    value = load(text) if text else ""
    if not isinstance(value, str | dict):
        raise ValueError("values are a mapping or a text")
    return dump(_sorted(value)).removesuffix("\n")


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value
