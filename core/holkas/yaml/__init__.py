"""YAML as Kubernetes' tools read it. See :mod:`holkas.yaml.loader`.

Names are imported when they are asked for: reading needs neither the edits nor the dumper.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from holkas.yaml.dumper import dump, dump_all
    from holkas.yaml.edit import rename_key, replace_scalar
    from holkas.yaml.edits import apply_edits, replace_document
    from holkas.yaml.errors import EditError, YamlError
    from holkas.yaml.limits import Limits
    from holkas.yaml.loader import load, load_documents
    from holkas.yaml.position import Position, locate, locate_each
    from holkas.yaml.source import Document, Source
    from holkas.yaml.structure import insert, remove

_MODULES = {
    "Document": "source",
    "EditError": "errors",
    "Limits": "limits",
    "Position": "position",
    "Source": "source",
    "YamlError": "errors",
    "apply_edits": "edits",
    "dump": "dumper",
    "dump_all": "dumper",
    "insert": "structure",
    "load": "loader",
    "load_documents": "loader",
    "locate": "position",
    "locate_each": "position",
    "remove": "structure",
    "rename_key": "edit",
    "replace_document": "edits",
    "replace_scalar": "edit",
}

__all__ = [
    "Document",
    "EditError",
    "Limits",
    "Position",
    "Source",
    "YamlError",
    "apply_edits",
    "dump",
    "dump_all",
    "insert",
    "load",
    "load_documents",
    "locate",
    "locate_each",
    "remove",
    "rename_key",
    "replace_document",
    "replace_scalar",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = value
    return value
