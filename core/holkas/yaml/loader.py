"""Reads YAML as Kubernetes' tools do (sigs.k8s.io/yaml), into plain values."""

from __future__ import annotations

from typing import Any

from holkas.yaml import codes
from holkas.yaml.builder import Builder
from holkas.yaml.events import NextEvent, read_events, syntax_error
from holkas.yaml.limits import DEFAULT_LIMITS, Limits
from holkas.yaml.source import Document, Source
from holkas.yaml.text import decode, error, stream_text


def load_documents(source: Source, *, strict: bool = True, limits: Limits = DEFAULT_LIMITS) -> list[Document]:
    """Every document of a stream that is not empty.

    A text that begins with ``{`` is read as JSON first, as Kubernetes' decoder does, and one without a final newline
    gets it. strict: refuse duplicate keys, as kubectl's strict validation does. Raises YamlError.
    """
    values = read_values(source, strict=strict, limits=limits)
    return [Document(source, index, value) for index, value in enumerate(values) if value is not None]


def load(text: str | bytes, *, strict: bool = True, limits: Limits = DEFAULT_LIMITS) -> Any:
    """The first document of a text, None for an empty one, exactly as sigs.k8s.io/yaml gives it. Raises YamlError."""
    name = "<text>"
    values = _values(_text(text, name, limits), name, strict, limits, at_most=1)
    return values[0] if values else None


def read_values(source: Source, *, strict: bool, limits: Limits) -> list[Any]:
    """The value of every document of a stream, None for an empty one. Raises YamlError."""
    from holkas.yaml.json_stream import read_json

    text = _text(source.data, source.name, limits)
    values = read_json(text, limits)
    return values if values is not None else _values(stream_text(text), source.name, strict, limits)


def _values(text: str, name: str, strict: bool, limits: Limits, at_most: int | None = None) -> list[Any]:
    from ruamel.yaml.error import YAMLError

    values: list[Any] = []

    def read(get: NextEvent) -> None:
        values.clear()
        builder = Builder(text, get, name=name, strict=strict, limits=limits)
        while len(values) != at_most and (document := builder.next_document())[0]:
            values.append(document[1])

    try:
        read_events(text, read)
    except YAMLError as problem:
        raise syntax_error(problem, text, name, len(values)) from None
    return values


def _text(data: str | bytes, name: str, limits: Limits) -> str:
    if len(data) > limits.size:
        message = f"{len(data)} bytes are more than the {limits.size} that are read"
        raise error("", 0, codes.TOO_LARGE, message, name=name)
    return decode(data, name)
