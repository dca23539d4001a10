"""All rules, and how they are put to a document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from holkas.model.code import CodeDoc
from holkas.model.finding import Finding

from holkas_compat.tekton.lint.rules import (
    conditions,
    environment,
    finally_results,
    images,
    names,
    old_forms,
    old_versions,
    parallel_writers,
    param_values,
    privileges,
    run_after,
    script_params,
    secrets,
    server_fields,
    shebang,
    unread_results,
    unused_params,
    unwritten_results,
    variables,
    volumes,
    workspaces_unused,
)
from holkas_compat.tekton.lint.rules.parts import DocumentPart, Neighbours, take_apart
from holkas_compat.tekton.lint.rules.rule import Hits, Rule
from holkas_compat.tekton.unit import Unit

RULES: tuple[Rule, ...] = (
    unused_params.RULE,
    unread_results.RULE,
    workspaces_unused.RULE,
    parallel_writers.RULE,
    conditions.NEVER,
    secrets.ECHOED,
    secrets.PLAIN,
    images.LATEST,
    environment.TWICE,
    volumes.MISSING,
    volumes.UNMOUNTED,
    finally_results.RULE,
    names.CASE,
    shebang.LATE,
    server_fields.RULE,
    unwritten_results.RULE,
    variables.NO_VARIABLE,
    variables.ESCAPED,
    privileges.RULE,
    param_values.MIXED,
    old_versions.VERSION,
    old_versions.FIELD,
    old_forms.MARKED,
    old_forms.NOTATION,
    images.DIGEST,
    environment.OVERRIDDEN,
    run_after.RULE,
    shebang.MISSING,
    names.CAMEL,
    names.NEITHER,
    conditions.ALWAYS,
    script_params.RULE,
    unread_results.SHARED,
    param_values.NUMBER,
)

RULE_CODES: Mapping[str, CodeDoc] = {
    rule.code: CodeDoc(rule.doc.title, rule.doc.text, rule.example.strip(), rule.near_miss.strip())
    for rule in RULES
}


def judge(units: Sequence[Unit]) -> dict[int, list[Finding]]:
    """What the rules say of the documents that could be decoded, by index of the unit."""
    neighbours = Neighbours()
    parts: dict[int, DocumentPart] = {}
    for index, unit in enumerate(units):
        if unit.object is not None:
            parts[index] = take_apart(unit, unit.object, neighbours)
    neighbours.documents += parts.values()
    return {index: list(_of_document(part)) for index, part in parts.items()}


def _of_document(part: DocumentPart) -> Iterator[Finding]:
    unit = part.unit
    for rule in RULES:
        if rule.document is not None:
            yield from _findings(unit, rule, rule.document(part))
        if rule.pipeline is not None:
            for pipeline in part.pipelines:
                yield from _findings(unit, rule, rule.pipeline(pipeline))
        if rule.task is not None:
            for task in part.tasks:
                yield from _findings(unit, rule, rule.task(task))
        if rule.container is not None:
            for container in part.containers:
                yield from _findings(unit, rule, rule.container(container))


def _findings(unit: Unit, rule: Rule, hits: Hits) -> Iterator[Finding]:
    for hit in hits:
        yield unit.finding(
            rule.code,
            hit.message,
            hit.path,
            severity=hit.severity or rule.severity,
            hint=hit.hint,
            within=hit.within,
            on_key=hit.on_key,
            fix=hit.fix,
        )
