"""Takes known secrets out of text before it is shown or kept, in their common spellings too."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from holkas.model.catalog import Catalog
from holkas.state.form_pattern import Finder, begun

MASK = b"***"

_BLANKS = b" \t\r\n"
_SHORTEST_HEAD = 12
"""Bytes of a broken form at the end of a piece: fewer are no sign that a form goes on in the next line."""

_FIELD_NAME = re.compile(r"[a-z][A-Za-z]{1,24}")

_OUR_WORDS = (
    "True False Unknown string array object Task TaskRun Pipeline PipelineRun StepAction "
    "tekton.dev/v1 tekton.dev/v1beta1"
)

Range = tuple[int, int]


class Masker:
    """Replaces secrets by ``***``. Safe for threads; false when it knows no secret."""

    __slots__ = ("_finder", "_forms", "_words", "_wrapped", "_wrapped_finder")

    def __init__(self, secrets: Iterable[bytes] = ()) -> None:
        values = set(secrets)
        self._forms: frozenset[bytes] = frozenset()
        self._wrapped: frozenset[bytes] = frozenset()
        if values:
            from holkas.state.secret_forms import forms, wrapped_forms

            self._forms = frozenset(form for value in values for form in forms(value))
            self._wrapped = frozenset(form for value in values for form in wrapped_forms(value))
        self._finder = Finder(self._forms)
        self._wrapped_finder = Finder(self._wrapped)
        self._words = _our_words() if self._forms else frozenset()

    @classmethod
    def of_catalog(cls, catalog: Catalog) -> Masker:
        """One that knows every value of the catalog's secrets."""
        return cls(value.reveal() for secret in catalog.secrets.values() for value in secret.data.values())

    def narrowed(self, data: bytes) -> Masker:
        """One that does the same to every piece of these bytes, and looks only for what is in them.

        Where little text is shown, that is faster than to look for everything.
        """
        squeezed = data.translate(None, _BLANKS)
        made = Masker()
        made._forms = frozenset(form for form in self._forms if form in data)
        made._wrapped = frozenset(form for form in self._wrapped if form in squeezed)
        if made._wrapped and not made._forms:
            made._forms = self._forms
        made._finder, made._wrapped_finder = Finder(made._forms), Finder(made._wrapped)
        made._words = self._words
        return made

    def __bool__(self) -> bool:
        return bool(self._forms)

    def mask(self, data: bytes) -> bytes:
        """Bytes without the secrets."""
        return _replaced(data, self._ranges(data))

    def mask_text(self, text: str) -> str:
        """Text without the secrets."""
        if not self._forms:
            return text
        return self.mask(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")

    def blot(self, text: str) -> str:
        """The text with a star for each character of a secret, so that columns stay what they are."""
        data = text.encode("utf-8", "surrogatepass")
        pieces, done = [], 0
        for start, end in self._ranges(data):
            pieces.append(data[done:start].decode("utf-8", "surrogatepass"))
            pieces.append("*" * len(data[start:end].decode("utf-8", "replace")))
            done = end
        return "".join([*pieces, data[done:].decode("utf-8", "surrogatepass")])

    def mask_json(self, value: Any) -> Any:
        """The same structure with every text in it masked.

        Keys that read like the name of a field and words that holkas itself puts there (``Succeeded``) stay: with a
        secret like ``value`` the structure would be none any more.
        """
        if not self._forms:
            return value
        if isinstance(value, str):
            return value if value in self._words else self.mask_text(value)
        if isinstance(value, dict):
            return {self._key(key): self.mask_json(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.mask_json(item) for item in value]
        return value

    def _key(self, key: Any) -> str:
        text = str(key)
        return text if _FIELD_NAME.fullmatch(text) else self.mask_text(text)

    def split(self, data: bytes) -> tuple[bytes, bytes]:
        """What can be shown, masked, and the rest, which may be the beginning of a secret that goes on.

        Give the rest back in front of the next piece, and mask it when there is none.
        """
        if not self._forms:
            return data, b""
        ranges = self._ranges(data)
        cut = self._begun(data, 0)
        kept = []
        for start, end in ranges:
            if start >= cut:
                break
            kept.append((start, end))
            if end > cut:  # a whole secret ends with what could begin another: it is never taken apart
                cut = self._begun(data, end)
        return _replaced(data[:cut], kept), data[cut:]

    def _ranges(self, data: bytes) -> list[Range]:
        """Where secrets stand: sorted, without overlaps."""
        if not self._forms:
            return []
        found = self._finder.spans(data)
        if self._wrapped:
            squeezed = data.translate(None, _BLANKS)
            spans = self._wrapped_finder.spans(squeezed)
            if spans and len(squeezed) < len(data):
                places = _places(data)
                found += [(places[start], places[end - 1] + 1) for start, end in spans]
        return _merged(found)

    def _begun(self, data: bytes, start: int) -> int:
        cut = begun(self._forms, data, start)
        if not self._wrapped:
            return cut
        squeezed = data[start:].translate(None, _BLANKS)
        head = begun(self._wrapped, squeezed, 0)
        if len(squeezed) - head < _SHORTEST_HEAD:
            return cut
        return min(cut, start + _places(data[start:])[head])


def _our_words() -> frozenset[str]:
    from holkas.pipeline.reasons import (
        PipelineRunReason,
        SkipReason,
        TaskRunReason,
        TaskStatus,
        TerminationReason,
    )

    enums = (PipelineRunReason, SkipReason, TaskRunReason, TaskStatus, TerminationReason)
    return frozenset([*_OUR_WORDS.split(), *(word.value for enum in enums for word in enum)])


def _places(data: bytes) -> list[int]:
    """The place of each byte that is no blank."""
    return [place for place, byte in enumerate(data) if byte not in _BLANKS]


def _merged(ranges: list[Range]) -> list[Range]:
    merged: list[Range] = []
    for start, end in sorted(ranges):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _replaced(data: bytes, ranges: list[Range]) -> bytes:
    if not ranges:
        return data
    pieces, done = [], 0
    for start, end in ranges:
        pieces += [data[done:start], MASK]
        done = end
    return b"".join([*pieces, data[done:]])
