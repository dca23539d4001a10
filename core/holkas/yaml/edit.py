"""Edits that change only the text of the place they are meant for.

The new text is spliced in between the node's marks, the result is read again, and an edit that changed anything but
its place is refused. So anchors, merges, comments and layout need no special treatment: either they survive or the
edit does not happen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from holkas.model.path import PathPart
from holkas.records import dataclass
from holkas.yaml.errors import EditError, YamlError
from holkas.yaml.limits import DEFAULT_LIMITS
from holkas.yaml.loader import read_values
from holkas.yaml.nodes import Entry, Kind, Node, document_node, entries, path_text
from holkas.yaml.source import Source
from holkas.yaml.style import double_quoted, literal, quoted, scalar, single_quoted
from holkas.yaml.text import decode, encode, filled_length, stream_text

Scalar = str | int | float | bool | None


def replace_scalar(source: Source, document: int, path: Sequence[PathPart], value: Scalar) -> Source:
    """Give the scalar at ``path`` of document number ``document`` another value, in the style it is written in.

    Raises EditError where there is no scalar or more than it would change, YamlError for a text that cannot be read.
    """
    draft = Draft.of(source, document)
    chain = list(entries(draft.root, path))
    node = chain[-1].node if chain else draft.root
    if node.kind is not Kind.SCALAR:
        raise EditError(f"{path_text(path)} is not a scalar")
    new = _written(draft, chain[-1] if chain else None, node, value)
    start = draft.content_start(node)
    if node.start == node.end:
        new = f" {new}" if draft.text[start - 1 : start] in (":", "-", "?") else new
    end, new = _block_end(draft, node, new)
    return draft.finish(start, end, new, path, lambda _: value)


def rename_key(source: Source, document: int, path: Sequence[PathPart], new_key: str) -> Source:
    """Give the mapping key at the end of ``path`` another name; its place among the others stays.

    Raises EditError where there is no such key or the new name is taken, YamlError for a text that cannot be read.
    """
    draft = Draft.of(source, document)
    chain = list(entries(draft.root, path))
    entry = chain[-1] if chain else None
    if entry is None or entry.key is None:
        raise EditError(f"{path_text(path)} is not a key of a mapping")
    if new_key != path[-1] and any(key.name == new_key for key in entry.parent.keys):
        raise EditError(f"{path_text([*path[:-1], new_key])} exists already")
    key = entry.key
    flow = any(step.parent.flow for step in chain)
    new = _one_line(new_key, key.style, flow=flow, json=draft.is_json)

    def renamed(mapping: Any) -> Any:
        return {new_key if name == path[-1] else name: item for name, item in mapping.items()}

    return draft.finish(draft.content_start(key), key.end, new, path[:-1], renamed)


@dataclass(slots=True)
class Draft:
    """A source taken apart for one edit.

    text: without byte order mark. values: of all its documents. strict: it has no duplicate keys, and shall have none.
    """

    source: Source
    document: int
    text: str
    values: list[Any]
    root: Node
    is_json: bool
    strict: bool

    @classmethod
    def of(cls, source: Source, document: int) -> Draft:
        """Read a source. Raises YamlError, and EditError if there is no such document."""
        from ruamel.yaml.error import YAMLError

        from holkas.yaml.json_stream import read_json

        strict = True
        try:
            values = read_values(source, strict=True, limits=DEFAULT_LIMITS)
        except YamlError:
            strict = False
            values = read_values(source, strict=False, limits=DEFAULT_LIMITS)
        text = decode(source.data, source.name)
        try:
            root = document_node(stream_text(text), document)
        except YAMLError as problem:
            raise EditError(f"{source.name} is a form of JSON that cannot be edited in place") from problem
        is_json = read_json(text, DEFAULT_LIMITS) is not None
        return cls(source, document, text, values, root, is_json, strict)

    def content_start(self, node: Node) -> int:
        """Where a node begins after its anchor and tag."""
        start = node.start
        while node.marked and self.text[start : start + 1] in ("&", "!"):
            while start < node.end and not self.text[start].isspace():
                start += 1
            while start < node.end and self.text[start].isspace():
                start += 1
        return start

    def line_start(self, offset: int) -> int:
        """Where the line of a character begins."""
        return max(self.text.rfind("\n", 0, offset), self.text.rfind("\r", 0, offset)) + 1

    def line_end(self, offset: int) -> int:
        """Where the line of a character ends, its line end not included."""
        while offset < len(self.text) and self.text[offset] not in "\r\n":
            offset += 1
        return offset

    def column(self, offset: int) -> int:
        """The column of a character, from 0."""
        return offset - self.line_start(offset)

    def finish(
        self, start: int, end: int, new: str, path: Sequence[PathPart], change: Callable[[Any], Any]
    ) -> Source:
        """Replace a stretch of the text and check that only the value at ``path`` became what ``change`` makes of it.

        Raises EditError if anything else changed.
        """
        if "\r\n" in self.text:
            new = new.replace("\r\n", "\n").replace("\n", "\r\n")
        text = self.text[:start] + new + self.text[end:]
        edited = Source(self.source.name, encode(text, self.source.data))
        expected = list(self.values)
        expected[self.document] = _changed(expected[self.document], path, change)
        try:
            values = read_values(edited, strict=self.strict, limits=DEFAULT_LIMITS)
        except YamlError as problem:
            raise EditError(
                f"{path_text(path)} cannot be edited in place: {problem.finding.message}"
            ) from problem
        if not same(values, expected):
            raise EditError(f"{path_text(path)} cannot be edited alone: other places would change with it")
        return edited


def same(one: Any, other: Any) -> bool:
    """Equal values of equal types, keys in the same order."""
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(same(item, other[key]) for key, item in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _changed(value: Any, path: Sequence[PathPart], change: Callable[[Any], Any]) -> Any:
    if not path:
        return change(value)
    copy = value.copy()
    copy[path[0]] = _changed(value[path[0]], path[1:], change)
    return copy


def _written(draft: Draft, entry: Entry | None, node: Node, value: Scalar) -> str:
    """The new scalar's text, in the old one's style where that is safe."""
    flow = entry is not None and entry.parent.flow
    block_style = node.style in ("|", ">")
    alone = block_style or not draft.text[node.end : draft.line_end(node.end)].strip()
    if isinstance(value, str) and not flow and alone and ("\n" in value or block_style):
        indent = _block_indent(draft, entry, node)
        block = literal(value, indent, step=None) if indent else None
        if block is not None:
            return block
    return _one_line(value, node.style, flow=flow, json=draft.is_json)


def _one_line(value: Scalar, style: str, *, flow: bool, json: bool) -> str:
    try:
        if not isinstance(value, str):
            return scalar(value)
        if json or style == '"':
            return double_quoted(value)
        if style == "'":
            return single_quoted(value) or double_quoted(value)
        return scalar(value, flow=flow) if "\n" not in value else quoted(value)
    except ValueError as problem:
        raise EditError(str(problem)) from problem


def _block_indent(draft: Draft, entry: Entry | None, node: Node) -> str:
    """What the lines of a block scalar at this place begin with, nothing where that is unclear."""
    if node.style in ("|", ">"):
        for line in draft.text[node.start : node.end].splitlines()[1:]:
            if line.strip():
                return line[: len(line) - len(line.lstrip(" "))]
    if entry is None:
        return "  "
    if entry.key is not None:
        return " " * (draft.column(entry.key.start) + 2)
    before = draft.text[draft.line_start(node.start) : node.start]
    return " " * len(before) if before.endswith("- ") else ""


def _block_end(draft: Draft, node: Node, new: str) -> tuple[int, str]:
    """Where the old scalar ends for the splice: the line ends after a block scalar stay unless they are content."""
    if node.style not in ("|", ">"):
        return node.end, new
    old = draft.text[node.start : node.end]
    if "+" in old.partition("\n")[0] or new.partition("\n")[0].endswith("+"):
        return node.end, new + ("\n" if old.endswith(("\n", "\r")) else "")
    return node.start + filled_length(old), new
