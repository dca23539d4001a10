"""Edits of whole entries: taking one out, adding one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from holkas.model.path import PathPart
from holkas.yaml.dumper import dump
from holkas.yaml.edit import Draft
from holkas.yaml.errors import EditError
from holkas.yaml.nodes import Entry, Kind, Node, entries, path_text
from holkas.yaml.source import Source
from holkas.yaml.style import double_quoted, scalar
from holkas.yaml.text import filled_length


def remove(source: Source, document: int, path: Sequence[PathPart]) -> Source:
    """Take out the whole entry at ``path`` with its own lines; comments above it stay.

    The last entry of a collection leaves ``{}`` or ``[]``. Raises EditError where there is no such entry or more than
    it would change, YamlError for a text that cannot be read.
    """
    draft = Draft.of(source, document)
    chain = list(entries(draft.root, path))
    if not chain:
        raise EditError("a whole document cannot be removed")
    entry = chain[-1]

    def without(collection: Any) -> Any:
        copy = collection.copy()
        del copy[path[-1]]
        return copy

    if len(entry.parent.items) == 1:
        start, end, new = _emptied(draft, entry.parent)
    elif entry.parent.flow:
        start, end, new = *_flow_stretch(draft, entry), ""
    else:
        start, end, new = *_block_stretch(draft, entry), ""
    return draft.finish(start, end, new, path[:-1], without)


def insert(source: Source, document: int, path: Sequence[PathPart], key: str, value: Any) -> Source:
    """Add ``key`` with any value at the end of the mapping at ``path``, which may be empty or null.

    Raises EditError where there is no mapping, the key exists or more would change, TypeError and ValueError as
    :func:`holkas.yaml.dump`, YamlError for a text that cannot be read.
    """
    draft = Draft.of(source, document)
    chain = list(entries(draft.root, path))
    node = chain[-1].node if chain else draft.root
    flow = bool(chain) and chain[-1].parent.flow

    def extended(mapping: Any) -> Any:
        return {**(mapping or {}), key: value}

    if node.kind is Kind.MAPPING:
        if any(known.name == key for known in node.keys):
            raise EditError(f"{path_text([*path, key])} exists already")
        if node.flow and node.items:
            start = end = node.items[-1].end
            new = ", " + _inline(key, value, json_form=draft.is_json)
        elif node.flow:
            start, end = draft.content_start(node), node.end
            new = "{" + _inline(key, value, json_form=draft.is_json) + "}"
        else:
            start = end = _entry_end(draft, node.items[-1], node.keys[-1])
            new = _indented(dump({key: value}), draft.column(node.keys[0].start))
            if start and draft.text[start - 1] not in "\r\n":
                new = "\n" + new.removesuffix("\n")
    elif node.kind is Kind.SCALAR and node.start == node.end and not flow:
        start = end = draft.content_start(node)
        column = draft.column(chain[-1].key.start) + 2 if chain and chain[-1].key else 0
        new = _indented(dump({key: value}), column)
        new = new if not chain else "\n" + new.removesuffix("\n")
    else:
        raise EditError(f"{path_text(path)} is not a mapping")
    return draft.finish(start, end, new, path, extended)


def _emptied(draft: Draft, collection: Node) -> tuple[int, int, str]:
    """The stretch of a collection with one entry, and what takes its place."""
    start, end = draft.content_start(collection), collection.end
    empty = "{}" if collection.kind is Kind.MAPPING else "[]"
    if not collection.flow:
        end = start + len(draft.text[start:end].rstrip())
        before = draft.text[:start].rstrip(" \r\n")
        if before.endswith(":"):
            return len(before), end, " " + empty
    return start, end, empty


def _flow_stretch(draft: Draft, entry: Entry) -> tuple[int, int]:
    """An entry in brackets or braces with one of the commas beside it."""
    parent, index = entry.parent, entry.index
    starts = [key.start for key in parent.keys] or [item.start for item in parent.items]
    if index + 1 < len(starts):
        return starts[index], starts[index + 1]
    return max(parent.items[index - 1].end, parent.keys[index - 1].end if parent.keys else 0), entry.node.end


def _block_stretch(draft: Draft, entry: Entry) -> tuple[int, int]:
    """An entry's own lines; where it begins behind a dash, its text up to the next entry."""
    start = entry.key.start if entry.key is not None else _dash(draft, entry.node)
    line = draft.line_start(start)
    if draft.text[line:start].strip(" ") == "":
        return line, _entry_end(draft, entry.node, entry.key)
    parent, index = entry.parent, entry.index
    if index + 1 == len(parent.items):
        raise EditError("the entry shares its line with another one")
    following = parent.keys[index + 1].start if parent.keys else _dash(draft, parent.items[index + 1])
    own_end = min(_entry_end(draft, entry.node, entry.key), following)
    if "#" in draft.text[own_end:following]:
        raise EditError(
            "a comment stands between the entry and the next one, which would have to take its line"
        )
    return start, following


def _dash(draft: Draft, item: Node) -> int:
    before = draft.text[: item.start].rstrip(" \t\r\n")
    if not before.endswith("-"):
        raise EditError("the entry's dash was not found")
    return len(before) - 1


def _entry_end(draft: Draft, node: Node, key: Node | None) -> int:
    """Where the line ends on which an entry ends, its comment and line end included."""
    end = max(node.end, key.end if key is not None else 0)
    last = node
    while last.items:
        last = last.items[-1]
    text = draft.text
    if last.style in ("|", ">"):
        if "+" in text[draft.content_start(last) : end].partition("\n")[0]:
            return end
        start = draft.content_start(last)
        end = start + filled_length(text[start:end])
    end = draft.line_end(end)
    return end + (2 if text.startswith("\r\n", end) else 1) if end < len(text) else end


def _inline(key: str, value: Any, *, json_form: bool) -> str:
    name = double_quoted(key) if json_form else scalar(key, flow=True)
    if isinstance(value, str) and not json_form:
        return f"{name}: {scalar(value, flow=True)}"
    return f"{name}: {json.dumps(value, ensure_ascii=False, allow_nan=False)}"


def _indented(block: str, column: int) -> str:
    lines = block.splitlines(keepends=True)
    return "".join(" " * column + line if line.strip("\n") else line for line in lines)
