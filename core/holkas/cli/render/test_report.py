"""Outcomes of task tests as text, as JSON and as JUnit's XML."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

from holkas.cli.render.printable import printable

if TYPE_CHECKING:
    from holkas.cli.task_test_run import CaseOutcome
    from holkas.task_tests.definition import TestFile
    from holkas.task_tests.judging import Mismatch

Outcomes = Sequence[tuple["TestFile", Sequence["CaseOutcome"]]]

_LOG_LINES = 10
"""Last lines of the log that a failure is shown with."""


def case_lines(outcome: CaseOutcome) -> list[str]:
    """A test in one line, and what is not as expected below it."""
    name = printable(outcome.case.name)
    if outcome.case.skip:
        return [f"  {click.style('skip', fg='yellow')}  {name}: {printable(outcome.case.skip)}"]
    if not outcome.failed:
        return [f"  {click.style('pass', fg='green')}  {name}"]
    head = f"  {click.style('FAIL', fg='red', bold=True)}  {name}"
    return [head, *(f"        {printable(line)}" for line in _reasons(outcome))]


def summary_line(outcomes: Outcomes) -> str:
    """How many passed and failed."""
    passed, failed, skipped, seconds = _counts(case for _, cases in outcomes for case in cases)
    parts = (
        [f"{passed} passed"] + [f"{failed} failed"] * bool(failed) + [f"{skipped} skipped"] * bool(skipped)
    )
    return f"{', '.join(parts)} in {seconds:.1f} s of tests"


def as_json(outcomes: Outcomes) -> str:
    """``TaskTestList``; the page reference/json.md describes it."""
    items = [
        {
            "file": file.name,
            "line": outcome.case.line,
            "name": outcome.case.name,
            "task": outcome.case.task,
            "status": _status(outcome),
            "skip": outcome.case.skip,
            "error": outcome.error,
            "seconds": round(outcome.seconds, 3),
            "mismatches": [_mismatch(each) for each in outcome.mismatches],
        }
        for file, cases in outcomes
        for outcome in cases
    ]
    value = {"apiVersion": "holkas/v1", "kind": "TaskTestList", "items": items}
    return json.dumps(value, indent=2, ensure_ascii=False)


def as_junit(outcomes: Outcomes) -> str:
    """One test suite a file."""
    from xml.etree import ElementTree  # only written, never read

    root = ElementTree.Element("testsuites", _junit_counts(case for _, cases in outcomes for case in cases))
    root.set("name", "holkas test")
    for file, cases in outcomes:
        suite = ElementTree.SubElement(
            root, "testsuite", {"name": printable(file.name), **_junit_counts(cases)}
        )
        for outcome in cases:
            case = ElementTree.SubElement(
                suite,
                "testcase",
                classname=printable(file.name),
                name=printable(outcome.case.name),
                time=f"{outcome.seconds:.3f}",
            )
            if outcome.case.skip:
                ElementTree.SubElement(case, "skipped", message=printable(outcome.case.skip))
            if outcome.failed:
                kind = "error" if outcome.error else "failure"
                lines = [printable(line) for line in _reasons(outcome)]
                told = ElementTree.SubElement(case, kind, message=lines[0])
                told.text = "\n".join(lines)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True)


def _reasons(outcome: CaseOutcome) -> list[str]:
    if outcome.error:
        return [outcome.error]
    lines = [line for mismatch in outcome.mismatches for line in _told(mismatch)]
    log = [line for text in outcome.logs.values() for line in text.splitlines()][-_LOG_LINES:]
    return [*lines, *(["last lines of the log:"] if log else []), *(f"  {line}" for line in log)]


def _told(mismatch: Mismatch) -> list[str]:
    if not mismatch.expected:
        return [f"{mismatch.where}: {mismatch.actual}"]
    lines = [f"{mismatch.where}:", f"  expected: {mismatch.expected}", f"  actual:   {mismatch.actual}"]
    return [*lines, *(f"    {line}" for line in mismatch.difference)]


def _mismatch(mismatch: Mismatch) -> dict[str, Any]:
    return {
        "where": mismatch.where,
        "expected": mismatch.expected,
        "actual": mismatch.actual,
        "difference": list(mismatch.difference),
    }


def _status(outcome: CaseOutcome) -> str:
    if outcome.case.skip:
        return "skipped"
    return "error" if outcome.error else "failed" if outcome.mismatches else "passed"


def _counts(outcomes: Iterable[CaseOutcome]) -> tuple[int, int, int, float]:
    several = list(outcomes)
    failed = sum(outcome.failed for outcome in several)
    skipped = sum(bool(outcome.case.skip) for outcome in several)
    return len(several) - failed - skipped, failed, skipped, sum(outcome.seconds for outcome in several)


def _junit_counts(outcomes: Iterable[CaseOutcome]) -> dict[str, str]:
    several = list(outcomes)
    errors = sum(bool(outcome.error) for outcome in several)
    counts = {
        "tests": len(several),
        "failures": sum(outcome.failed for outcome in several) - errors,
        "errors": errors,
        "skipped": sum(bool(outcome.case.skip) for outcome in several),
    }
    return {key: str(count) for key, count in counts.items()}
