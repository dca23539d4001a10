"""Lets the C parser call handlers instead of making event objects.

ruamel's event classes take most of the time of reading, five nested Python calls an event. The parser looks their names
up in its module each time, so while a text is read, functions stand under these names: they get what the classes
would have got, and build the document.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from holkas.yaml import events
from holkas.yaml.events import C_PARSER_LOCK, has_slow_spots, read_events
from holkas.yaml.next_event import NextEvent

STOP: Final = object()
"""What a handler returns when nothing more is to be read."""

_EVENT_NAMES = tuple(
    f"{name}Event"
    for name in (
        *("StreamStart", "StreamEnd", "DocumentStart", "DocumentEnd", "Alias", "Scalar"),
        *("MappingStart", "MappingEnd", "SequenceStart", "SequenceEnd"),
    )
)
Handlers = Mapping[str, Callable[..., Any]]
"""For each of ruamel's event classes by name what is called with its arguments:

ScalarEvent (anchor, tag, implicit, value, start mark, end mark, style), MappingStartEvent and SequenceStartEvent
(anchor, tag, implicit, start mark, end mark, flow style), AliasEvent (anchor, start mark, end mark), all others (start
mark, end mark, and more).
"""


def handle_events(text: str, make: Callable[[], Handlers]) -> None:
    """Read a text with the handlers that ``make`` gives until one returns STOP.

    ``make`` is called again when reading starts anew with another parser, see
    :func:`holkas.yaml.events.read_events`. Raises what handlers raise, and ruamel's YAMLError.
    """
    from ruamel.yaml.error import YAMLError

    get = None if has_slow_spots(text) else events.c_parser(text)
    if get is not None:
        handlers = make()
        try:
            with _installed(handlers) as possible:
                if possible:
                    deque(iter(get, STOP), maxlen=0)
                    return
        except YAMLError as problem:
            if "found unexpected ':'" not in str(problem):
                raise
    read_events(text, lambda stream: _dispatch(stream, make()))


@contextmanager
def _installed(handlers: Handlers) -> Iterator[bool]:
    """Inside, the C parser calls the handlers; False where this release of it has other names.

    The lock keeps holkas's other threads away meanwhile; the parser holds the interpreter's lock anyway. Nothing that
    is made has cycles, so the garbage collector, which would look through millions of new objects, rests.
    """
    import gc

    import _ruamel_yaml as module

    with C_PARSER_LOCK:
        saved = {name: getattr(module, name, None) for name in _EVENT_NAMES}
        if None in saved.values():
            yield False
            return
        collecting = gc.isenabled()
        gc.disable()
        vars(module).update(handlers)
        try:
            yield True
        finally:
            vars(module).update(saved)
            if collecting:
                gc.enable()


def _dispatch(get: NextEvent, handlers: Handlers) -> None:
    """Call the handlers with the parts of ruamel's event objects."""
    result: Any = None
    arguments: tuple[Any, ...]
    while result is not STOP:
        event = get()
        name = type(event).__name__
        start, end = event.start_mark, event.end_mark
        if name == "ScalarEvent":
            arguments = (event.anchor, event.tag, event.implicit, event.value, start, end, event.style)
        elif name in ("MappingStartEvent", "SequenceStartEvent"):
            arguments = (event.anchor, None, None, start, end, None)
        else:
            arguments = (event.anchor, start, end) if name == "AliasEvent" else (start, end)
        result = handlers[name](*arguments)
