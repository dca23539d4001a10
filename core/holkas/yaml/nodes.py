"""One document as a tree of nodes with their places in the text, for edits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field
from enum import Enum
from typing import Any

from holkas.model.path import PathPart
from holkas.records import dataclass
from holkas.yaml.errors import EditError
from holkas.yaml.events import read_events
from holkas.yaml.limits import DEFAULT_LIMITS
from holkas.yaml.next_event import NextEvent
from holkas.yaml.scalars import ScalarError, scalar_name


class Kind(Enum):
    """What a node is."""

    SCALAR = "scalar"
    MAPPING = "mapping"
    SEQUENCE = "sequence"
    ALIAS = "alias"


@dataclass(slots=True)
class Node:
    """A node. start, end: offsets, anchor and tag included; a block collection ends where its last scalar does.

    style: of a scalar ``'``, ``"``, ``|``, ``>`` or nothing. flow: a collection in brackets or braces.
    marked: it has an anchor or a tag. name: the key that a scalar gives, None for other nodes.
    keys: of a mapping, as many as items.
    """

    kind: Kind
    start: int
    end: int
    style: str = ""
    flow: bool = False
    marked: bool = False
    name: str | None = None
    keys: list[Node] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Entry:
    """An entry of a collection: ``index`` among its items, ``key`` for mappings."""

    parent: Node
    index: int
    key: Node | None
    node: Node


def document_node(text: str, document: int) -> Node:
    """The root of document number ``document``. Raises EditError if there is none, ruamel's YAMLError for bad text."""
    from ruamel.yaml.events import DocumentStartEvent

    def read(get: NextEvent) -> Node:
        index = -1
        while index < document:
            event = get()
            if event is None:
                raise EditError(f"there is no document number {document}")
            index += type(event) is DocumentStartEvent
        return _compose(get)

    return read_events(text, read)


def entries(root: Node, path: Sequence[PathPart]) -> Iterator[Entry]:
    """The entries along a path, outermost first. Raises EditError where the path leaves the document's own text."""
    node = root
    for number, part in enumerate(path):
        entry = _entry(node, part)
        if entry is None:
            raise EditError(f"{path_text(path[: number + 1])} {_absence(node)}")
        yield entry
        node = entry.node


def path_text(path: Sequence[PathPart]) -> str:
    """A path as people write it: ``spec.tasks[0].name``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text or "the document"


def _entry(node: Node, part: PathPart) -> Entry | None:
    if node.kind is Kind.SEQUENCE and isinstance(part, int) and 0 <= part < len(node.items):
        return Entry(node, part, None, node.items[part])
    if node.kind is Kind.MAPPING and isinstance(part, str):
        for index in reversed(range(len(node.keys))):
            if node.keys[index].name == part and not _is_merge(node.keys[index]):
                return Entry(node, index, node.keys[index], node.items[index])
    return None


def _absence(node: Node) -> str:
    if node.kind is Kind.ALIAS:
        return "is repeated from an anchor by an alias; edit it where the anchor stands"
    if node.kind is Kind.MAPPING and any(map(_is_merge, node.keys)):
        return "does not exist here, or comes through a merge (<<); edit it where it is written"
    return "does not exist"


def _is_merge(key: Node) -> bool:
    return key.name == "<<" and not key.style


def _compose(get: NextEvent) -> Node:
    from ruamel.yaml import events

    starts = (events.MappingStartEvent, events.SequenceStartEvent)
    ends = (events.MappingEndEvent, events.SequenceEndEvent)
    root = Node(Kind.SEQUENCE, 0, 0)
    stack = [root]
    while True:
        event = get()
        if isinstance(event, ends):
            node = stack.pop()
            node.end = event.end_mark.index if node.flow else _last_end(node)
            if not stack[1:]:
                return node
            continue
        if len(stack) > DEFAULT_LIMITS.depth + 1:
            raise EditError(f"more than {DEFAULT_LIMITS.depth} levels of mappings and sequences")
        node = _node(event, events)
        parent = stack[-1]
        if parent.kind is Kind.MAPPING and len(parent.keys) == len(parent.items):
            parent.keys.append(node)
        else:
            parent.items.append(node)
        if isinstance(event, starts):
            stack.append(node)
        elif parent is root:
            return node


def _node(event: Any, events: Any) -> Node:
    start, end = event.start_mark.index, event.end_mark.index
    marked = event.anchor is not None or getattr(event, "tag", None) is not None
    if isinstance(event, events.ScalarEvent):
        try:
            name = scalar_name(event)
        except ScalarError:
            name = None
        return Node(Kind.SCALAR, start, end, style=event.style or "", marked=marked, name=name)
    if isinstance(event, events.AliasEvent):
        return Node(Kind.ALIAS, start, end)
    kind = Kind.MAPPING if isinstance(event, events.MappingStartEvent) else Kind.SEQUENCE
    return Node(kind, start, end, flow=bool(event.flow_style), marked=marked)


def _last_end(node: Node) -> int:
    last = max(node.items[-1].end, node.keys[-1].end if node.keys else 0)
    return max(last, node.start)
