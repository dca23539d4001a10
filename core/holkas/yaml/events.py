"""The event stream of a text: from the C parser, or from ruamel's own where there is no wheel of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from holkas.yaml import codes
from holkas.yaml.errors import YamlError
from holkas.yaml.text import error

NextEvent = Callable[[], Any]
"""Gives the next event, None after the last. Raises YamlError."""


def c_parser(text: str) -> NextEvent | None:
    """Events from libyaml, None where ruamel.yaml.clib is not installed."""
    try:
        from _ruamel_yaml import CParser
    except ImportError:
        return None
    return CParser(text).get_event  # type: ignore[no-any-return]  # an untyped extension module


def pure_parser(text: str) -> NextEvent:
    """Events from Python code alone, several ten times slower."""
    from holkas.yaml.pure import events

    return events(text)


def parser(text: str) -> NextEvent:
    """The fastest source of events that is installed."""
    return c_parser(text) or pure_parser(text)


def syntax_error(problem: Exception, text: str, name: str, document: int) -> YamlError:
    """The YamlError for what a parser raised."""
    mark = getattr(problem, "problem_mark", None) or getattr(problem, "context_mark", None)
    message = getattr(problem, "problem", None) or str(problem).partition("\n")[0]
    context = getattr(problem, "context", None)
    offset = min(mark.index, len(text)) if mark is not None else 0
    if message.startswith("found character") and text[offset : offset + 1] == "\t":
        return error(text, offset, codes.TAB, "a tab cannot stand here, use spaces", name=name, document=document)
    if context:
        message = f"{message} ({context})"
    message = re.sub(r"\s+", " ", message)
    return error(text, offset, codes.SYNTAX, message, name=name, document=document)
