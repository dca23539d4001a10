"""Whether what a task did is what its test expects."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from difflib import ndiff, unified_diff

from holkas.model.record import TaskRunRecord
from holkas.model.value import Value
from holkas.pipeline.reasons import TerminationReason
from holkas.records import dataclass
from holkas.task_tests.definition import Expected, ExpectedCalls, ExpectedStep, Match
from holkas.task_tests.stubs import Call, of_stub

_DIFFERENCE = 60
"""Most lines of a difference that are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What happened. logs: of each step that ran, by name. file: a workspace's file, None where it has none."""

    record: TaskRunRecord
    logs: Mapping[str, str] = field(default_factory=dict)
    calls: tuple[Call, ...] = ()
    file: Callable[[str, str], str | None] = lambda workspace, path: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """One thing that is not as expected: where, and the two as they are shown. difference: of long texts, by line."""

    where: str
    expected: str
    actual: str
    difference: tuple[str, ...] = ()


def judge(expected: Expected, observed: Observed) -> list[Mismatch]:
    """Everything that is not as expected, in the order in which a test says it."""
    record = observed.record
    results = {result.name: result.value for result in record.results}
    steps = {step.name: step for step in record.steps}
    found = [*_same("status", expected.status, "Succeeded" if record.condition.succeeded else "Failed")]
    if expected.reason:
        found += _same("reason", expected.reason, record.condition.reason)
    if found and found[0].where == "status":
        found.append(Mismatch(where="message", expected="", actual=record.condition.message))
    found += _matched("message", expected.message, record.condition.message)
    for name, match in expected.results.items():
        found += _matched(f"results.{name}", match, results.get(name))
    for name, wanted in expected.steps.items():
        if name not in steps:
            found.append(
                Mismatch(where=f"steps.{name}", expected="a step", actual=f"there are {_listed(steps)}")
            )
            continue
        found += _step(f"steps.{name}", wanted, observed, name)
    found += _matched("log", expected.log, "".join(observed.logs.values()))
    for workspace, files in expected.files.items():
        for path, match in files.items():
            found += _matched(f"workspaces.{workspace}.{path}", match, observed.file(workspace, path))
    for name, calls in expected.stubs.items():
        found += _calls(f"stubs.{name}", calls, of_stub(name, observed.calls))
    return found


def _step(where: str, wanted: ExpectedStep, observed: Observed, name: str) -> Iterator[Mismatch]:
    (record, *_) = [step for step in observed.record.steps if step.name == name]
    if wanted.skipped is not None:
        skipped = record.termination == TerminationReason.SKIPPED
        yield from _same(f"{where}.skipped", str(wanted.skipped).lower(), str(skipped).lower())
    if wanted.exit_code is not None:
        yield from _same(f"{where}.exitCode", str(wanted.exit_code), str(record.exit_code))
    if wanted.reason:
        yield from _same(f"{where}.reason", wanted.reason, record.reason)
    results = {result.name: result.value for result in record.results}
    for result, match in wanted.results.items():
        yield from _matched(f"{where}.results.{result}", match, results.get(result))
    yield from _matched(f"{where}.log", wanted.log, observed.logs.get(name, ""))


def _calls(where: str, wanted: ExpectedCalls, made: Sequence[Call]) -> Iterator[Mismatch]:
    if wanted.times is not None:
        yield from _same(f"{where}.times", str(wanted.times), str(len(made)))
    if wanted.calls is None:
        return
    fits = len(made) == len(wanted.calls) and all(
        not [*_matched("", one, " ".join(call.arguments))]
        if isinstance(one, Match)
        else one == call.arguments
        for one, call in zip(wanted.calls, made, strict=True)
    )
    if not fits:
        lines = [
            _told(one) if isinstance(one, Match) else json.dumps(one, ensure_ascii=False)
            for one in wanted.calls
        ]
        actual = [json.dumps(call.arguments, ensure_ascii=False) for call in made]
        yield Mismatch(
            where=f"{where}.calls",
            expected=f"{len(lines)} calls",
            actual=f"{len(actual)} calls",
            difference=tuple(line for line in ndiff(lines, actual) if not line.startswith("?"))[:_DIFFERENCE],
        )


def _same(where: str, expected: str, actual: str) -> Iterator[Mismatch]:
    if expected != actual:
        yield Mismatch(where=where, expected=expected, actual=actual)


def _matched(where: str, match: Match, actual: Value | None) -> Iterator[Mismatch]:
    if not match.exists:
        if actual is not None:
            yield Mismatch(where=where, expected="nothing", actual=_shown(actual))
        return
    if match == Match() and not where.startswith("workspaces."):
        return
    if actual is None:
        yield Mismatch(where=where, expected=_told(match), actual="nothing")
        return
    text = actual if isinstance(actual, str) else json.dumps(actual, ensure_ascii=False)
    if match.equals is not None and match.equals != actual:
        difference = _difference(match.equals, actual)
        yield Mismatch(
            where=where, expected=_shown(match.equals), actual=_shown(actual), difference=difference
        )
    for part in match.contains:
        if part not in text:
            yield Mismatch(where=where, expected=f"contains {_shown(part)}", actual=_shown(text))
    for part in match.excludes:
        if part in text:
            yield Mismatch(where=where, expected=f"excludes {_shown(part)}", actual=_shown(text))
    if match.matches and re.search(match.matches, text, re.MULTILINE) is None:
        yield Mismatch(where=where, expected=f"matches {match.matches}", actual=_shown(text))


def _difference(expected: Value, actual: Value) -> tuple[str, ...]:
    if (
        not isinstance(expected, str)
        or not isinstance(actual, str)
        or "\n" not in expected.strip("\n") + actual.strip("\n")
    ):
        return ()
    lines = unified_diff(expected.splitlines(), actual.splitlines(), "expected", "actual", lineterm="", n=2)
    return tuple(lines)[:_DIFFERENCE]


def _told(match: Match) -> str:
    told = [] if match.equals is None else [_shown(match.equals)]
    told += [f"contains {_shown(part)}" for part in match.contains]
    told += [f"excludes {_shown(part)}" for part in match.excludes]
    told += [f"matches {match.matches}"] if match.matches else []
    return ", ".join(told) or "something"


def _shown(value: Value) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text)} characters)"


_LONGEST = 2000


def _listed(names: Mapping[str, object]) -> str:
    return ", ".join(names) or "none"
