"""Which fields of which types documents have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from holkas.model.fidelity import FieldUse
from holkas.yaml.source import Document

from holkas_compat.manifest.types import ListOf, MapOf, Struct, Type, resolved
from holkas_compat.tekton.schema.kinds import KINDS


def field_uses(documents: Sequence[Document]) -> Iterator[FieldUse]:
    """Fields of Tekton's kinds, each before those below it; types are called alike in all versions."""
    for document in documents:
        value = document.value
        root = KINDS.get((str(value.get("kind", "")), str(value.get("apiVersion", ""))))
        if root is not None:
            yield from _fields(value, root, _name(value), ())


def type_name(struct: Struct) -> str:
    """A type's name without its version (``Step`` for ``v1.Step``)."""
    return struct.name.rpartition(".")[2]


def _name(value: Mapping[str, Any]) -> str:
    metadata = value.get("metadata")
    given = metadata if isinstance(metadata, Mapping) else {}
    return f"{value.get('kind')}/{given.get('name') or given.get('generateName') or ''}"


def _fields(value: object, type_: Type, document: str, path: tuple[str | int, ...]) -> Iterator[FieldUse]:
    found = resolved(type_)
    if isinstance(found, ListOf) and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _fields(item, found.item, document, (*path, index))
    elif isinstance(found, MapOf) and isinstance(value, Mapping):
        for key, item in value.items():
            yield from _fields(item, found.value, document, (*path, key))
    elif isinstance(found, Struct) and isinstance(value, Mapping):
        for key, item in value.items():
            name = found.folded.get(key.lower(), key)
            if name in found.fields:
                yield FieldUse(document=document, path=(*path, key), field=f"{type_name(found)}.{name}")
                yield from _fields(item, found.fields[name].type, document, (*path, key))
