"""From events to plain values: keys, merges, aliases and duplicates as go-yaml v2 and sigs.k8s.io/yaml treat them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NoReturn

from holkas.model.path import PathPart
from holkas.yaml import codes
from holkas.yaml.anchors import Anchors
from holkas.yaml.handlers import STOP, Handlers
from holkas.yaml.keys import OddKeys
from holkas.yaml.limits import Limits
from holkas.yaml.scalars import HINTS, MERGE_TAG, ScalarError, resolve_parts, resolve_plain, to_json, to_key

_NO_KEY: Final = object()
_MERGE: Final = object()
"""Stands as the key while the value of ``<<`` is read."""
_MAYBE: Final = HINTS | {"<"}
"""First characters of plain scalars that may be more than text."""


class _Resolved(dict[str, Any]):
    """What plain scalars stand for: the same few stand everywhere."""

    def __missing__(self, text: str) -> Any:
        value = self[text] = resolve_plain(text)
        return value


class Refusal(Exception):
    """A finding without the text's name. ``duplicate``: the path of a key that is set twice, else empty."""

    def __init__(
        self, mark: Any, code: str, message: str, document: int, duplicate: Sequence[PathPart] = ()
    ) -> None:
        super().__init__(message)
        self.offset: int = mark.index
        self.code = code
        self.message = message
        self.document = document
        self.duplicate = duplicate


def building(values: list[Any], *, strict: bool, limits: Limits, at_most: int | None) -> Handlers:
    """Handlers that append each document's value to ``values``, until there are ``at_most``.

    They raise Refusal for what go-yaml's decoder refuses. This is the one hot place of reading YAML: state in the
    variables of a closure and no calls for an ordinary scalar.

    container, key: where the next value goes. frames: (container, key, anchor, nodes before) of the outer ones.
    nodes: how many go-yaml would have decoded so far, aliases expanded.
    """
    anchors = Anchors()
    odd = OddKeys()
    frames: list[tuple[Any, Any, str | None, int]] = []
    container: Any = values
    in_mapping = False
    key: Any = _NO_KEY
    nodes = 0
    maybe, depth_limit, no_key = _MAYBE, limits.depth, _NO_KEY
    resolved = _Resolved()

    def scalar(anchor: Any, tag: Any, implicit: Any, value: Any, start: Any, end: Any, style: Any) -> None:
        nonlocal key, nodes
        nodes += 1
        if tag is not None or anchor is not None:
            if in_mapping and key is no_key and value == "<<" and (implicit[0] or tag == MERGE_TAG):
                begin_merge(anchor)
                return
            try:
                value = resolve_parts(tag, implicit[0], value)
            except ScalarError as problem:
                refuse(start, problem.code, str(problem))
            if anchor is not None:
                anchors.define(anchor, value, 1)
        elif not style and value[:1] in maybe:
            if value != "<<":
                value = resolved[value]
            elif in_mapping and key is no_key:
                begin_merge(anchor)
                return
        if type(value) is str:
            if not in_mapping:
                container.append(value)
            elif key is no_key:
                key = value
                if strict and value in container and odd.clash(container, value, value):
                    duplicate(start, value)
            elif key is _MERGE:
                merge(start, value, alias=False)
            else:
                container[key] = value
                key = no_key
        else:
            place(start, value, alias=False)

    def begin_merge(anchor: str | None) -> None:
        nonlocal key, nodes
        key = _MERGE
        nodes -= 1
        if anchor is not None:
            anchors.define(anchor, "<<", 1)

    def mapping_start(anchor: Any, tag: Any, implicit: Any, start: Any, end: Any, flow: Any) -> None:
        nonlocal container, in_mapping, key, nodes
        nodes += 1
        if len(frames) >= depth_limit or (in_mapping and key is no_key) or anchor is not None:
            check_start(start, anchor, "mapping")
        frames.append((container, key, anchor, nodes))
        container = {}
        in_mapping = True
        key = no_key

    def sequence_start(anchor: Any, tag: Any, implicit: Any, start: Any, end: Any, flow: Any) -> None:
        nonlocal container, in_mapping, key, nodes
        nodes += 1
        if len(frames) >= depth_limit or (in_mapping and key is no_key) or anchor is not None:
            check_start(start, anchor, "sequence")
        frames.append((container, key, anchor, nodes))
        container = []
        in_mapping = False
        key = no_key

    def check_start(start: Any, anchor: str | None, what: str) -> None:
        if len(frames) >= depth_limit:
            refuse(start, codes.TOO_DEEP, f"more than {depth_limit} levels of mappings and sequences")
        if in_mapping and key is no_key:
            refuse(start, codes.BAD_KEY, f"a {what} cannot be a key")
        if anchor is not None:
            anchors.open(anchor)

    def collection_end(start: Any, end: Any) -> None:
        nonlocal container, key, in_mapping
        value = container
        container, key, anchor, before = frames.pop()
        in_mapping = key is not no_key
        if anchor is not None:
            anchors.define(anchor, value, nodes - before + 1)
        if not in_mapping:
            container.append(value)
        elif key is _MERGE:
            merge(start, value, alias=False)
        else:
            container[key] = value
            key = no_key

    def alias_event(name: str, start: Any, end: Any) -> None:
        nonlocal nodes
        nowhere = anchors.problem(name)
        if nowhere:
            refuse(start, codes.BAD_ALIAS, nowhere)
        weight = anchors.weight(name)
        nodes += 1 + weight
        if anchors.expand(weight, nodes):
            refuse(start, codes.TOO_MANY_ALIASES, "the document consists almost only of aliases")
        place(start, odd.copy(anchors.value(name)), alias=True)

    def place(start: Any, value: Any, *, alias: bool) -> None:
        """Put a value of any type to where it belongs."""
        nonlocal key
        if in_mapping and key is no_key:
            if isinstance(value, dict | list):
                what = "mapping" if isinstance(value, dict) else "sequence"
                refuse(start, codes.BAD_KEY, f"a {what} cannot be a key")
            try:
                key = to_key(value)
            except ScalarError as problem:
                refuse(start, problem.code, str(problem))
            if strict and key in container and odd.clash(container, key, value):
                duplicate(start, key)
            if not isinstance(value, str):
                odd.add(container, key, value)
            return
        if key is _MERGE:
            merge(start, value, alias=alias)
            return
        if type(value) is float:
            try:
                value = to_json(value)
            except ScalarError as problem:
                refuse(start, problem.code, str(problem))
        if in_mapping:
            container[key] = value
            key = no_key
        else:
            container.append(value)

    def merge(start: Any, value: Any, *, alias: bool) -> None:
        nonlocal key
        sources = value[::-1] if isinstance(value, list) and not alias else [value]
        for source in sources:  # earlier ones take precedence, so they come last
            if not isinstance(source, dict):
                refuse(start, codes.BAD_MERGE, "the value of << must be a mapping or a sequence of mappings")
            for name, item in source.items():
                if strict and name in container and odd.overlap(container, source, name):
                    duplicate(start, name)
                odd.carry(source, container, name)
                container[name] = item
        key = no_key

    def document_start(*_: Any) -> None:
        nonlocal anchors, nodes
        anchors = Anchors()
        nodes = 1

    def document_end(start: Any, *_: Any) -> Any:
        if anchors.excessive(nodes):
            del values[-1]
            refuse(start, codes.TOO_MANY_ALIASES, "the document consists almost only of aliases")
        return STOP if len(values) == at_most else None

    def duplicate(start: Any, name: str) -> NoReturn:
        path: list[PathPart] = []
        for outer, outer_key, _, _ in frames[1:]:
            path.append(len(outer) if isinstance(outer, list) else "<<" if outer_key is _MERGE else outer_key)
        message = f'key "{name}" is set twice'
        raise Refusal(start, codes.DUPLICATE_KEY, message, len(values), [*path, name])

    def refuse(start: Any, code: str, message: str) -> NoReturn:
        raise Refusal(start, code, message, len(values)) from None

    return {
        "ScalarEvent": scalar,
        "MappingStartEvent": mapping_start,
        "SequenceStartEvent": sequence_start,
        "MappingEndEvent": collection_end,
        "SequenceEndEvent": collection_end,
        "AliasEvent": alias_event,
        "DocumentStartEvent": document_start,
        "DocumentEndEvent": document_end,
        "StreamStartEvent": lambda *_: None,
        "StreamEndEvent": lambda *_: STOP,
    }
