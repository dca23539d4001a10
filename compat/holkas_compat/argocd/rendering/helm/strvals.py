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
    while not reader.key(values, 0):
        pass


class _Reader:
    """Each method that says whether the text has ended says so where it found no value to set."""

    def __init__(self, text: str, as_text: bool, whole: Any) -> None:
        self._text = text
        self._at = 0
        self._as_text = as_text
        self._whole = whole

    def key(self, values: dict[str, Any], depth: int) -> bool:
        """One key with all that belongs to it, below ``values``; whether the text has ended. No name sets nothing."""
        if depth > MAX_DEPTH:
            raise BadParameter(
                f"value name nested level is greater than maximum supported nested level of {MAX_DEPTH}"
            )
        name, stop = self._until("=[,.")
        if not stop and self._whole is not None and name:
            stop = "="
        if not stop and not name:
            return True
        if not stop:
            raise BadParameter(f"key {name!r} has no value")
        if stop == ",":
            raise BadParameter(f"key {name!r} has no value (cannot end with ,)")
        ended = False
        if stop == "=":
            ended = self._whole is None and self._at >= len(self._text)
            made: Any = self._value()
        elif stop == ".":
            made = dict(self._known(values, name, dict))
            ended = self.key(made, depth + 1)
            if not made and not ended:
                raise BadParameter(f"key map {name!r} has no value")
            if not made:
                return ended
        else:
            made = list(self._known(values, name, list))
            index = self._index()
            if index is None:
                return True
            ended = self._item(made, index, depth)
        if name:
            values[name] = made
        return ended

    @staticmethod
    def _known(values: dict[str, Any], name: str, kind: type) -> Any:
        found = values.get(name)
        if name in values and not isinstance(found, kind):
            told = "mapping" if kind is dict else "list"
            raise BadParameter(f"{name!r} has a value already, which is no {told}")
        return found or ()

    def _item(self, items: list[Any], index: int, depth: int) -> bool:
        """One item of a list, with all that belongs to it; whether the text has ended."""
        text, stop = self._until("[.=")
        if text:
            raise BadParameter(f"unexpected data at end of array index: {text!r}")
        there = items[index] if index < len(items) else None
        if stop == "=" or (not stop and self._whole is not None):
            made: Any = self._value()
        elif not stop:
            return True
        elif stop == "[":
            if there is not None and not isinstance(there, list):
                raise BadParameter(f"item {index} has a value already, which is no list")
            made = list(there or ())
            inner = self._index()
            if inner is None or self._item(made, inner, depth):
                return True
        else:
            made = dict(there) if isinstance(there, dict) else {}
            if self.key(made, depth) and not isinstance(there, dict):
                return True
        items += [None] * (index + 1 - len(items))
        items[index] = made
        return False

    def _index(self) -> int | None:
        """None where the text ends in it."""
        text, stop = self._until("]")
        if not stop:
            return None
        if not _INTEGER.fullmatch(text):
            raise BadParameter(f"index {text!r} is no number")
        if int(text) < 0:
            raise BadParameter(f"negative {int(text)} index not allowed")
        if int(text) > MAX_INDEX:
            raise BadParameter(f"index of {text} is greater than maximum supported index of {MAX_INDEX}")
        return int(text)

    def _value(self) -> Any:
        if self._whole is not None:
            return self._whole
        if self._text.startswith("{", self._at):
            self._at += 1
            return self._list()
        text, _ = self._until(",")
        return self._typed(text)

    def _list(self) -> list[Any]:
        """A list in braces; it has one item even where nothing is in them."""
        found: list[Any] = []
        while True:
            text, stop = self._until(",}")
            if not stop:
                raise BadParameter("list must terminate with '}'")
            found.append(self._typed(text))
            if stop == "}":
                if self._text.startswith(",", self._at):
                    self._at += 1
                return found

    def _until(self, stops: str) -> tuple[str, str]:
        """The text before the next of these characters, without backslashes, and which one it was."""
        pieces: list[str] = []
        while self._at < len(self._text):
            character = self._text[self._at]
            self._at += 1
            if character in stops:
                return "".join(pieces), character
            if character == "\\":
                character = self._text[self._at : self._at + 1]
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
