"""Every rule speaks up about its example and keeps quiet about the near miss."""

from __future__ import annotations

import re

import pytest
from holkas.model.finding import Finding, Severity
from holkas.yaml import Source, load_documents, locate
from holkas_compat.tekton.importer import TektonImporter
from holkas_compat.tekton.lint.rules.registry import RULES
from holkas_compat.tekton.lint.rules.rule import Rule

CLASSES = {"6": Severity.WARNING, "7": Severity.DEPRECATION, "8": Severity.HABIT}
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)


def lint(text: str) -> list[Finding]:
    return TektonImporter().lint(load_documents(Source("f.yaml", text.encode())), level="alpha")


@each_rule
def test_the_example_is_found_at_a_place_that_exists(rule: Rule) -> None:
    source = Source("f.yaml", rule.example.encode())
    found = [finding for finding in lint(rule.example) if finding.code == rule.code]
    assert found
    for finding in found:
        assert finding.severity is rule.severity
        position = locate(source, finding.place)
        assert position.line > 1, "the place was not found"
        if finding.place.within:
            assert finding.place.within in position.excerpt


@each_rule
def test_the_near_miss_is_not_found(rule: Rule) -> None:
    assert [finding for finding in lint(rule.near_miss) if finding.code == rule.code] == []


@each_rule
def test_tekton_accepts_both_texts(rule: Rule) -> None:
    for text in (rule.example, rule.near_miss):
        assert [finding.message for finding in lint(text) if finding.severity is Severity.ERROR] == []


@each_rule
def test_code_class_and_words_fit(rule: Rule) -> None:
    assert re.fullmatch(r"T[678]\d\d", rule.code)
    assert rule.severity is CLASSES[rule.code[1]]
    assert rule.doc.title and rule.doc.text.endswith(".")
    assert any((rule.document, rule.pipeline, rule.task, rule.container))


def test_no_code_is_taken_twice() -> None:
    codes = [rule.code for rule in RULES]
    assert len(set(codes)) == len(codes)
