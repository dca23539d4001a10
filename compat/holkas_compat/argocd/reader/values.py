"""Helm values given as text."""

from __future__ import annotations


def values_text(text: str) -> str:
    """The text that stands for YAML values, as Go's library writes them (values.go, ``SetValuesString``,
    ``ValuesString``).

    Raises ValueError for values that are neither a mapping nor a text, YamlError for what cannot be read.
    """
    from holkas.yaml import load

    from holkas_compat.argocd.applicationset.functions import as_go
    from holkas_compat.gotemplate.yaml_text import written

    if not text:
        return ""
    value = load(text, strict=False)
    if not isinstance(value, str | dict):
        raise ValueError("values are a mapping or a text")
    return written(as_go(value))
