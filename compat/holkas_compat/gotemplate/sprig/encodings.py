"""JSON, base64, base32 and digests. Source: sprig's documentation, "Encoding Functions" and "Cryptographic Functions"."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import math
import re
import zlib
from collections.abc import Callable, Mapping
from typing import Any

from holkas_compat.gotemplate.errors import FunctionError
from holkas_compat.gotemplate.formatting import in_order, real
from holkas_compat.gotemplate.function import Function, function
from holkas_compat.gotemplate.sprig.strings import from_octets, octets
from holkas_compat.gotemplate.values import NilList, NilStringList, measure

_HALVES = re.compile("[\udc80-\udcff]")
"""Octets that are no text."""


def _plain(value: Any) -> Any:
    """The value with its keys in order and its floats as Go's encoding/json writes them."""
    if isinstance(value, dict):
        return {key: _plain(value[key]) for key in in_order(value)}
    if isinstance(value, NilList | NilStringList):
        return None
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        if not math.isfinite(value):
            raise FunctionError(f"json: unsupported value: {real(value)}")
        return _Number(value)
    return value if value is None or isinstance(value, bool | int | str) else str(value)


class _Number(float):
    """A float that json writes as Go does."""

    def __repr__(self) -> str:
        number = float(self)
        if number and not 1e-6 <= abs(number) < 1e21:
            text = real(number, "e")
            head, _, power = text.partition("e-0")
            return f"{head}e-{power}" if power else text
        return real(number, "f")

    __str__ = __repr__


def to_json(value: Any, *, indent: int | None = None, escape: bool = True) -> str:
    """JSON as Go writes it: keys sorted, ``<``, ``>`` and ``&`` escaped. Raises FunctionError."""
    measure(value)
    separators = (",", ": ") if indent else (",", ":")
    text = _encoded(_plain(value), indent, separators)
    if escape:
        for sign in "<>&":
            text = text.replace(sign, f"\\u{ord(sign):04x}")
    text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return _HALVES.sub("\\\\ufffd", text)


def _encoded(value: Any, indent: int | None, separators: tuple[str, str], lead: str = "") -> str:
    inner = lead + " " * (indent or 0)
    before, after = ("\n" + inner, "\n" + lead) if indent else ("", "")
    if isinstance(value, dict) and value:
        pairs = (
            json.dumps(key, ensure_ascii=False) + separators[1] + _encoded(item, indent, separators, inner)
            for key, item in value.items()
        )
        return "{" + before + ("," + before).join(pairs) + after + "}"
    if isinstance(value, list) and value:
        return (
            "["
            + before
            + ("," + before).join(_encoded(item, indent, separators, inner) for item in value)
            + after
            + "]"
        )
    if isinstance(value, _Number):
        return repr(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(int(value))
    return json.dumps(value, ensure_ascii=False)


def from_json(text: str) -> Any:
    """A value from JSON, its numbers as floats. Raises FunctionError."""
    try:
        value = json.loads(text, parse_int=float, parse_constant=_refused)
        measure(value)
        return value
    except (ValueError, OverflowError) as error:
        raise FunctionError(_complaint(text, error)) from error


def _refused(name: str) -> Any:
    raise ValueError(f"invalid constant {name}")


def _complaint(text: str, error: Exception) -> str:
    at = getattr(error, "pos", None)
    if at is None or at >= len(text):
        return "unexpected end of JSON input"
    sign = octets(text[at])[:1].decode("latin-1")
    if str(error).startswith("Extra data"):
        return f"invalid character '{sign}' after top-level value"
    return f"invalid character '{sign}' looking for beginning of value"


def _lenient(act: Callable[..., Any], otherwise: Any) -> Callable[..., Any]:
    def call(*values: Any) -> Any:
        try:
            return act(*values)
        except FunctionError:
            return otherwise

    return call


def _pretty(value: Any) -> str:
    return to_json(value, indent=2)


def _raw(value: Any) -> str:
    return to_json(value, escape=False)


def decode64(text: str) -> str:
    """Base64 decoded; what is wrong with it as text, as sprig does."""
    data = octets(text.replace("\n", "").replace("\r", ""))
    try:
        return base64.b64decode(data, validate=True).decode("utf-8", "surrogateescape")
    except binascii.Error:
        good = 0
        alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        while good < len(data) and data[good] in alphabet:
            good += 1
        at = good if good < len(data) and data[good] != 61 else len(data) // 4 * 4
        return f"illegal base64 data at input byte {at}"


def decode32(text: str) -> str:
    """Base32 decoded; what is wrong with it as text, as sprig does."""
    try:
        return from_octets(base64.b32decode(octets(text.replace("\n", "").replace("\r", ""))))
    except binascii.Error:
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
        at = next((index for index, sign in enumerate(text) if sign not in alphabet), len(text) // 8 * 8)
        return f"illegal base32 data at input byte {at}"


def _digest(name: str) -> Function:
    return function(lambda text: hashlib.new(name, octets(text), usedforsecurity=False).hexdigest(), "string")


ENCODINGS: Mapping[str, Function] = {
    "toJson": function(_lenient(to_json, ""), "any"),
    "mustToJson": function(to_json, "any"),
    "toPrettyJson": function(_lenient(_pretty, ""), "any"),
    "mustToPrettyJson": function(_pretty, "any"),
    "toRawJson": function(_raw, "any"),
    "mustToRawJson": function(_raw, "any"),
    "fromJson": function(_lenient(from_json, None), "string"),
    "mustFromJson": function(from_json, "string"),
    "b64enc": function(lambda text: base64.b64encode(octets(text)).decode(), "string"),
    "b64dec": function(decode64, "string"),
    "b32enc": function(lambda text: base64.b32encode(octets(text)).decode(), "string"),
    "b32dec": function(decode32, "string"),
    "sha1sum": _digest("sha1"),
    "sha256sum": _digest("sha256"),
    "sha512sum": _digest("sha512"),
    "adler32sum": function(lambda text: str(zlib.adler32(octets(text))), "string"),
}
"""Name → function."""
