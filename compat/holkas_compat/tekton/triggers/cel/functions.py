"""Triggers' own functions in expressions.

Source: docs/cel_expressions.md, "List of extension functions"; pkg/interceptors/cel/triggers.go. Errors say what is
wrong with a value and never show it.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from holkas.go_json import json_text

from holkas_compat.tekton.triggers.event_json import BodyError, read_json
from holkas_compat.tekton.triggers.headers import canonical_name

Secrets = Mapping[str, bytes]
"""By ``name/key``."""


def functions(secrets: Secrets) -> dict[str, Callable[..., Any]]:
    """Every function by name; they are called as methods of their first argument."""
    return {
        "canonical": canonical,
        "compareSecret": lambda text, key, name, _namespace="": _compare(secrets, text, key, name),
        "decodeb64": decodeb64,
        "first": first,
        "last": last,
        "marshalJSON": marshal_json,
        "match": match,
        "parseJSON": parse_json,
        "parseURL": parse_url,
        "parseYAML": parse_yaml,
        "split": split,
        "translate": translate,
        "truncate": truncate,
    }


def canonical(header: Mapping[str, Any], name: str) -> str:
    """The first value of a header, ``""`` where it is missing."""
    values = header.get(canonical_name(name)) or [""]
    return str(values[0])


def match(header: Mapping[str, Any], name: str, value: str) -> bool:
    """Whether the first value of a header is this one."""
    return canonical(header, name) == value


def truncate(text: str, length: int) -> str:
    """At most so many bytes of a text, without half a character at the end."""
    if length < 0:
        raise ValueError("truncate: the length is negative")
    return text.encode("utf-8", "replace")[:length].decode("utf-8", "ignore")


def split(text: str, separator: str, limit: int = -1) -> list[str]:
    """The parts of a text; without a separator its characters."""
    if limit == 0:
        return []
    if not separator:
        rest = list(text)
        return rest if limit < 0 else [*rest[: limit - 1], "".join(rest[limit - 1 :])][:limit]
    return text.split(separator, -1 if limit < 0 else limit - 1)


def translate(text: str, pattern: str, replacement: str) -> str:
    """The text with every match of a regular expression replaced; ``$1`` is its first group."""
    try:
        compiled = re.compile(pattern)
        template = re.sub(r"\$(?:\{(\w+)\}|(\w+))", r"\\g<\1\2>", replacement.replace("\\", r"\\"))
        return compiled.sub(template, text)
    except re.error as error:
        raise ValueError(f"translate: {error}") from None


def decodeb64(text: str) -> bytes:
    """The bytes that a text in base64 stands for."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("decodeb64: the text is no base64") from None


def first(items: list[Any]) -> Any:
    """The first item of a list."""
    if not items:
        raise ValueError("first: the list is empty")
    return items[0]


def last(items: list[Any]) -> Any:
    """The last item of a list."""
    if not items:
        raise ValueError("last: the list is empty")
    return items[-1]


def parse_json(text: str) -> dict[str, Any]:
    """The mapping that a text in JSON holds."""
    try:
        return _mapping("parseJSON", read_json(text.encode("utf-8", "replace")))
    except BodyError:
        raise ValueError("parseJSON: the text is no JSON") from None


def parse_yaml(text: str) -> dict[str, Any]:
    """The mapping that a text in YAML holds, read as Kubernetes reads it."""
    from holkas.yaml import Source, YamlError, load_documents

    try:
        documents = load_documents(Source("parseYAML", text.encode("utf-8", "replace")))
    except YamlError:
        raise ValueError("parseYAML: the text is no YAML") from None
    return _mapping("parseYAML", _floats(documents[0].value) if documents else {})


def marshal_json(value: Any) -> str:
    """A mapping or list as JSON."""
    if not isinstance(value, dict | list):
        raise ValueError("marshalJSON: only mappings and lists")
    return json_text(value)


def parse_url(text: str) -> dict[str, Any]:
    """The parts of a URL. Source: Go's net/url, Parse."""
    if any(character < " " or character == "\x7f" for character in text):
        raise ValueError("parseURL: the text has control characters")
    try:
        parts = urlsplit(text)
        user, at, host = parts.netloc.rpartition("@")
        queries = parse_qs(parts.query, keep_blank_values=True, max_num_fields=1000)
    except ValueError:
        raise ValueError("parseURL: the text is no URL") from None
    made: dict[str, Any] = {
        "scheme": parts.scheme,
        "host": host,
        "path": unquote(parts.path),
        "rawQuery": parts.query,
        "fragment": unquote(parts.fragment),
        "queryStrings": queries,
        "query": {name: ",".join(values) for name, values in queries.items()},
    }
    if at:
        name, _, password = user.partition(":")
        made["auth"] = {"username": unquote(name), "password": unquote(password)}
    return made


def _compare(secrets: Secrets, text: str, key: str, name: str) -> bool:
    value = secrets.get(f"{name}/{key}")
    if value is None:
        raise ValueError(f"compareSecret: there is no secret {name} with a key {key}")
    return hmac.compare_digest(value, text.encode("utf-8", "replace"))


def _mapping(function: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict | None):
        raise ValueError(f"{function}: the text holds no mapping")
    return value or {}


def _floats(value: Any) -> Any:
    """Numbers as Go's decoder leaves them."""
    if isinstance(value, dict):
        return {key: _floats(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_floats(item) for item in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
