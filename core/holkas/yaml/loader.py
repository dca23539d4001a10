"""Reads YAML as Kubernetes' tools do (sigs.k8s.io/yaml), into plain values."""

from __future__ import annotations

from typing import Any

from holkas.yaml import codes
from holkas.yaml.bare import NextBare, read_bare
from holkas.yaml.builder import Builder, Refusal
from holkas.yaml.errors import YamlError
from holkas.yaml.events import NextEvent, read_events, syntax_error
from holkas.yaml.limits import DEFAULT_LIMITS, Limits
from holkas.yaml.source import Document, Source
from holkas.yaml.text import decode, error, line_and_column, stream_text
from holkas.yaml.walk import find


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

    def read(get: NextBare) -> None:
        values.clear()
        builder = Builder(get, strict=strict, limits=limits)
        while len(values) != at_most and (document := builder.next_document())[0]:
            values.append(document[1])

    try:
        read_bare(text, read)
    except YAMLError as problem:
        raise syntax_error(problem, text, name, len(values)) from None
    except Refusal as refusal:
        raise _refused(refusal, text, name) from None
    return values


def _refused(refusal: Refusal, text: str, name: str) -> YamlError:
    """The error with its place: the events are read once more up to the one at fault."""

    def start_of_event(get: NextEvent) -> int:
        for _ in range(refusal.number - 1):
            get()
        start: int = get().start_mark.index
        return start

    offset = read_events(text, start_of_event)
    message = refusal.message
    if refusal.duplicate:
        found = find(text, refusal.document, refusal.duplicate)
        if found is None or not found.exact or found.key is None or found.key[0] >= offset:
            message += ", first through a merge (<<)"
        else:
            message += f", first in line {line_and_column(text, found.key[0])[0]}"
    return error(text, offset, refusal.code, message, name=name, document=refusal.document)


def _text(data: str | bytes, name: str, limits: Limits) -> str:
    if len(data) > limits.size:
        message = f"{len(data)} bytes are more than the {limits.size} that are read"
        raise error("", 0, codes.TOO_LARGE, message, name=name)
    return decode(data, name)
