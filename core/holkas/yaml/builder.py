"""From events to plain values: keys, merges, aliases and duplicates as go-yaml v2 and sigs.k8s.io/yaml treat them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NoReturn

from holkas.model.finding import PathPart
from holkas.yaml import codes
from holkas.yaml.anchors import Anchors
from holkas.yaml.bare import (
    DOCUMENT,
    DOCUMENT_END,
    END,
    MAPPING,
    SEQUENCE,
    STREAM_END,
    Alias,
    AnchoredStart,
    NextBare,
    OddScalar,
)
from holkas.yaml.keys import OddKeys
from holkas.yaml.limits import Limits
from holkas.yaml.scalars import MERGE_TAG, ScalarError, resolve_plain, resolve_tagged, to_json, to_key

_NO_KEY: Final = object()
_MERGE: Final = object()
"""Stands as the key while the value of ``<<`` is read."""


class Refusal(Exception):
    """Why a document is refused: a finding whose place is known only as the number of an event.

    number: how many events of the text came up to the one at fault, that one included. document: its number.
    duplicate: the path of a key that is set twice, empty for other reasons.
    """

    def __init__(
        self, code: str, message: str, number: int, document: int, duplicate: Sequence[PathPart] = ()
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.number = number
        self.document = document
        self.duplicate = duplicate


class Builder:
    """Builds the documents of one text, one :meth:`next_document` after the other."""

    def __init__(self, get: NextBare, *, strict: bool, limits: Limits) -> None:
        self._get = get
        self._strict = strict
        self._limits = limits
        self._document = -1
        self._count = 0
        self._odd = OddKeys()
        self._frames: list[tuple[Any, Any, str | None, int]] = []

    def next_document(self) -> tuple[bool, Any]:
        """True and the next document's value, or False and None at the end of the stream.

        Raises Refusal for what go-yaml's decoder refuses, ruamel's YAMLError for what its parser does.
        """
        while True:
            event = self._get()
            self._count += 1
            if event is DOCUMENT:
                self._document += 1
                return True, self._build()
            if event is STREAM_END:
                return False, None

    def _build(self) -> Any:
        """The one hot loop of reading YAML, written out flat: no calls for an ordinary scalar.

        container, key: where the next value goes. frames: (container, key, anchor, nodes before) of the outer ones.
        count: events so far; count + more: nodes that go-yaml would have decoded so far, aliases expanded.
        """
        get, strict, odd, frames = self._get, self._strict, self._odd, self._frames
        frames.clear()
        anchors = Anchors()
        root: list[Any] = []
        container: Any = root
        in_mapping = False
        key: Any = _NO_KEY
        count = self._count
        more = 1 - count
        while True:
            value = get()
            count += 1
            kind = type(value)
            if kind is str:
                if not in_mapping:
                    container.append(value)
                    continue
                if key is _NO_KEY:
                    key = value
                    if strict and key in container and odd.clash(container, key, key):
                        self._duplicate(count, container, key)
                    continue
                if key is not _MERGE:
                    container[key] = value
                    key = _NO_KEY
                    continue
            elif value is MAPPING or value is SEQUENCE or kind is AnchoredStart:
                anchor = None
                if kind is AnchoredStart:
                    value, anchor = value.sign, value.anchor
                    anchors.open(anchor)
                if len(frames) >= self._limits.depth:
                    message = f"more than {self._limits.depth} levels of mappings and sequences"
                    self._refuse(count, codes.TOO_DEEP, message)
                if in_mapping and key is _NO_KEY:
                    what = "mapping" if value is MAPPING else "sequence"
                    self._refuse(count, codes.BAD_KEY, f"a {what} cannot be a key")
                frames.append((container, key, anchor, count + more))
                in_mapping = value is MAPPING
                container = {} if in_mapping else []
                key = _NO_KEY
                continue
            elif value is END:
                value = container
                container, key, anchor, before = frames.pop()
                in_mapping = type(container) is dict
                more -= 1
                if anchor is not None:
                    anchors.define(anchor, value, count + more - before + 1)
            elif kind is OddScalar:
                odd_scalar = value
                if in_mapping and key is _NO_KEY and _is_merge(odd_scalar):
                    key = _MERGE
                    more -= 1
                    if odd_scalar.anchor is not None:
                        anchors.define(odd_scalar.anchor, "<<", 1)
                    continue
                value = self._resolve(count, odd_scalar)
                if odd_scalar.anchor is not None:
                    anchors.define(odd_scalar.anchor, value, 1)
            elif kind is Alias:
                nowhere = anchors.problem(value.anchor)
                if nowhere:
                    self._refuse(count, codes.BAD_ALIAS, nowhere)
                name = value.anchor
                more += anchors.weight(name)
                if anchors.expand(anchors.weight(name), count + more):
                    self._refuse(
                        count, codes.TOO_MANY_ALIASES, "the document consists almost only of aliases"
                    )
                value = odd.copy(anchors.value(name))
            elif value is DOCUMENT_END:
                if anchors.excessive(count + more):
                    self._refuse(
                        count, codes.TOO_MANY_ALIASES, "the document consists almost only of aliases"
                    )
                self._count = count
                return root[0]

            if not in_mapping:
                if type(value) is float:
                    value = self._number(count, value)
                container.append(value)
            elif key is _NO_KEY:
                key = self._key(count, container, value)
            elif key is _MERGE:
                self._merge(count, container, value, alias=kind is Alias)
                key = _NO_KEY
            else:
                if type(value) is float:
                    value = self._number(count, value)
                container[key] = value
                key = _NO_KEY

    def _resolve(self, count: int, scalar: OddScalar) -> Any:
        if scalar.tag is None:
            return resolve_plain(scalar.text) if scalar.plain else scalar.text
        if scalar.plain:  # the tag is "!", which keeps the text
            return scalar.text
        try:
            return resolve_tagged(scalar.tag, scalar.text)
        except ScalarError as problem:
            self._refuse(count, problem.code, str(problem))

    def _key(self, count: int, container: dict[str, Any], value: Any) -> str:
        if isinstance(value, dict | list):
            what = "mapping" if isinstance(value, dict) else "sequence"
            self._refuse(count, codes.BAD_KEY, f"a {what} cannot be a key")
        try:
            name = to_key(value)
        except ScalarError as problem:
            self._refuse(count, problem.code, str(problem))
        if self._strict and name in container and self._odd.clash(container, name, value):
            self._duplicate(count, container, name)
        if not isinstance(value, str):
            self._odd.add(container, name, value)
        return name

    def _merge(self, count: int, container: dict[str, Any], value: Any, *, alias: bool) -> None:
        sources = value[::-1] if isinstance(value, list) and not alias else [value]
        for source in sources:  # earlier ones take precedence, so they come last
            if not isinstance(source, dict):
                message = "the value of << must be a mapping or a sequence of mappings"
                self._refuse(count, codes.BAD_MERGE, message)
            for name, item in source.items():
                if self._strict and name in container and self._odd.overlap(container, source, name):
                    self._duplicate(count, container, name)
                self._odd.carry(source, container, name)
                container[name] = item

    def _number(self, count: int, value: float) -> int | float:
        try:
            return to_json(value)  # type: ignore[no-any-return]  # a float gives a number
        except ScalarError as problem:
            self._refuse(count, problem.code, str(problem))

    def _duplicate(self, count: int, container: dict[str, Any], name: str) -> NoReturn:
        path: list[PathPart] = []
        for outer, key, _, _ in self._frames[1:]:
            path.append(len(outer) if isinstance(outer, list) else "<<" if key is _MERGE else key)
        message = f'key "{name}" is set twice'
        raise Refusal(codes.DUPLICATE_KEY, message, count, self._document, [*path, name])

    def _refuse(self, count: int, code: str, message: str) -> NoReturn:
        raise Refusal(code, message, count, self._document)


def _is_merge(scalar: OddScalar) -> bool:
    return scalar.text == "<<" and (scalar.plain or scalar.tag == MERGE_TAG)
