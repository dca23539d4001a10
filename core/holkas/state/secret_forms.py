"""The forms in which a secret is likely to be printed."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote, quote_plus, urlsplit

SHORTEST = 4
"""Bytes. Shorter values (``1``, ``yes``) would blot out ordinary text and are not masked; they are no secrets."""

SHORTEST_PART = 6
"""Bytes of a line, or of a text inside a JSON or a URL, that is a secret of its own."""

_ORDINARY = frozenset({b"true", b"false", b"null", b"none"})
_PERCENT = re.compile(rb"%[0-9A-F]{2}")
_SAFE_IN_SCRIPTS = "-_.!~*'()"
"""What JavaScript's encodeURIComponent leaves as it is (ECMA-262, 19.2.6)."""


def forms(value: bytes) -> set[bytes]:
    """The value, its parts, and both in base64, hex, URL, JSON, HTML and shell spelling."""
    found: set[bytes] = set()
    for plain in parts(value):
        found |= _spellings(plain)
    return {form for form in found if len(form) >= SHORTEST}


def wrapped_forms(value: bytes) -> set[bytes]:
    """Forms that tools break into lines of 60 to 76 columns: base64 and hex of a value longer than such a line."""
    found: set[bytes] = set()
    for plain in parts(value):
        found.update(_base64_cores(plain))
        found.add(plain.hex().encode())
    return {form for form in found if len(form) > 40}


def parts(value: bytes) -> set[bytes]:
    """The value itself and what in it is a secret of its own: lines, texts of a JSON, the password of a URL."""
    found = {value, value.strip()}
    pieces = [line.strip() for line in value.splitlines()]
    pieces += _json_texts(value)
    pieces += _passwords(value)
    found.update(piece for piece in pieces if len(piece) >= SHORTEST_PART)
    return {part for part in found if len(part) >= SHORTEST and part.lower() not in _ORDINARY}


def _spellings(plain: bytes) -> set[bytes]:
    found = {plain, plain.hex().encode(), plain.hex().upper().encode(), repr(plain)[2:-1].encode()}
    text = plain.decode("utf-8", "surrogateescape")
    if not any("\udc80" <= character <= "\udcff" for character in text):
        found |= {
            json.dumps(text)[1:-1].encode(),
            json.dumps(text, ensure_ascii=False)[1:-1].encode(),
            html.escape(text).encode(),
            repr(text)[1:-1].encode("utf-8", "surrogatepass"),
            text.replace("'", "'\\''").encode(),
        }
    escaped = {quote(plain, safe=safe).encode() for safe in ("", "/", _SAFE_IN_SCRIPTS)}
    escaped.add(quote_plus(plain).encode())
    found |= escaped
    found |= {_PERCENT.sub(lambda match: match[0].lower(), form) for form in escaped}
    for encoded in (base64.b64encode(plain), base64.urlsafe_b64encode(plain)):
        found |= {encoded, encoded.rstrip(b"=")}
    found.update(_base64_cores(plain))
    return found


def _base64_cores(value: bytes) -> Iterator[bytes]:
    """What is the same in every base64 text that holds ``value``, at each of the three alignments."""
    for shift in range(3):
        padded = b"\0" * shift + value
        start = (0, 2, 3)[shift]
        # The last characters also depend on what follows the value: only whole sextets of it are stable.
        core = base64.b64encode(padded)[start : len(padded) * 8 // 6]
        if len(core) >= 6:
            yield core
            yield core.replace(b"+", b"-").replace(b"/", b"_")


def _json_texts(value: bytes) -> list[bytes]:
    """Texts inside a JSON object or array, and the password in the ``auth`` of a registry's configuration."""
    if value.lstrip()[:1] not in (b"{", b"["):
        return []
    try:
        content = json.loads(value)
    except (ValueError, RecursionError):
        return []
    found = []
    pending: list[Any] = [content]
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            found.append(item.encode("utf-8", "surrogatepass"))
        elif isinstance(item, list):
            pending += item
        elif isinstance(item, dict):
            pending += item.values()
            found += _basic_password(item.get("auth"))
    return found


def _basic_password(auth: object) -> Iterable[bytes]:
    """The password in ``base64(user:password)`` (the ``auth`` of docker's config.json)."""
    if not isinstance(auth, str):
        return ()
    try:
        decoded = base64.b64decode(auth, validate=True)
    except ValueError:
        return ()
    return decoded.partition(b":")[2:]


def _passwords(value: bytes) -> list[bytes]:
    """Passwords of URLs (``https://user:password@host``), one a line as in .git-credentials."""
    found = []
    for line in value.splitlines():
        if b"://" not in line or b"@" not in line:
            continue
        try:
            password = urlsplit(line.decode("utf-8", "replace").strip()).password
        except ValueError:
            continue
        if password:
            found.append(password.encode())
    return found
