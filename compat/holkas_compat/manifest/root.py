"""The frame of a Kubernetes object around its spec."""

from __future__ import annotations

from collections.abc import Mapping

from holkas_compat.manifest.metadata import OBJECT_META
from holkas_compat.manifest.types import STRING, Field, Struct, Type, struct, value


def root(name: str, fields: Mapping[str, Type | Field]) -> Struct:
    """A kind: apiVersion, kind, metadata and then ``fields``."""
    return struct(name, {"apiVersion": STRING, "kind": STRING, "metadata": value(OBJECT_META), **fields})
