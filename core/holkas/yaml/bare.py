"""Events without marks: all that the values of a text need, as Python objects that cost little to make.

An ordinary scalar is its value, the rest are the few shapes below. ruamel's event classes take most of the time of
reading (five nested Python calls an event), so while a text is read the C parser makes these instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from holkas.yaml.events import C_PARSER_LOCK, NextEvent, c_parser, has_slow_spots, read_events
from holkas.yaml.scalars import HINTS, resolve_plain

_T = TypeVar("_T")
NextBare = Callable[[], Any]
"""Gives a str, int, float, bool or None for an ordinary scalar, or one of the shapes below."""


class Sign:
    """A bare event that says nothing but what it is."""

    __slots__ = ()


MAPPING: Final = Sign()
SEQUENCE: Final = Sign()
END: Final = Sign()
DOCUMENT: Final = Sign()
DOCUMENT_END: Final = Sign()
STREAM: Final = Sign()
STREAM_END: Final = Sign()


@dataclass(slots=True)
class AnchoredStart:
    """The start of a mapping or a sequence (``sign``) with an anchor."""

    sign: Sign
    anchor: str


@dataclass(slots=True)
class OddScalar:
    """A scalar with a tag or an anchor, or a plain ``<<``. plain: without quotes."""

    anchor: str | None
    tag: str | None
    plain: bool
    text: str


@dataclass(slots=True)
class Alias:
    """``*anchor``."""

    anchor: str


_MAYBE: Final = HINTS | {"<"}


def _scalar(
    anchor: str | None, tag: str | None, implicit: Any, value: str, _: Any, __: Any, style: Any
) -> Any:
    if anchor is None and tag is None:
        if style or value[:1] not in _MAYBE:
            return value
        if value != "<<":
            return resolve_plain(value)
    return OddScalar(anchor, tag, implicit[0], value)


def _mapping(anchor: str | None, tag: Any, implicit: Any, start: Any, end: Any, flow: Any) -> Any:
    return MAPPING if anchor is None else AnchoredStart(MAPPING, anchor)


def _sequence(anchor: str | None, tag: Any, implicit: Any, start: Any, end: Any, flow: Any) -> Any:
    return SEQUENCE if anchor is None else AnchoredStart(SEQUENCE, anchor)


_FACTORIES: Final[dict[str, Callable[..., Any]]] = {
    "ScalarEvent": _scalar,
    "MappingStartEvent": _mapping,
    "SequenceStartEvent": _sequence,
    "MappingEndEvent": lambda start, end: END,
    "SequenceEndEvent": lambda start, end: END,
    "AliasEvent": lambda anchor, *_: Alias(anchor),
    "DocumentStartEvent": lambda *_: DOCUMENT,
    "DocumentEndEvent": lambda *_: DOCUMENT_END,
    "StreamStartEvent": lambda *_: STREAM,
    "StreamEndEvent": lambda *_: STREAM_END,
}


def read_bare(text: str, read: Callable[[NextBare], _T]) -> _T:
    """Call ``read`` with the bare events of a text, perhaps twice, as :func:`holkas.yaml.events.read_events` does."""
    from ruamel.yaml.error import YAMLError

    get = None if has_slow_spots(text) else c_parser(text)
    if get is not None:
        try:
            with _c_parser_makes_bare_events() as possible:
                if possible:
                    return read(get)
        except YAMLError as problem:
            if "found unexpected ':'" not in str(problem):
                raise
    return read_events(text, lambda events: read(_bared(events)))


@contextmanager
def _c_parser_makes_bare_events() -> Iterator[bool]:
    """Inside, the C parser makes bare events; False where this release of it does not allow that.

    The names of the event classes are looked up in the extension module each time, so they are exchanged there. The
    lock keeps holkas's other threads away meanwhile (the parser holds the interpreter's lock anyway).
    """
    import _ruamel_yaml as module

    with C_PARSER_LOCK:
        saved = {name: getattr(module, name, None) for name in _FACTORIES}
        if None in saved.values():
            yield False
            return
        vars(module).update(_FACTORIES)
        try:
            yield True
        finally:
            vars(module).update(saved)


def _bared(get: NextEvent) -> NextBare:
    """Bare events made from ruamel's."""

    def bare() -> Any:
        event = get()
        name = type(event).__name__
        if name == "ScalarEvent":
            return _scalar(event.anchor, event.tag, event.implicit, event.value, None, None, event.style)
        if name in ("MappingStartEvent", "SequenceStartEvent"):
            return _FACTORIES[name](event.anchor, None, None, None, None, None)
        return Alias(event.anchor) if name == "AliasEvent" else _FACTORIES[name](None, None)

    return bare
