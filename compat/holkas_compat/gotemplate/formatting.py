"""Go's package fmt for the values that templates have.

Source: Go's documentation of package fmt, "Printing".
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

from holkas_compat.gotemplate.errors import LimitError
from holkas_compat.gotemplate.limits import LARGEST_TEXT
from holkas_compat.gotemplate.quoting import quoted
from holkas_compat.gotemplate.values import MISSING, NilList, NilStringList, measure, type_name

_VERB = re.compile(r"%([-+# 0]*)(\[\d+\])?(\*|\d+)?(?:(\.)(\[\d+\])?(\*|\d+)?)?(\[\d+\])?(.?)", re.DOTALL)
_WIDEST = 1_000_000
_FROM_EXPONENT = 6


def real(value: float, kind: str = "g", precision: int = -1) -> str:
    """A float as strconv.FormatFloat writes it; precision -1 for the shortest that reads back the same."""
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "+Inf" if value > 0 else "-Inf"
    if precision >= 0:
        return f"{value:.{precision}{kind}}"
    digits, exponent = _digits(value)
    sign = "-" if value < 0 or (value == 0 and str(value).startswith("-")) else ""
    if kind == "g":
        kind = "e" if value and not -4 <= exponent - 1 < _FROM_EXPONENT else "f"
    if kind == "e":
        tail = "." + digits[1:] if len(digits) > 1 else ""
        power = exponent - 1 if value else 0
        return f"{sign}{digits[0]}{tail}e{'-' if power < 0 else '+'}{abs(power):02d}"
    if exponent <= 0:
        return sign + ("0." + "0" * -exponent + digits if value else "0")
    if exponent >= len(digits):
        return sign + digits + "0" * (exponent - len(digits))
    return f"{sign}{digits[:exponent]}.{digits[exponent:]}"


def _digits(value: float) -> tuple[str, int]:
    """The shortest digits, and where the point stands after the first of them."""
    from decimal import Decimal

    _, digits, exponent = Decimal(repr(abs(value))).as_tuple()
    text = "".join(map(str, digits)).lstrip("0") or "0"
    assert isinstance(exponent, int)
    stripped = text.rstrip("0") or "0"
    return stripped, len(text) + exponent if value else 1


def shown(value: Any, *, top: bool = True) -> str:
    """As ``%v`` writes it."""
    if top:
        measure(value)
    if value is MISSING:
        return "<no value>"
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, float):
        return real(value)
    if isinstance(value, dict):
        return "map[" + " ".join(f"{key}:{shown(value[key], top=False)}" for key in in_order(value)) + "]"
    if isinstance(value, list):
        return "[" + " ".join(shown(item, top=False) for item in value) + "]"
    return str(value)


def in_order(mapping: dict[str, Any]) -> list[str]:
    """The keys sorted as Go sorts them, by their octets."""
    return sorted(mapping, key=lambda key: key.encode("utf-8", "surrogatepass"))


def joined(values: Sequence[Any]) -> str:
    """As ``fmt.Sprint`` writes them: blanks between operands of which neither is a string."""
    parts: list[str] = []
    for index, value in enumerate(values):
        if index and not isinstance(value, str) and not isinstance(values[index - 1], str):
            parts.append(" ")
        parts.append(shown(value if value is not MISSING else None))
    return _bounded("".join(parts))


def joined_line(values: Sequence[Any]) -> str:
    """As ``fmt.Sprintln`` writes them."""
    return _bounded(" ".join(shown(value if value is not MISSING else None) for value in values) + "\n")


def _bounded(text: str) -> str:
    if len(text) > LARGEST_TEXT:
        raise LimitError("a text is too long")
    return text


def formatted(template: str, values: Sequence[Any]) -> str:
    """As ``fmt.Sprintf`` writes them, its complaints included (``%!d(string=x)``, ``%!s(MISSING)``)."""
    out: list[str] = []
    position = index = 0
    reordered = False
    while True:
        percent = template.find("%", position)
        if percent < 0:
            out.append(template[position:])
            break
        out.append(template[position:percent])
        match = _VERB.match(template, percent)
        assert match
        position = match.end()
        flags, first, width, dot, second, precision, third, verb = match.groups()
        wide, exact = None, None
        for place in (first, second, third):
            if place:
                index, reordered = int(place[1:-1]) - 1, True
        if width == "*":
            wide, index = _count(values, index), index + 1
            if wide is None:
                out.append("%!(BADWIDTH)")
            elif wide < 0:
                wide, flags = -wide, flags + "-"
        elif width:
            wide = int(width)
        if dot and precision == "*":
            exact, index = _count(values, index), index + 1
            if exact is None or exact < 0:
                out.append("%!(BADPREC)" if exact is None else "")
                exact = None
        elif dot:
            exact = int(precision or 0)
        if max(wide or 0, exact or 0) > _WIDEST:
            raise LimitError("a width is too large")
        if not verb:
            out.append("%!(NOVERB)")
        elif verb == "%":
            out.append("%")
        elif index >= len(values) or index < 0:
            out.append(f"%!{verb}({'BADINDEX' if reordered else 'MISSING'})")
        else:
            out.append(_one(values[index], verb, flags, wide, exact))
            index += 1
    if not reordered and index < len(values):
        extra = ", ".join(
            "<nil>" if value is None or value is MISSING else f"{type_name(value)}={shown(value)}"
            for value in values[index:]
        )
        out.append(f"%!(EXTRA {extra})")
    return _bounded("".join(out))


def _count(values: Sequence[Any], index: int) -> int | None:
    if 0 <= index < len(values) and isinstance(values[index], int) and not isinstance(values[index], bool):
        return int(values[index]) if abs(values[index]) <= _WIDEST else None
    return None


def _one(value: Any, verb: str, flags: str, width: int | None, precision: int | None) -> str:
    if value is MISSING:
        value = None
    measure(value)
    if verb == "T":
        return _padded(type_name(value), flags, width)
    if value is None:
        return _padded("<nil>", flags, width) if verb == "v" else f"%!{verb}(<nil>)"
    return _value(value, verb, flags, width, precision, 0)


def _value(value: Any, verb: str, flags: str, width: int | None, precision: int | None, depth: int) -> str:
    """One value; those of maps and slices are formatted with the same verb, as Go does."""
    if isinstance(value, dict):
        parts = (
            _value(key, verb, flags, width, precision, depth + 1)
            + ":"
            + _value(value[key], verb, flags, width, precision, depth + 1)
            for key in in_order(value)
        )
        if verb == "v" and "#" in flags:
            return type_name(value) + "{" + ", ".join(parts) + "}"
        return "map[" + " ".join(parts) + "]"
    if isinstance(value, NilList | NilStringList) and verb == "v" and "#" in flags:
        return type_name(value) + "(nil)"
    if isinstance(value, list):
        items = (_value(item, verb, flags, width, precision, depth + 1) for item in value)
        if verb == "v" and "#" in flags:
            return type_name(value) + "{" + ", ".join(items) + "}"
        return "[" + " ".join(items) + "]"
    if value is None:
        return "interface {}(nil)" if "#" in flags and verb == "v" else "<nil>"
    text = _scalar(value, verb, flags, precision)
    if text is None:
        told = _value(value, "v", flags.replace("#", ""), width, precision, depth)
        return f"%!{verb}({type_name(value)}={told})"
    zero = "0" in flags and "-" not in flags and width is not None
    if zero and not isinstance(value, bool) and not (isinstance(value, int) and precision is not None):
        assert width is not None
        sign = text[:1] if text[:1] in ("+", "-", " ") and isinstance(value, int | float) else ""
        return sign + text[len(sign) :].rjust(width - len(sign), "0")
    return _padded(text, flags, width)


def _padded(text: str, flags: str, width: int | None) -> str:
    if width is None:
        return text
    return text.ljust(width) if "-" in flags else text.rjust(width)


def _scalar(value: Any, verb: str, flags: str, precision: int | None) -> str | None:
    """A scalar without padding; None for a verb that its type has not got."""
    if isinstance(value, bool):
        return ("true" if value else "false") if verb in "tv" else None
    if isinstance(value, int):
        return _integer(int(value), verb, flags, precision)
    if isinstance(value, float):
        return _real_verb(value, verb, flags, precision)
    text = value if isinstance(value, str) else str(value)
    if verb in "sv":
        if verb == "v" and "#" in flags:
            return quoted(text)
        return text if precision is None else text[:precision]
    if verb == "q":
        cut = text if precision is None else text[:precision]
        if "#" in flags and "`" not in cut and all(sign.isprintable() or sign == "\t" for sign in cut):
            return f"`{cut}`"
        return quoted(cut)
    if verb in "xX":
        octets = (text if precision is None else text[:precision]).encode("utf-8", "surrogateescape")
        prefix = "0x" if "#" in flags else ""
        if " " in flags:
            digits = octets.hex(" ").replace(" ", f" {prefix}") if octets else ""
        else:
            digits = octets.hex()
        digits = prefix + digits if octets else ""
        return digits.upper() if verb == "X" else digits
    return None


def _integer(value: int, verb: str, flags: str, precision: int | None) -> str | None:
    sign = "-" if value < 0 else "+" if "+" in flags else " " if " " in flags else ""
    size = abs(value)
    if verb in "dv":
        digits = str(size)
    elif verb in "box" or verb == "X" or verb == "O":
        base = "o" if verb == "O" else verb
        digits = format(size, base)
        if precision is not None:
            digits = digits.rjust(precision, "0")
        prefix = {"b": "0b", "o": "0", "x": "0x", "X": "0X"}.get(verb, "") if "#" in flags else ""
        return sign + ("0o" if verb == "O" else prefix) + digits
    elif verb == "c":
        return chr(value) if 0 <= value <= 0x10FFFF and not 0xD800 <= value < 0xE000 else "\ufffd"
    elif verb == "q":
        return quoted(chr(value) if 0 <= value <= 0x10FFFF else "\ufffd", "'")
    elif verb == "U":
        shown_too = f" '{chr(size)}'" if "#" in flags and size <= 0x10FFFF and chr(size).isprintable() else ""
        return f"U+{size:04X}{shown_too}"
    else:
        return None
    if precision is not None:
        digits = "" if precision == 0 and value == 0 else digits.rjust(precision, "0")
    return sign + digits


def _real_verb(value: float, verb: str, flags: str, precision: int | None) -> str | None:
    if verb == "v":
        text = real(value)
    elif verb in "gG":
        text = real(value) if precision is None else _general(value, precision)
        text = text.upper() if verb == "G" else text
    elif verb in "eEfF":
        text = f"{value:.{6 if precision is None else precision}{verb.lower()}}"
        text = text.upper() if verb == "E" else text
    elif verb in "xX" and math.isfinite(value):
        head, _, power = value.hex().partition("p")
        head = head.rstrip("0").removesuffix(".") if "." in head else head
        text = f"{head}p{power[0]}{power[1:]:0>2}"
        text = text.upper() if verb == "X" else text
    else:
        return None
    if value >= 0 and not text.startswith("+"):
        text = ("+" if "+" in flags else " " if " " in flags else "") + text
    elif text.startswith("+") and "+" not in flags and text != "+Inf":
        text = text[1:]
    return text


def _general(value: float, precision: int) -> str:
    return f"{value:.{precision or 1}g}"
