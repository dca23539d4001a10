"""Secret documents in manifests: what must not be shown of them, and their text without it."""

from __future__ import annotations

import binascii
from collections.abc import Iterable, Iterator
from typing import Any

from holkas.state.masking import Masker
from holkas.yaml import Document, EditError, Source, YamlError, load_documents

_WORD = b"Secret"
_FIELDS = ("data", "stringData")
NOT_KEPT = "# This file holds a Secret, but it could not be read well enough to leave the secret out; it is not kept.\n"


def may_hold_secrets(source: Source) -> bool:
    """Whether the text speaks of a Secret at all: a look that costs nothing, before the documents are read."""
    return _WORD in source.data or (b"\0" in source.data and _WORD in source.data.replace(b"\0", b""))


def secret_values(documents: Iterable[Document]) -> Iterator[bytes]:
    """The values of all Secret documents (Kubernetes API, core/v1 Secret), lists of them included."""
    for document in documents:
        for _, secret in _secrets(document.value):
            yield from _values(secret)


def masker_of(sources: Iterable[Source]) -> tuple[Masker, frozenset[str]]:
    """A masker for all these sources, and the names of those that hold secrets but cannot be read."""
    values: list[bytes] = []
    opaque = []
    for source in filter(may_hold_secrets, sources):
        try:
            values += secret_values(load_documents(source))
        except YamlError:
            opaque.append(source.name)
    return Masker(values), frozenset(opaque)


def without_secrets(source: Source) -> str:
    """The text with ``***`` in the place of every value of a Secret document, short ones included.

    A text that cannot be taken apart is not given at all.
    """
    from holkas.yaml.text import decode

    try:
        text = decode(source.data, source.name)
        if not may_hold_secrets(source):
            return text
        return _redacted(text, load_documents(source))
    except (YamlError, EditError):
        return NOT_KEPT


def _redacted(text: str, documents: Iterable[Document]) -> str:
    from ruamel.yaml.error import YAMLError

    from holkas.yaml.nodes import Kind, document_node, entries
    from holkas.yaml.text import stream_text

    stretches = []
    for document in documents:
        for path, secret in _secrets(document.value):
            try:
                root = document_node(stream_text(text), document.index)
                for name in _FIELDS:
                    if name not in secret:
                        continue
                    node = list(entries(root, (*path, name)))[-1].node
                    if node.kind is not Kind.MAPPING:
                        raise EditError(f"{name} is written elsewhere")
                    stretches += [(item.start, item.end, item.style) for item in node.items]
            except YAMLError as error:
                raise EditError(str(error)) from error
    for start, end, style in sorted(stretches, reverse=True):
        line_end = "\n" if style in ("|", ">") else ""
        blank = "" if text[start - 1 : start].isspace() else " "
        text = f'{text[:start]}{blank}"***"{line_end}{text[end:]}'
    return text


def _secrets(value: Any) -> Iterator[tuple[tuple[str | int, ...], dict[str, Any]]]:
    """Secret documents with their path in the document: the document itself, or items of a List."""
    if not isinstance(value, dict):
        return
    if value.get("kind") == "Secret":
        yield (), value
    items = value.get("items")
    if str(value.get("kind", "")).endswith("List") and isinstance(items, list):
        for index, item in enumerate(items):
            if isinstance(item, dict) and item.get("kind") == "Secret":
                yield ("items", index), item


def _values(secret: dict[str, Any]) -> Iterator[bytes]:
    for name in _FIELDS:
        fields = secret.get(name)
        if not isinstance(fields, dict):
            continue
        for value in fields.values():
            if value is None or isinstance(value, dict | list):
                continue
            plain = value if isinstance(value, str) else str(value)
            yield plain.encode("utf-8", "surrogatepass")
            if name == "data":
                try:
                    yield binascii.a2b_base64(plain)
                except (binascii.Error, ValueError):
                    continue
