"""The language of health rules: one line, one rule.

``TEST and TEST … -> STATUS MESSAGE``. The rules of a kind are tried in order; the first whose tests all hold gives the
status. ``else -> STATUS`` holds always. The message may hold ``{.a.path}`` and, of the condition that the tests found,
``{message}``, ``{reason}``, ``{type}``; without one it is that condition's message, or its reason.

==============================  ========================================================================================
``Ready=True``                  a condition of ``.status.conditions`` with this type and status (case aside)
``Ready=False/Failed|Lost``     … and one of these reasons
``Ready!=True``                 there is such a condition, and its status is another
``Ready``                       there is such a condition
``Ready#severity=Error``        a field of the condition, compared as fields are
``Ready@current=True``          only a condition that does not speak of another generation of the resource
``.status.parents[*]:Ready=…``  conditions that are kept elsewhere: the elements of a list at this path
``.status.phase=Ready|Done``    a field has one of these values; ``*`` in a value: any text, ``?``: one character
``.status.a<.spec.b``           also ``!=``, ``<=``, ``>``, ``>=``; the right side may be a field
``.status.error``               a field is there and not null
``count(.spec.clusters[*])=0``  how many; ``distinct(…)`` how many different ones, ``sum(…, …)`` their sum;
                                inside, ``.a[*]=x`` or ``.a[*]:Ready=True`` picks some
``not …``                       the opposite of a test
==============================  ========================================================================================

A path is fields after dots; ``[*]`` stands for every element of a list and every value of a mapping (``[-1]``: for the
last element), and a test holds when it holds for one of them. A comparison with a field that is not there does not
hold, not even ``!=``; so ``not .a=b`` is the way to say "not there, or another".

A list among the rules is tried **in turn**: with each condition as if it were the only one, so that the first condition
that any of its rules speaks of decides, and not the first rule. A list that begins with ``each PATH`` does the same with
the elements at that path, which its rules call ``.each``. The status ``skip`` goes on to the next element.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any

from holkas.gitops.health.rules.values import as_number, as_text, compare, select, split_path
from holkas.model.health import Health, HealthStatus
from holkas.records import dataclass


class RuleError(ValueError):
    """A rule is not in the language; the text says which and why."""


@dataclass(slots=True, kw_only=True)
class Found:
    """What the tests of one rule came upon: the last condition that made one hold."""

    condition: Mapping[str, Any] = field(default_factory=dict)


Test = Callable[[Mapping[str, Any], Found], bool]
Rule = Callable[[Mapping[str, Any]], Health | None]

Line = str | Sequence[Any]
"""A rule, or lines that are tried in turn."""

SKIPPED = Health(status=HealthStatus.UNKNOWN, message="skip")
"""What a rule says (told by identity) that ends the rules for one of the elements that are tried in turn."""

_COMPARISON = re.compile(r"^(?P<left>\w+\([^()]*\)|.+?)(?P<sign>!=|<=|>=|=|<|>)(?P<right>.*)$", re.DOTALL)
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_CONDITIONS = ".status.conditions[*]"
_SEEN, _GENERATION = ("observedGeneration",), ("metadata", "generation")


def parse_line(line: Line) -> Rule:
    """The rule that a line is, or that a list of them tried in turn is. Raises RuleError."""
    if isinstance(line, str):
        return parse_rule(line)
    place = _CONDITIONS
    lines = list(line)
    if lines and isinstance(lines[0], str) and lines[0].startswith("each "):
        place = lines.pop(0)[5:].strip()
    rules = [parse_line(inner) for inner in lines]
    path = split_path(place)
    view = _with_only if place == _CONDITIONS else _with_element

    def rule(manifest: Mapping[str, Any]) -> Health | None:
        for item in select(manifest, path):
            health = first_of(rules, view(manifest, item))
            if health is not None and health is not SKIPPED:
                return health
        return None

    return rule


def first_of(rules: Iterable[Rule], manifest: Mapping[str, Any]) -> Health | None:
    """What the first rule says that says anything of a manifest."""
    for rule in rules:
        health = rule(manifest)
        if health is not None:
            return health
    return None


def _with_element(manifest: Mapping[str, Any], item: Any) -> Mapping[str, Any]:
    return {**manifest, "each": item}


def _with_only(manifest: Mapping[str, Any], condition: Any) -> Mapping[str, Any]:
    return {**manifest, "each": condition, "status": {**manifest["status"], "conditions": [condition]}}


def parse_rule(line: str) -> Rule:
    """The rule that a line of the language is. Raises RuleError."""
    tests_text, arrow, outcome = line.partition(" -> ")
    if not arrow:
        raise RuleError(f"a rule needs ' -> ' before its status: {line!r}")
    word, _, message = outcome.strip().partition(" ")
    texts = [] if tests_text.strip() == "else" else tests_text.split(" and ")
    tests = [parse_test(text.strip()) for text in texts]
    if word == "skip":
        return _skipping(tests)
    try:
        status = HealthStatus(word)
    except ValueError:
        raise RuleError(f"{word!r} is no health status: {line!r}") from None
    return _rule(tests, status, message.strip())


def parse_test(text: str) -> Test:
    """One test of a rule. Raises RuleError."""
    if text.startswith("not "):
        inner = parse_test(text[4:].strip())
        return lambda manifest, found: not inner(manifest, Found())
    left, sign, right = text, "", ""
    compared = _COMPARISON.match(text)
    if compared is not None:
        left, sign, right = compared.group("left", "sign", "right")
    if not left or left.startswith((" ", "=")):
        raise RuleError(f"a test needs a condition or a field: {text!r}")
    if _counter(left) is not None:
        return _number_test(left, sign, right)
    if left.startswith(".") and ":" not in left:
        return _field_test(left, sign, right)
    return _condition_test(left, sign, right)


def _rule(tests: list[Test], status: HealthStatus, message: str) -> Rule:
    def rule(manifest: Mapping[str, Any]) -> Health | None:
        found = Found()
        for test in tests:
            if not test(manifest, found):
                return None
        return Health(status=status, message=_message(message, manifest, found.condition))

    return rule


def _skipping(tests: list[Test]) -> Rule:
    return lambda manifest: SKIPPED if all(test(manifest, Found()) for test in tests) else None


def _field_test(left: str, sign: str, right: str) -> Test:
    path = split_path(left)
    if not sign:
        return lambda manifest, found: any(value is not None for value in select(manifest, path))
    other = _right_side(right)
    return lambda manifest, found: compare(select(manifest, path), sign, other(manifest))


def _number_test(left: str, sign: str, right: str) -> Test:
    count = _counter(left)
    if count is None or not sign:
        raise RuleError(f"a number needs a comparison: {left!r}")
    other = _right_side(right)
    return lambda manifest, found: compare(count(manifest), sign, other(manifest))


def _right_side(right: str) -> Callable[[Mapping[str, Any]], list[Any]]:
    count = _counter(right)
    if count is not None:
        return count
    if right.startswith("."):
        path = split_path(right)
        return lambda manifest: list(select(manifest, path))
    values = right.split("|")
    return lambda manifest: values


_TOTALS: Mapping[str, Callable[[list[Any]], float]] = {
    "count": len,
    "distinct": lambda values: len({as_text(value) for value in values}),
    "sum": lambda values: sum(as_number(value) or 0 for value in values),
}


def _counter(text: str) -> Callable[[Mapping[str, Any]], list[Any]] | None:
    """``count(…)``, ``distinct(…)`` or ``sum(…)`` as a function; None for anything else."""
    word, bracket, places = text.partition("(")
    if word not in _TOTALS or not bracket or not places.endswith(")"):
        return None
    total = _TOTALS[word]
    paths = [_selection(place.strip()) for place in places[:-1].split(",")]
    return lambda manifest: [total([value for path in paths for value in path(manifest)])]


def _selection(place: str) -> Callable[[Mapping[str, Any]], Iterator[Any]]:
    """The values at a place; with ``=…`` those that have one of these values, with ``:Type…`` such conditions."""
    text, sign, wanted = place.partition("=")
    if ":" in text:
        where, _, kind = text.rpartition(":")
        fits = _fitting(kind, "=" if sign else "", wanted)
        at = split_path(where)
        return lambda manifest: (item for item in _mappings(select(manifest, at)) if fits(item, manifest))
    path = split_path(text)
    if not sign:
        return lambda manifest: select(manifest, path)
    values = wanted.split("|")
    return lambda manifest: (value for value in select(manifest, path) if compare([value], "=", values))


def _condition_test(left: str, sign: str, right: str) -> Test:
    place, colon, kind = left.rpartition(":")
    path = split_path(place if colon else _CONDITIONS)
    fits = _fitting(kind, sign, right)

    def test(manifest: Mapping[str, Any], found: Found) -> bool:
        for item in _mappings(select(manifest, path)):
            if fits(item, manifest):
                found.condition = item
                return True
        return False

    return test


Fits = Callable[[Mapping[str, Any], Mapping[str, Any]], bool]
"""Whether a condition (first) of a manifest (second) is one that a test speaks of."""


def _fitting(kind: str, sign: str, right: str) -> Fits:
    kind, mark, attribute = kind.partition("#")
    kind, at_sign, _ = kind.partition("@current")
    wanted = re.compile("|".join(re.escape(part).replace(r"\*", ".*") for part in kind.split("|")))
    fits = _attribute_test(attribute, sign, right) if mark else _status_test(sign, right)
    return lambda item, manifest: (
        wanted.fullmatch(as_text(item.get("type"))) is not None
        and (not at_sign or _is_current(item, manifest))
        and fits(item, manifest)
    )


def _is_current(item: Mapping[str, Any], manifest: Mapping[str, Any]) -> bool:
    return not compare(select(item, _SEEN), "!=", select(manifest, _GENERATION))


def _attribute_test(attribute: str, sign: str, right: str) -> Fits:
    path, other = split_path("." + attribute), _right_side(right)
    return lambda item, manifest: compare(select(item, path), sign, other(manifest))


def _status_test(sign: str, right: str) -> Fits:
    if not sign:
        return lambda item, manifest: True
    if sign not in ("=", "!="):
        raise RuleError(f"a condition has no order: {sign}{right}")
    statuses, slash, reasons = right.partition("/")
    allowed = frozenset(status.casefold() for status in statuses.split("|"))
    because = reasons.split("|") if slash else None
    same = sign == "="

    def fits(item: Mapping[str, Any], manifest: Mapping[str, Any]) -> bool:
        if (as_text(item.get("status")).casefold() in allowed) is not same:
            return False
        return because is None or compare([item.get("reason")], "=", because)

    return fits


def _mappings(values: Iterator[Any]) -> Iterator[Mapping[str, Any]]:
    return (value for value in values if isinstance(value, Mapping))


def _message(template: str, manifest: Mapping[str, Any], condition: Mapping[str, Any]) -> str:
    if not template:
        return as_text(condition.get("message")) or as_text(condition.get("reason"))

    def fill(match: re.Match[str]) -> str:
        name = match.group(1)
        if name.startswith("."):
            return ", ".join(as_text(value) for value in select(manifest, split_path(name)))
        return as_text(condition.get(name))

    return _PLACEHOLDER.sub(fill, template)
