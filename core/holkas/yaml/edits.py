"""Edits that somebody else has thought of, made in the text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from holkas.model.edit import Edit, EditKind
from holkas.yaml.dumper import dump
from holkas.yaml.edit import Draft, rename_key, replace_scalar
from holkas.yaml.source import Source
from holkas.yaml.structure import insert, remove


def apply_edits(source: Source, document: int, edits: Iterable[Edit]) -> Source:
    """The source after all of these edits in one document, in their order.

    Raises EditError where one cannot be made alone (then none is), YamlError for a text that cannot be read.
    """
    for edit in edits:
        source = _apply(source, document, edit)
    return source


def _apply(source: Source, document: int, edit: Edit) -> Source:
    if edit.kind is EditKind.REPLACE:
        return replace_scalar(source, document, edit.path, edit.value)
    if edit.kind is EditKind.RENAME:
        return rename_key(source, document, edit.path, edit.key)
    if edit.kind is EditKind.REMOVE:
        return remove(source, document, edit.path)
    return insert(source, document, edit.path, edit.key, edit.value)


def replace_document(source: Source, document: int, value: Any) -> Source:
    """Write document number ``document`` anew; its comments are lost, the other documents stay as they are.

    Raises EditError where that would change anything else, TypeError and ValueError as :func:`holkas.yaml.dump`,
    YamlError for a text that cannot be read.
    """
    draft = Draft.of(source, document)
    start, end = draft.content_start(draft.root), draft.root.end
    text = dump(value).removesuffix("\n")
    return draft.finish(start, end, text, (), lambda _: value)
