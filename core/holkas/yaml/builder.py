"""From events to plain values: keys, merges, aliases and duplicates as go-yaml v2 and sigs.k8s.io/yaml treat them."""

from __future__ import annotations

from typing import Any, Final, NoReturn

from holkas.yaml import codes
from holkas.yaml.anchors import Anchors
from holkas.yaml.events import NextEvent
from holkas.yaml.keys import OddKeys
from holkas.yaml.limits import Limits
from holkas.yaml.scalars import HINTS, MERGE_TAG, ScalarError, resolve_plain, resolve_tagged, to_json, to_key
from holkas.yaml.text import error, line_and_column

_NO_KEY: Final = object()
_MERGE: Final = object()
"""Stands as the key while the value of ``<<`` is read."""


class Builder:
    """Builds the documents of one text, one :meth:`next_document` after the other."""

    def __init__(self, text: str, get: NextEvent, *, name: str, strict: bool, limits: Limits) -> None:
        self._text = text
        self._get = get
        self._name = name
        self._strict = strict
        self._limits = limits
        self._document = -1
        self._odd = OddKeys()
        self._frames: list[tuple[Any, Any, str | None, int]] = []

    def next_document(self) -> tuple[bool, Any]:
        """True and the next document's value, or False and None at the end of the stream.

        Raises YamlError for what go-yaml's decoder refuses, ruamel's YAMLError for what its parser does.
        """
        from ruamel.yaml.events import DocumentStartEvent

        while (event := self._get()) is not None:
            if type(event) is DocumentStartEvent:
                self._document += 1
                self._frames.clear()
                return True, self._build()
        return False, None

    def _build(self) -> Any:
        """The one hot loop of reading YAML, written out flat: no calls for an ordinary scalar.

        container, key: where the next value goes. frames: (container, key, anchor, nodes before) of the outer ones.
        nodes: how many nodes go-yaml would have decoded so far, aliases expanded.
        """
        from ruamel.yaml.events import (
            AliasEvent,
            DocumentEndEvent,
            MappingEndEvent,
            MappingStartEvent,
            ScalarEvent,
            SequenceEndEvent,
            SequenceStartEvent,
        )

        get, strict, odd, frames, hints = self._get, self._strict, self._odd, self._frames, HINTS
        depth_limit = self._limits.depth
        anchors = Anchors()
        root: list[Any] = []
        container: Any = root
        in_mapping = False
        key: Any = _NO_KEY
        nodes = 1
        anchor: str | None
        while True:
            event = get()
            kind = type(event)
            nodes += 1
            if kind is ScalarEvent:
                value: Any = event.value
                anchor = event.anchor
                if event.implicit[0]:
                    if in_mapping and key is _NO_KEY and value == "<<":
                        key = _MERGE
                        nodes -= 1
                        if anchor is not None:
                            anchors.define(anchor, value, 1)
                        continue
                    if value[:1] in hints and event.tag is None:
                        value = resolve_plain(value)
                elif event.tag is not None:
                    if event.tag == MERGE_TAG and value == "<<" and in_mapping and key is _NO_KEY:
                        key = _MERGE
                        nodes -= 1
                        continue
                    try:
                        value = resolve_tagged(event.tag, value)
                    except ScalarError as problem:
                        self._fail(event, problem.code, str(problem))
                if anchor is not None:
                    anchors.define(anchor, value, 1)
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                if in_mapping and key is _NO_KEY:
                    what = "mapping" if kind is MappingStartEvent else "sequence"
                    self._fail(event, codes.BAD_KEY, f"a {what} cannot be a key")
                if len(frames) >= depth_limit:
                    self._fail(
                        event, codes.TOO_DEEP, f"more than {depth_limit} levels of mappings and sequences"
                    )
                anchor = event.anchor
                if anchor is not None:
                    anchors.open(anchor)
                frames.append((container, key, anchor, nodes))
                in_mapping = kind is MappingStartEvent
                container = {} if in_mapping else []
                key = _NO_KEY
                continue
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                value = container
                container, key, anchor, before = frames.pop()
                in_mapping = type(container) is dict
                nodes -= 1
                if anchor is not None:
                    anchors.define(anchor, value, nodes - before + 1)
            elif kind is AliasEvent:
                nowhere = anchors.problem(event.anchor)
                if nowhere:
                    self._fail(event, codes.BAD_ALIAS, nowhere)
                weight = anchors.weight(event.anchor)
                nodes += weight
                if anchors.expand(weight, nodes):
                    self._fail(event, codes.TOO_MANY_ALIASES, "the document consists almost only of aliases")
                value = odd.copy(anchors.value(event.anchor))
            elif kind is DocumentEndEvent:
                if anchors.excessive(nodes):
                    self._fail(event, codes.TOO_MANY_ALIASES, "the document consists almost only of aliases")
                return root[0] if root else None
            else:
                continue

            if not in_mapping:
                if type(value) is float:
                    value = self._number(event, value)
                container.append(value)
            elif key is _NO_KEY:
                if type(value) is str:
                    key = value
                    if strict and key in container and odd.clash(container, key, key):
                        self._duplicate(event, container, key)
                else:
                    key = self._odd_key(event, container, value)
            elif key is _MERGE:
                self._merge(event, container, value, alias=kind is AliasEvent)
                key = _NO_KEY
            else:
                if type(value) is float:
                    value = self._number(event, value)
                container[key] = value
                key = _NO_KEY

    def _odd_key(self, event: Any, container: dict[str, Any], value: Any) -> str:
        if isinstance(value, dict | list):
            self._fail(
                event,
                codes.BAD_KEY,
                f"a {'mapping' if isinstance(value, dict) else 'sequence'} cannot be a key",
            )
        try:
            name = to_key(value)
        except ScalarError as problem:
            self._fail(event, problem.code, str(problem))
        if self._strict and name in container and self._odd.clash(container, name, value):
            self._duplicate(event, container, name)
        self._odd.add(container, name, value)
        return name

    def _merge(self, event: Any, container: dict[str, Any], value: Any, *, alias: bool) -> None:
        sources = value[::-1] if isinstance(value, list) and not alias else [value]
        for source in sources:  # earlier ones take precedence, so they come last
            if not isinstance(source, dict):
                self._fail(
                    event, codes.BAD_MERGE, "the value of << must be a mapping or a sequence of mappings"
                )
            for name, item in source.items():
                if self._strict and name in container and self._odd.overlap(container, source, name):
                    self._duplicate(event, container, name)
                self._odd.carry(source, container, name)
                container[name] = item

    def _number(self, event: Any, value: float) -> int | float:
        try:
            return to_json(value)  # type: ignore[no-any-return]  # a float gives a number
        except ScalarError as problem:
            self._fail(event, problem.code, str(problem))

    def _duplicate(self, event: Any, container: dict[str, Any], name: str) -> NoReturn:
        from holkas.yaml.walk import find

        found = find(self._text, self._document, [*self._path(), name])
        first = ""
        if found is not None and found.key is not None:
            line = line_and_column(self._text, found.key[0])[0]
            by_merge = not found.exact or found.key[0] >= event.start_mark.index
            first = ", first through a merge (<<)" if by_merge else f", first in line {line}"
        self._fail(event, codes.DUPLICATE_KEY, f'key "{name}" is set twice{first}')

    def _path(self) -> list[str | int]:
        path: list[str | int] = []
        for container, key, _, _ in self._frames[1:]:
            path.append(len(container) if isinstance(container, list) else "<<" if key is _MERGE else key)
        return path

    def _fail(self, event: Any, code: str, message: str) -> NoReturn:
        raise error(
            self._text, event.start_mark.index, code, message, name=self._name, document=self._document
        ) from None
