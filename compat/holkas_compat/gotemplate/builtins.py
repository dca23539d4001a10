"""The functions that Go's templates have by themselves (without ``and`` and ``or``, which the evaluator knows).

Source: Go's documentation of text/template, "Functions".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_plus

from holkas_compat.gotemplate import comparison
from holkas_compat.gotemplate.errors import FunctionError
from holkas_compat.gotemplate.formatting import formatted, joined, joined_line
from holkas_compat.gotemplate.function import Function, function
from holkas_compat.gotemplate.values import MISSING, truth, type_name, zero_of


def index(item: Any, *keys: Any) -> Any:
    """The element under one key or index after the other."""
    if item is None or item is MISSING:
        raise FunctionError("index of untyped nil")
    for key in keys:
        if isinstance(item, dict):
            item = item.get(_text_key(key), zero_of(item))
        elif isinstance(item, list | str):
            octets = item.encode() if isinstance(item, str) else item
            item = octets[_position(key, len(octets))]
        elif item is None:
            raise FunctionError("index of nil pointer")
        else:
            raise FunctionError(f"can't index item of type {type_name(item)}")
    return item


def _text_key(key: Any) -> str:
    if key is None or key is MISSING:
        raise FunctionError("value is nil; should be of type string")
    if not isinstance(key, str):
        raise FunctionError(f"value has type {type_name(key)}; should be string")
    return key


def _position(key: Any, length: int) -> int:
    if key is None or key is MISSING:
        raise FunctionError("cannot index slice/array with nil")
    if not isinstance(key, int) or isinstance(key, bool):
        raise FunctionError(f"cannot index slice/array with type {type_name(key)}")
    if not 0 <= key < length:
        raise FunctionError(f"index out of range: {int(key)}")
    return key


def length(item: Any) -> int:
    """How many octets, elements or keys."""
    if isinstance(item, str):
        return len(item.encode("utf-8", "surrogateescape"))
    if isinstance(item, list | dict):
        return len(item)
    if item is None:
        raise FunctionError("len of nil pointer")
    if item is MISSING:
        raise FunctionError("reflect: call of reflect.Value.Type on zero Value")
    raise FunctionError(f"len of type {type_name(item)}")


def negate(value: Any) -> bool:
    """``not``"""
    return not truth(value)


def html(*values: Any) -> str:
    """Escaped for HTML."""
    text = _text(values)
    for sign, escape in (("&", "&amp;"), ("'", "&#39;"), ('"', "&#34;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(sign, escape)
    return text.replace("\0", "\ufffd")


def js(*values: Any) -> str:
    """Escaped for a text of JavaScript."""
    special = {
        "\\": "\\\\",
        "'": "\\'",
        '"': '\\"',
        "<": "\\u003C",
        ">": "\\u003E",
        "&": "\\u0026",
        "=": "\\u003D",
    }
    return "".join(
        special.get(sign) or (f"\\u{ord(sign):04X}" if not sign.isprintable() and sign != "\x7f" else sign)
        for sign in _text(values)
    )


def urlquery(*values: Any) -> str:
    """Escaped for the query of a URL."""
    return quote_plus(_text(values), safe="-_.~")


def _text(values: tuple[Any, ...]) -> str:
    if len(values) == 1 and isinstance(values[0], str):
        return values[0]
    return joined(["<no value>" if value is None else value for value in values])


def call(*_: Any) -> Any:
    """``call``: templates of ours have no functions as values."""
    raise FunctionError("call of nil")


BUILTINS: Mapping[str, Function] = {
    "and": function(lambda *_: None, "value value..."),
    "or": function(lambda *_: None, "value value..."),
    "call": function(call, "value value..."),
    "eq": function(comparison.equal, "value value..."),
    "ne": function(comparison.different, "value value"),
    "lt": function(comparison.less, "value value"),
    "le": function(comparison.less_or_equal, "value value"),
    "gt": function(comparison.greater, "value value"),
    "ge": function(comparison.greater_or_equal, "value value"),
    "html": function(html, "any..."),
    "index": function(index, "value value..."),
    "js": function(js, "any..."),
    "len": function(length, "value"),
    "not": function(negate, "value"),
    "print": function(lambda *values: joined(values), "any..."),
    "printf": function(lambda template, *values: formatted(template, values), "string any..."),
    "println": function(lambda *values: joined_line(values), "any..."),
    "urlquery": function(urlquery, "any..."),
}
"""Name → function."""
