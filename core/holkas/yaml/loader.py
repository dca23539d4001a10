"""Reads YAML as Kubernetes' tools do (sigs.k8s.io/yaml), into plain values."""

from __future__ import annotations

from typing import Any

from holkas.yaml import codes
from holkas.yaml.builder import Refusal, building
from holkas.yaml.events import syntax_error
from holkas.yaml.handlers import Handlers, handle_events
from holkas.yaml.limits import DEFAULT_LIMITS, Limits
from holkas.yaml.source import Document, Source
from holkas.yaml.text import decode, error, line_and_column, stream_text


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

    def handlers() -> Handlers:
        values.clear()
        return building(values, strict=strict, limits=limits, at_most=at_most)

    try:
        handle_events(text, handlers)
    except YAMLError as problem:
        raise syntax_error(problem, text, name, len(values)) from None
    except Refusal as refusal:
        message = refusal.message + (_first_line(text, refusal) if refusal.duplicate else "")
        raise error(
            text, refusal.offset, refusal.code, message, name=name, document=refusal.document
        ) from None
    return values


def _first_line(text: str, refusal: Refusal) -> str:
    """Where a duplicate key stands first, for the message."""
    from holkas.yaml.walk import find

    found = find(text, refusal.document, refusal.duplicate)
    if found is None or not found.exact or found.key is None or found.key[0] >= refusal.offset:
        return ", first through a merge (<<)"
    return f", first in line {line_and_column(text, found.key[0])[0]}"


def _text(data: str | bytes, name: str, limits: Limits) -> str:
    if len(data) > limits.size:
        message = f"{len(data)} bytes are more than the {limits.size} that are read"
        raise error("", 0, codes.TOO_LARGE, message, name=name)
    return decode(data, name)
