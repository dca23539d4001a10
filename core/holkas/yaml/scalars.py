"""What a scalar stands for: sigs.k8s.io/yaml's reading (go-yaml v2's ``resolve``, then the step to JSON)."""

from __future__ import annotations

import base64
import re
from typing import Any, Final

from holkas.yaml import codes
from holkas.yaml.numbers import float_key, json_number, parse_number

_CORE: Final = "tag:yaml.org,2002:"
MERGE_TAG: Final = _CORE + "merge"
_BOOL, _INT, _FLOAT, _NULL, _STR, _TIME, _BINARY = (
    _CORE + name for name in ("bool", "int", "float", "null", "str", "timestamp", "binary")
)

WORDS: Final[dict[str, Any]] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}
NUMERIC: Final = frozenset("0123456789+-.")
HINTS: Final = NUMERIC | frozenset("yYnNtTfFoO~") | {""}
"""First characters of plain scalars that may be something else than text."""
_TIMESTAMP = (
    r"(?a)\d{4}-(\d\d?)-(\d\d?)(?:[Tt](\d\d?):(\d\d?):(\d\d?)(?:[.,]\d+)?(?:Z|[-+](\d\d):(\d\d))"
    r"| (\d\d?):(\d\d?):(\d\d?)(?:[.,]\d+)?)?"
)
_BASE64 = r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"


class ScalarError(Exception):
    """A scalar has no JSON form or does not fit its tag. ``code`` is the finding's."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def resolve_plain(text: str) -> Any:
    """The value of a scalar without tag and quotes; floats as Go holds them, infinite ones included."""
    if text in WORDS:
        return WORDS[text]
    if text[0] in NUMERIC:
        number = parse_number(text)
        if number is not None:
            return number
    return text


def resolve_tagged(tag: str, text: str) -> Any:
    """The value of a scalar with an explicit tag; tags that YAML does not define leave the text as it is."""
    if tag == _BINARY:
        packed = text.replace("\r", "").replace("\n", "")
        if not re.fullmatch(_BASE64, packed):
            raise ScalarError(codes.BAD_TAG, "!!binary value is not base64")
        content = base64.b64decode(packed).decode("utf-8", "surrogateescape")
        return re.sub("[\udc80-\udcff]", "\ufffd", content)
    if tag not in (_BOOL, _INT, _FLOAT, _NULL, _TIME):
        return text
    value = resolve_plain(text)
    if tag == _TIME and isinstance(value, str) and _is_timestamp(text):
        return text
    if tag == _BOOL and isinstance(value, bool):
        return value
    if tag == _NULL and value is None:
        return None
    if not isinstance(value, bool):
        if tag == _INT and isinstance(value, int):
            return value
        if tag == _FLOAT and (isinstance(value, float) or (isinstance(value, int) and value < 1 << 63)):
            return float(value)
    raise ScalarError(codes.BAD_TAG, f"`{text[:40]}` is not a !!{tag.removeprefix(_CORE)}")


def to_json(value: Any) -> Any:
    """A resolved scalar as a JSON value. Raises ScalarError for infinity and not-a-number."""
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            raise ScalarError(codes.NOT_A_NUMBER, "JSON has no infinity and no not-a-number")
        return json_number(value)
    return value


def to_key(value: Any) -> str:
    """A resolved scalar as the name of a key. Raises ScalarError for null and numbers beyond 63 bits."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return float_key(value)
    if value is None:
        raise ScalarError(codes.BAD_KEY, "null cannot be a key")
    if value >= 1 << 63:
        raise ScalarError(codes.BAD_KEY, f"{value} is too large for a key")
    return str(value)


def resolve_parts(tag: str | None, plain: bool, text: str) -> Any:
    """The value of a scalar. plain: it may be more than text unless ``tag`` says so. Raises ScalarError."""
    if plain:
        return resolve_plain(text) if tag is None else text  # the tag is "!", which keeps the text
    return text if tag is None else resolve_tagged(tag, text)


def scalar_name(event: Any) -> str:
    """The key that a scalar event of a parser gives. Raises ScalarError."""
    return to_key(resolve_parts(event.tag, event.implicit[0], event.value))


def _is_timestamp(text: str) -> bool:
    found = re.fullmatch(_TIMESTAMP, text)
    if not found:
        return False
    month, day, *clock = (int(part) if part else 0 for part in found.groups())
    year = int(text[:4])
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    hour, minute, second, zone_hour, zone_minute, hour2, minute2, second2 = clock
    return (
        1 <= month <= 12
        and 1 <= day <= days[month - 1]
        and max(hour, hour2) <= 23
        and max(minute, second, minute2, second2) <= 59
        and zone_hour <= 24
        and zone_minute < 60
    )
