"""Reads YAML as Kubernetes' tools do (sigs.k8s.io/yaml), into plain values."""

from __future__ import annotations

from typing import Any

from holkas.yaml.limits import DEFAULT_LIMITS, Limits
from holkas.yaml.source import Document, Source


def load_documents(source: Source, *, strict: bool = True, limits: Limits = DEFAULT_LIMITS) -> list[Document]:
    """Every document of a stream that is not empty. Raises YamlError."""
    raise NotImplementedError


def load(text: str | bytes, *, strict: bool = True, limits: Limits = DEFAULT_LIMITS) -> Any:
    """The first document of a text. Raises YamlError."""
    raise NotImplementedError
