"""The event stream of a text: from the C parser, or from Python code where there is no wheel of it.

The parsers of ruamel.yaml.clib (an early libyaml) and of go-yaml differ in a few places; here they are evened out.
"""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Callable
from typing import Any, Final, TypeVar

from holkas.yaml import codes
from holkas.yaml.errors import YamlError
from holkas.yaml.next_event import NextEvent
from holkas.yaml.text import error

_T = TypeVar("_T")
C_PARSER_LOCK: Final = threading.RLock()
"""Held while events are taken from the C parser: what it makes of them is a setting of the whole process."""

# A colon inside a plain scalar. Tags are taken along unchanged.
_INNER_COLON = r"""!\S*|(?<=[^\s'"\[\]{},]):(?=[^\s\x00\x85\u2028\u2029])"""
_ESCAPED_SLASH = r"(?s)(?:[^\\]|\\[^/])*?\\/"
_PURE_AT_MOST: Final = 1 << 20
"""Characters of a text that Python code parses in a bearable time, when the C parser gave up on it."""


def read_events(text: str, read: Callable[[NextEvent], _T]) -> _T:
    """Call ``read`` with the events of a text and return what it returns.

    It is called again with another parser's events where the first parser fails for a reason that go-yaml does not
    know: libyaml refuses ``[nginx:1.2]``, a colon inside a plain scalar in brackets. So every such colon is disguised
    as a character that the text does not have; if that fails as well, the Python code decides. Raises what ``read``
    raises, and ruamel's YAMLError for a text that is not YAML.
    """
    from ruamel.yaml.error import YAMLError

    if "\ufeff" in text and len(text) <= _PURE_AT_MOST:
        return read(_pure(text))  # libyaml skips this character at the beginning of any line
    get = c_parser(text)
    if get is None:
        return read(_pure(text))
    with C_PARSER_LOCK:
        try:
            return read(_checked(get, text))
        except YAMLError as problem:
            if "found unexpected ':'" not in str(problem):
                raise
            disguised = _disguised(text)
            if disguised is not None:
                with contextlib.suppress(YAMLError):
                    return read(disguised)
            if len(text) > _PURE_AT_MOST:
                raise
    return read(_pure(text))


def has_slow_spots(text: str) -> bool:
    """Whether the C parser's events have to be looked at, or cannot be used."""
    return any(spot in text for spot in ("\\/", "\ufeff", "%YAML"))


def _disguised(text: str) -> NextEvent | None:
    """The C parser's events with the colons inside plain scalars kept from it."""
    disguise = next((char for char in map(chr, range(0xE000, 0xF8FF)) if char not in text), None)
    if disguise is None:
        return None
    get = c_parser(re.sub(_INNER_COLON, lambda match: disguise if match[0] == ":" else match[0], text))
    if get is None:
        return None
    checked = _checked(get, text)

    def restored() -> Any:
        event = checked()
        value = getattr(event, "value", None)
        if value is not None and disguise in value:
            event.value = value.replace(disguise, ":")
        return event

    return restored


def c_parser(text: str) -> NextEvent | None:
    """Events from libyaml, None where ruamel.yaml.clib is not installed."""
    try:
        from _ruamel_yaml import CParser
    except ImportError:
        return None
    get: NextEvent = CParser(text).get_event
    return get


def _pure(text: str) -> NextEvent:
    from holkas.yaml.pure import events

    return _checked(events(text), text)


def _checked(get: NextEvent, text: str) -> NextEvent:
    """Refuse what libyaml reads and go-yaml does not: the escape ``\\/``, and versions other than 1.1."""
    if not has_slow_spots(text):
        return get
    from ruamel.yaml.error import StringMark
    from ruamel.yaml.scanner import ScannerError

    def checked() -> Any:
        event = get()
        if getattr(event, "style", None) == '"' and "/" in event.value:
            found = re.compile(_ESCAPED_SLASH).match(text, event.start_mark.index, event.end_mark.index)
            if found:
                mark = StringMark("", found.end() - 2, 0, 0, text, 0)
                raise ScannerError(None, None, "found unknown escape character", mark)
        if getattr(event, "version", None) not in (None, (1, 1)):
            raise ScannerError(None, None, "found incompatible YAML document", event.start_mark)
        return event

    return checked


def syntax_error(problem: Exception, text: str, name: str, document: int) -> YamlError:
    """The YamlError for what a parser raised."""
    mark = getattr(problem, "problem_mark", None) or getattr(problem, "context_mark", None)
    message = getattr(problem, "problem", None) or str(problem).partition("\n")[0]
    context = getattr(problem, "context", None)
    offset = mark.index if mark is not None else 0
    end = len(text.rstrip())
    if offset >= end:  # show where what does not end has begun, or the last character
        begun = getattr(problem, "context_mark", None)
        offset = begun.index if begun is not None and begun.index < end else max(end - 1, 0)
    if message.startswith("found character") and text[offset : offset + 1] == "\t":
        return error(
            text, offset, codes.TAB, "a tab cannot stand here, use spaces", name=name, document=document
        )
    if context:
        message = f"{message} ({context})"
    message = re.sub(r"\s+", " ", message)
    return error(text, offset, codes.SYNTAX, message, name=name, document=document)
