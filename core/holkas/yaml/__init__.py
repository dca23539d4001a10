"""YAML as Kubernetes' tools read it. See :mod:`holkas.yaml.loader`."""

from holkas.yaml.dumper import dump, dump_all
from holkas.yaml.edit import rename_key, replace_scalar
from holkas.yaml.edits import apply_edits
from holkas.yaml.errors import EditError, YamlError
from holkas.yaml.limits import Limits
from holkas.yaml.loader import load, load_documents
from holkas.yaml.position import Position, locate, locate_each
from holkas.yaml.source import Document, Source
from holkas.yaml.structure import insert, remove

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
    "replace_scalar",
]
