"""Parameters as ``helm --set`` takes them: ``a.b[0]=c,d={x,y}``, written into values that are there already.

Source: Helm, "The Format and Limitations of --set"; pkg/strvals.
"""

from __future__ import annotations

import re
from typing import Any

MAX_INDEX = 65536
MAX_DEPTH = 30

_INTEGER = re.compile(r"[+-]?\d+")


class BadParameter(ValueError):
    """A parameter cannot be read."""


def set_value(values: dict[str, Any], text: str, *, as_text: bool = False, whole: Any = None) -> None:
    """Write ``key=value,…`` into the values.

    as_text: every value stays a text. whole: the value of the one key that ``text`` is then (the content of a file).
    Raises BadParameter.
    """
    reader = _Reader(text, as_text, whole)
    while not reader.done():
        reader.key(values, 0)


class _Reader:
    def __init__(self, text: str, as_text: bool, whole: Any) -> None:
        self._text = text
        self._at = 0
        self._as_text = as_text
        self._whole = whole

    def done(self) -> bool:
        return self._at >= len(self._text)

    def key(self, values: dict[str, Any], depth: int) -> None:
        """One key with all that belongs to it, below ``values``."""
        if depth > MAX_DEPTH:
            raise BadParameter(
                f"value name nested level is greater than maximum supported nested level of {MAX_DEPTH}"
            )
        name, stop = self._until("=[,.")
        if stop == ".":
            if not name:
                raise BadParameter(f"{self._text!r} has a key without a name")
            inner = values.get(name)
            values[name] = dict(inner) if isinstance(inner, dict) else {}
            self.key(values[name], depth + 1)
        elif stop == "[":
            index = self._index()
            there = values.get(name)
            values[name] = self._item(list(there) if isinstance(there, list) else [], index, depth + 1)
        elif stop == "=":
            values[name] = self._value()
        elif self._whole is not None and name:
            values[name] = self._whole
        elif stop == "," or name:
            values[name] = ""
            raise BadParameter(f"key {name!r} has no value")

    def _item(self, items: list[Any], index: int, depth: int) -> list[Any]:
        """One item of a list, with all that belongs to it."""
        if depth > MAX_DEPTH:
            raise BadParameter(
                f"value name nested level is greater than maximum supported nested level of {MAX_DEPTH}"
            )
        items += [None] * (index + 1 - len(items))
        _, stop = self._until("[.=,")
        if stop == "=":
            items[index] = self._value()
        elif stop == "[":
            inner = items[index]
            items[index] = self._item(
                list(inner) if isinstance(inner, list) else [], self._index(), depth + 1
            )
        elif stop == ".":
            inner = items[index]
            items[index] = dict(inner) if isinstance(inner, dict) else {}
            self.key(items[index], depth + 1)
        elif self._whole is not None:
            items[index] = self._whole
        else:
            raise BadParameter(f"{self._text!r} names an item and no value")
        return items

    def _index(self) -> int:
        text, stop = self._until("]")
        if stop != "]" or not text.isdigit():
            raise BadParameter(f"index {text!r} is no number")
        if int(text) > MAX_INDEX:
            raise BadParameter(f"index of {text} is greater than maximum supported index of {MAX_INDEX}")
        return int(text)

    def _value(self) -> Any:
        if self._text.startswith("{", self._at):
            self._at += 1
            return self._list()
        text, _ = self._until(",")
        return self._typed(text)

    def _list(self) -> list[Any]:
        found: list[Any] = []
        while True:
            text, stop = self._until(",}")
            if stop == "}":
                if text or found:
                    found.append(self._typed(text))
                if self._text.startswith(",", self._at):
                    self._at += 1
                return found
            if not stop:
                raise BadParameter("list must terminate with '}'")
            found.append(self._typed(text))

    def _until(self, stops: str) -> tuple[str, str]:
        """The text before the next of these characters, without backslashes, and which one it was."""
        pieces: list[str] = []
        while self._at < len(self._text):
            character = self._text[self._at]
            self._at += 1
            if character in stops:
                return "".join(pieces), character
            if character == "\\" and self._at < len(self._text):
                character = self._text[self._at]
                self._at += 1
            pieces.append(character)
        return "".join(pieces), ""

    def _typed(self, text: str) -> Any:
        if self._as_text:
            return text
        lowered = text.lower()
        if lowered in ("true", "false"):
            return lowered == "true"
        if lowered == "null":
            return None
        if (
            _INTEGER.fullmatch(text)
            and (text == "0" or not text.startswith("0"))
            and abs(int(text)) < 1 << 63
        ):
            return int(text)
        return text


def escaped(value: str) -> str:
    """A parameter's value so that its commas are part of it; a list in braces stays one.

    Source: Argo CD, util/helm (cleanSetParameters).
    """
    if value.startswith("{") and value.endswith("}"):
        return value
    return re.sub(r"(?<!\\),", r"\\,", value)
