"""YAML as Kubernetes' tools read it. See :mod:`holkas.yaml.loader`."""

from holkas.yaml.source import Document, Source

__all__ = ["Document", "Source"]
