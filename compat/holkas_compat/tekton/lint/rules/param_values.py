"""T620 and T810: values of params that YAML does not read as texts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from holkas.model.code import CodeDoc
from holkas.model.finding import Severity
from holkas.model.path import DocumentPath

from holkas_compat.manifest.shape import name_of, record, records
from holkas_compat.tekton.lint.rules.parts import DocumentPart
from holkas_compat.tekton.lint.rules.rule import Hit, Hits, Rule


def _values(part: DocumentPart) -> Iterator[tuple[str, Any, DocumentPath]]:
    """Name, value as YAML gives it, and place, of everything that is declared or given."""
    raw = part.unit.document.value
    for path in _lists(part):
        for index, param in enumerate(records(_at(raw, path))):
            for key in ("default", "value"):
                if key in param:
                    yield name_of(param), param[key], (*path, index, key)


def _lists(part: DocumentPart) -> Iterator[DocumentPath]:
    """The places of all lists of params."""
    yield "spec", "params"
    for owner in part.owners:
        if owner.path != ("spec",):
            yield (*owner.path, "params")
    for container in part.containers:
        if container.field == "steps":
            yield (*container.path, "params")
    for pipeline in part.pipelines:
        for task in pipeline.tasks:
            yield (*task.path, "params")
            matrix = record(task.spec.get("matrix"))
            yield (*task.path, "matrix", "params")
            for index, _ in enumerate(records(matrix.get("include"))):
                yield (*task.path, "matrix", "include", index, "params")


def _at(value: Any, path: DocumentPath) -> Any:
    for part in path:
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        else:
            return None
    return value


def _mixed(part: DocumentPart) -> Hits:
    for name, value, path in _values(part):
        items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        odd = next((item for item in items if item is not None and not isinstance(item, str)), None)
        if odd is not None:
            noun = "a list" if isinstance(value, list) else "a mapping"
            message = f'the value of param "{name}" is {noun} with {_named(odd)} in it, so Tekton takes it for one text'
            yield Hit(message, path, "put every item in quotes")


def _named(value: object) -> str:
    if isinstance(value, dict | list):
        return "more than texts"
    return json.dumps(value)


def _number(part: DocumentPart) -> Hits:
    for name, value, path in _values(part):
        if isinstance(value, bool | int | float):
            text = json.dumps(value)
            noun = "true or false" if isinstance(value, bool) else "a number"
            message = f'the value of param "{name}" is {noun} in YAML, Tekton makes the text "{text}" of it'
            yield Hit(message, path, "put it in quotes as it is meant")


MIXED = Rule(
    code="T620",
    severity=Severity.WARNING,
    doc=CodeDoc(
        "A list or mapping of other things than texts, as the value of a param",
        "Params are texts, lists of texts or mappings of texts. A list such as `[1, 2]` is none of these, so Tekton "
        'takes the whole for one text, `"[1,2]"`, and a param of type array does not get its items. Put every item in '
        "quotes.",
    ),
    example="""
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {name: nightly}
spec:
  pipelineRef: {name: main}
  params: [{name: versions, value: [3.11, 3.12]}]
""",
    near_miss="""
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {name: nightly}
spec:
  pipelineRef: {name: main}
  params: [{name: versions, value: ["3.11", "3.12"]}, {name: none, value: []}]
""",
    document=_mixed,
)

NUMBER = Rule(
    code="T810",
    severity=Severity.HABIT,
    doc=CodeDoc(
        "A number, or true or false, as the value of a param",
        'Params are texts. YAML reads `1.10` as 1.1, `0777` as 511 and `yes` as true, and Tekton gets `"1.1"`, '
        '`"511"` and `"true"`. In quotes the text is what is written.',
    ),
    example="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: build}
spec:
  params: [{name: version, default: 1.10}]
  steps: [{name: s, image: "alpine:3.20", args: [$(params.version)]}]
""",
    near_miss="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: build}
spec:
  params: [{name: version, default: "1.10"}]
  steps: [{name: s, image: "alpine:3.20", args: [$(params.version)]}]
""",
    document=_number,
)
