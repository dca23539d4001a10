"""Regular expressions: RE2, as Go has them; patterns of strangers cannot run away.

Source: sprig's documentation, "Regular Expressions"; the library google-re2 is the same engine.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from holkas_compat.gotemplate.errors import FunctionError
from holkas_compat.gotemplate.function import Function, function
from holkas_compat.gotemplate.sprig.strings import bounded
from holkas_compat.gotemplate.values import NilStringList, StringList

_REFERENCE = re.compile(r"\$(?:\$|\{([A-Za-z0-9_]+)\}|([A-Za-z0-9_]+))")
_LARGEST_PATTERN = 10_000


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> Any:
    try:
        import re2
    except ImportError as error:
        raise FunctionError("regular expressions need the library google-re2") from error
    if len(pattern) > _LARGEST_PATTERN:
        raise FunctionError("the regular expression is too long")
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        told = error.args[0] if error.args else ""
        told = told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)
        raise FunctionError(f"error parsing regexp: {told}") from error


def _matches(pattern: str, text: str, most: int = -1) -> list[Any]:
    """The matches one after the other, an empty one not right after another match, as Go has it."""
    found: list[Any] = []
    end = -1
    for match in _compiled(pattern).finditer(text):
        if 0 <= most <= len(found):
            break
        if match.start() == match.end() == end:
            continue
        end = match.end()
        found.append(match)
    return found


def matches(pattern: str, text: str) -> bool:
    """Whether the pattern is found somewhere. Raises FunctionError."""
    return _compiled(pattern).search(text) is not None


def _matches_leniently(pattern: str, text: str) -> bool:
    try:
        return matches(pattern, text)
    except FunctionError:
        return False


def find_all(pattern: str, text: str, most: int) -> StringList:
    """All matches, at most so many."""
    found = StringList(match.group(0) for match in _matches(pattern, text, most))
    return found or NilStringList()


def find(pattern: str, text: str) -> str:
    """The first match, empty for none."""
    match = _compiled(pattern).search(text)
    return match.group(0) if match else ""


def replace_all(pattern: str, text: str, replacement: str) -> str:
    """Every match replaced; ``$1`` and ``${name}`` stand for groups."""

    def expanded(match: Any) -> str:
        def group(reference: re.Match[str]) -> str:
            name = reference[1] or reference[2]
            if name is None:
                return "$"
            try:
                return match.group(int(name) if name.isdigit() else name) or ""
            except (IndexError, KeyError, ValueError):
                return ""

        return _REFERENCE.sub(group, replacement)

    return _replaced(pattern, text, expanded)


def _replaced(pattern: str, text: str, made: Any) -> str:
    parts: list[str] = []
    position = size = 0
    for match in _matches(pattern, text):
        parts += [text[position : match.start()], made(match)]
        size += len(parts[-1])
        bounded(size)
        position = match.end()
    return "".join([*parts, text[position:]])


def split(pattern: str, text: str, most: int) -> StringList:
    """The texts between the matches, at most so many."""
    if most == 0:
        return NilStringList()
    if pattern and not text:
        return StringList([""])
    parts, begin, end = StringList(), 0, 0
    for match in _matches(pattern, text):
        if 0 < most == len(parts) + 1:
            break
        end = match.start()
        if match.end() != 0:
            parts.append(text[begin:end])
        begin = match.end()
    if end != len(text):
        parts.append(text[begin:])
    return parts


def _both(name: str, made: Function) -> dict[str, Function]:
    return {name: made, f"must{name[0].upper()}{name[1:]}": made}


PATTERNS: Mapping[str, Function] = {
    "regexMatch": function(_matches_leniently, "string string"),
    "mustRegexMatch": function(matches, "string string"),
    **_both("regexFindAll", function(find_all, "string string int")),
    **_both("regexFind", function(find, "string string")),
    **_both("regexReplaceAll", function(replace_all, "string string string")),
    **_both(
        "regexReplaceAllLiteral",
        function(lambda pattern, text, new: _replaced(pattern, text, lambda _: new), "string string string"),
    ),
    **_both("regexSplit", function(split, "string string int")),
    "regexQuoteMeta": function(lambda text: re.sub(r"([\\.+*?()|\[\]{}^$])", r"\\\1", text), "string"),
}
"""Name → function."""
