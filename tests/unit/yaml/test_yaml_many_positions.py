"""Many places at once are found where each is found by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from holkas.model.finding import Place
from holkas.model.path import PathPart
from holkas.yaml import Source, YamlError, load_documents, locate, locate_each
from hypothesis import given, settings
from hypothesis import strategies as st

TEXTS = {
    "block": "a: 1\nb:\n  - x\n  - y: {z: [1, 2]}\nc: |\n  text\n  more\n",
    "documents": "a: 1\n---\n\n---\nb: [1, {c: d}]\n---#c\nlast: x",
    "merge": "base: &b {x: 1, y: 2}\nnew:\n  <<: *b\n  y: 3\nalso: *b\n",
    "line ends": "a: 1\r\nb:\r\n- c\rd: 2\r\n",
    "odd keys": "1: a\ntrue: b\n? c\n: d\n'<<': d\ntwice: 1\n",
    "json": '{"a": [1, {"b": null}], "c": "d"}',
    "empty": "",
    "nulls": "a:\nb:\n  -\n  - ~\n",
}


def paths(value: Any, here: tuple[PathPart, ...] = ()) -> Iterator[tuple[PathPart, ...]]:
    yield here
    yield (*here, "missing")
    yield (*here, 7)
    if isinstance(value, dict):
        for key, item in value.items():
            yield from paths(item, (*here, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from paths(item, (*here, index))


def places(source: Source) -> list[Place]:
    found = [Place(source=source.name, document=9, path=("a",)), Place(source=source.name, line=2, column=1)]
    for document in load_documents(source, strict=False):
        for path in paths(document.value):
            for on_key, within in ((False, ""), (True, ""), (False, "x")):
                place = Place(
                    source=source.name, document=document.index, path=path, on_key=on_key, within=within
                )
                found.append(place)
    return found


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_all_places_of_a_text(text: str) -> None:
    source = Source("f.yaml", text.encode())
    asked = places(source)
    assert locate_each(source, asked) == [locate(source, place) for place in asked]


@settings(deadline=None)
@given(st.text("ab:-[]{}, \n\"'|&*<?#", max_size=40))
def test_any_text_at_all(text: str) -> None:
    source = Source("f.yaml", text.encode())
    try:
        asked = places(source)
    except YamlError:
        asked = [Place(source="f.yaml", path=("a",)), Place(source="f.yaml", path=("a", 0))]
    assert locate_each(source, asked) == [locate(source, place) for place in asked]


def test_a_text_that_breaks_off_is_asked_place_by_place() -> None:
    source = Source("f.yaml", b"a: 1\nb: 2\nc: [1,\n")
    first, second = locate_each(source, [Place(source="f.yaml", path=(key,)) for key in "ab"])
    assert (first.line, second.line) == (1, 2)
