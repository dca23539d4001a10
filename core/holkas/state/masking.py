"""Takes known secrets out of text before it is shown or kept, in their common encodings too."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, quote_plus

MASK = b"***"
SHORTEST = 4
"""Shorter values (``1``, ``yes``) would blot out ordinary text and are not masked; they are no secrets."""


def _base64_cores(value: bytes) -> Iterable[bytes]:
    """What is the same in every base64 text that holds ``value``, at each of the three alignments."""
    for shift in range(3):
        padded = b"\0" * shift + value
        text = base64.b64encode(padded)
        start = (0, 2, 3)[shift]
        # The last characters also depend on what follows the value: only whole sextets of it are stable.
        end = len(padded) * 8 // 6
        core = text[start:end]
        if len(core) >= 6:
            yield core
            yield core.replace(b"+", b"-").replace(b"/", b"_")


def encodings(value: bytes) -> set[bytes]:
    """The forms in which a secret is likely to be printed: as it is, by line, base64, hex, URL, JSON and shell quoted."""
    forms = {value, value.strip()}
    forms.update(line.strip() for line in value.splitlines())
    for plain in list(forms):
        text = plain.decode("utf-8", "surrogateescape")
        forms.add(plain.hex().encode())
        forms.add(plain.hex().upper().encode())
        if not any("\udc80" <= character <= "\udcff" for character in text):
            forms.add(quote(text, safe="").encode())
            forms.add(quote(text).encode())
            forms.add(quote_plus(text).encode())
            forms.add(json.dumps(text)[1:-1].encode())
            forms.add(json.dumps(text, ensure_ascii=False)[1:-1].encode())
            forms.add(text.replace("'", "'\\''").encode())
        forms.add(base64.b64encode(plain))
        forms.add(base64.urlsafe_b64encode(plain))
        if len(plain) >= 6:
            forms.update(_base64_cores(plain))
    return {form for form in forms if len(form) >= SHORTEST}


class Masker:
    """Replaces secrets by ``***``. Safe for threads once made; :meth:`add` returns a new one."""

    __slots__ = ("_forms", "_pattern", "longest")

    def __init__(self, secrets: Iterable[bytes] = ()) -> None:
        forms: set[bytes] = set()
        for secret in secrets:
            forms |= encodings(secret)
        self._forms = frozenset(forms)
        ordered = sorted(forms, key=lambda form: (-len(form), form))
        self.longest = len(ordered[0]) if ordered else 0
        self._pattern = re.compile(b"|".join(map(re.escape, ordered))) if ordered else None

    def __bool__(self) -> bool:
        return self._pattern is not None

    def mask(self, data: bytes) -> bytes:
        """Bytes without the secrets."""
        return data if self._pattern is None else self._pattern.sub(MASK, data)

    def mask_text(self, text: str) -> str:
        """Text without the secrets."""
        if self._pattern is None:
            return text
        return self._pattern.sub(MASK, text.encode("utf-8", "surrogateescape")).decode(
            "utf-8", "surrogateescape"
        )

    def mask_json(self, value: Any) -> Any:
        """The same structure with every text in it masked, keys included."""
        if self._pattern is None:
            return value
        if isinstance(value, str):
            return self.mask_text(value)
        if isinstance(value, dict):
            return {self.mask_text(str(key)): self.mask_json(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.mask_json(item) for item in value]
        return value

    def holdback(self, data: bytes) -> int:
        """How many bytes at the end of ``data`` may be the beginning of a secret that goes on in the next piece."""
        if self._pattern is None:
            return 0
        window = data[-(self.longest - 1) :] if self.longest > 1 else b""
        for start in range(len(window)):
            tail = window[start:]
            if any(form.startswith(tail) for form in self._forms if len(form) > len(tail)):
                return len(tail)
        return 0
