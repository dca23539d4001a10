"""Reads YAML as Kubernetes' tools do (sigs.k8s.io/yaml), into plain values."""

from __future__ import annotations

from typing import Any

from holkas.yaml import codes
from holkas.yaml.builder import Builder
from holkas.yaml.events import parser
from holkas.yaml.limits import DEFAULT_LIMITS, Limits
from holkas.yaml.source import Document, Source
from holkas.yaml.text import decode, error


def load_documents(source: Source, *, strict: bool = True, limits: Limits = DEFAULT_LIMITS) -> list[Document]:
    """Every document of a stream that is not empty.

    A text that begins with ``{`` is read as JSON first, as Kubernetes' decoder does, and one without a final newline
    gets it. strict: refuse duplicate keys, as kubectl's strict validation does. Raises YamlError.
    """
    from holkas.yaml.json_stream import read_json

    text = _text(source.data, source.name, limits)
    values = read_json(text, limits)
    if values is None:
        if text and text[-1] not in "\r\n":
            text += "\n"
        text = text.replace("\n---#", "\n--- #")
        values = _all_values(text, source.name, strict, limits)
    return [Document(source, index, value) for index, value in enumerate(values) if value is not None]


def load(text: str | bytes, *, strict: bool = True, limits: Limits = DEFAULT_LIMITS) -> Any:
    """The first document of a text, None for an empty one, exactly as sigs.k8s.io/yaml gives it. Raises YamlError."""
    name = "<text>"
    whole = _text(text, name, limits)
    return Builder(whole, parser(whole), name=name, strict=strict, limits=limits).next_document()[1]


def _all_values(text: str, name: str, strict: bool, limits: Limits) -> list[Any]:
    builder = Builder(text, parser(text), name=name, strict=strict, limits=limits)
    values = []
    while (document := builder.next_document())[0]:
        values.append(document[1])
    return values


def _text(data: str | bytes, name: str, limits: Limits) -> str:
    if len(data) > limits.size:
        message = f"{len(data)} bytes are more than the {limits.size} that are read"
        raise error("", 0, codes.TOO_LARGE, message, name=name)
    return decode(data, name)
