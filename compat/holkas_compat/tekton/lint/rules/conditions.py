"""T605 and T807: conditions whose outcome is known before anything runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from typing import Any

from holkas.model.code import CodeDoc
from holkas.model.finding import Severity
from holkas.model.path import DocumentPath
from holkas.pipeline.references import Reference, parse_reference
from holkas.records import dataclass

from holkas_compat.manifest.shape import name_of, records, text, texts
from holkas_compat.tekton.lint.rules.parts import ContainerPart, PipelinePart, Spec
from holkas_compat.tekton.lint.rules.rule import Hit, Hits, Rule

_ONE_REFERENCE = re.compile(r"\$\(([^()]+)\)")
_COMPARISON = re.compile(r"""(['"])([^'"\\]*)\1\s*(==|!=)\s*(['"])([^'"\\]*)\4""")
_STATUS = frozenset(("Succeeded", "Failed", "None"))
_ALL_STATUS = _STATUS | {"Completed"}
_BOUND = frozenset(("true", "false"))


class Outcome(Enum):
    """What is known of a condition."""

    NEVER = "never"
    ALWAYS = "always"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What variables can stand for. params, workspaces: declared ones by name. given: values that the run gives."""

    params: Mapping[str, Spec]
    given: Mapping[str, Any] | None = None
    workspaces: Mapping[str, Spec] | None = None


def surroundings_of(part: PipelinePart, *, of_run: bool) -> Surroundings:
    """What is known in a pipeline. of_run: the values of a run count for the pipeline inside it."""
    params = {name_of(param): param for param in records(part.spec.get("params"))}
    given = None
    if of_run and part.run is not None and part.outer is None:
        given = {name_of(param): param.get("value") for param in records(part.run.get("params"))}
    workspaces = {name_of(item): item for item in records(part.spec.get("workspaces"))}
    return Surroundings(params, given, workspaces)


def possible(value: str, around: Surroundings) -> frozenset[str] | None:
    """All texts that a text can become; None where that is not known."""
    if "$(" not in value:
        return frozenset((value,))
    match = _ONE_REFERENCE.fullmatch(value)
    reference = parse_reference(match[1]) if match else None
    if reference is None:
        return None
    names = reference.names
    if reference.scope == "tasks":
        if names == ("status",):
            return _ALL_STATUS
        return _STATUS if len(names) == 2 and names[1] == "status" else None
    if reference.scope == "workspaces" and names[1:] == ("bound",) and around.workspaces is not None:
        declared = around.workspaces.get(names[0])
        return frozenset(("true",)) if declared is not None and not declared.get("optional") else _BOUND
    return _of_param(reference, around) if reference.scope == "params" else None


def _of_param(reference: Reference, around: Surroundings) -> frozenset[str] | None:
    if len(reference.names) != 1 or reference.index is not None or reference.star:
        return None
    spec = around.params.get(reference.names[0])
    if around.given is not None:
        value = around.given.get(reference.names[0], spec.get("default") if spec is not None else None)
        return frozenset((value,)) if isinstance(value, str) and "$(" not in value else None
    allowed = texts(spec.get("enum")) if spec is not None else []
    return frozenset(allowed) or None


def outcome(when: Spec, around: Surroundings) -> Outcome:
    """What is known of one condition."""
    if cel := text(when.get("cel")):
        return _of_cel(cel)
    wanted = [possible(value, around) for value in texts(when.get("values"))]
    found = possible(text(when.get("input")), around)
    if found is None or not wanted or any(item is None for item in wanted):
        return Outcome.OPEN
    some = frozenset().union(*(item for item in wanted if item is not None))
    sure = frozenset().union(*(item for item in wanted if item is not None and len(item) == 1))
    inside, outside = found <= sure, not found & some
    if text(when.get("operator")) == "notin":
        inside, outside = outside, inside
    elif text(when.get("operator")) != "in":
        return Outcome.OPEN
    return Outcome.ALWAYS if inside else Outcome.NEVER if outside else Outcome.OPEN


def _of_cel(expression: str) -> Outcome:
    """Only ``true``, ``false`` and the comparison of two texts are judged: importing CEL takes longer than linting."""
    expression = expression.strip()
    if expression in ("true", "false"):
        return Outcome.ALWAYS if expression == "true" else Outcome.NEVER
    found = _COMPARISON.fullmatch(expression)
    if found is None or "$(" in expression:
        return Outcome.OPEN
    return Outcome.ALWAYS if (found[2] == found[5]) is (found[3] == "==") else Outcome.NEVER


def _contradiction(conditions: list[Spec]) -> int | None:
    """The index of the condition that cannot hold with those before it, where they ask about the same text."""
    left: dict[str, frozenset[str]] = {}
    out: dict[str, frozenset[str]] = {}
    for index, when in enumerate(conditions):
        asked, values = text(when.get("input")), frozenset(texts(when.get("values")))
        if not asked or not values or any("$(" in value for value in values):
            continue
        if text(when.get("operator")) == "in":
            left[asked] = left[asked] & values if asked in left else values
        elif text(when.get("operator")) == "notin":
            out[asked] = out.get(asked, frozenset()) | values
        if asked in left and not left[asked] - out.get(asked, frozenset()):
            return index
    return None


def _said(owner: str, whens: list[Spec], around: Surroundings, path: DocumentPath, wanted: Outcome) -> Hits:
    known = [outcome(when, around) for when in whens]
    for index, found in enumerate(known):
        if found is wanted is Outcome.NEVER:
            message = f"this condition can never hold, so {owner} never runs"
            yield Hit(message, (*path, "when", index), _why(whens[index], around))
        elif found is wanted:
            yield Hit(f"this condition of {owner} always holds", (*path, "when", index), "remove it")
    if wanted is Outcome.NEVER and Outcome.NEVER not in known:
        index_ = _contradiction(whens)
        if index_ is not None:
            message = f"this condition cannot hold together with those before it, so {owner} never runs"
            yield Hit(message, (*path, "when", index_), "all conditions must hold; put the values into one")


def _why(when: Spec, around: Surroundings) -> str:
    asked = text(when.get("input"))
    found = possible(asked, around)
    if "$(" not in asked or found is None:
        return ""
    return f"{asked} is {' or '.join(sorted(found))}"


def _never(part: PipelinePart) -> Hits:
    yield from _tasks(part, Outcome.NEVER)


def _always(part: PipelinePart) -> Hits:
    yield from _tasks(part, Outcome.ALWAYS)


def _tasks(part: PipelinePart, wanted: Outcome) -> Hits:
    guarded = [task for task in part.tasks if task.spec.get("when")]
    if guarded:
        # That the params of one run fulfil a condition says nothing against the condition.
        around = surroundings_of(part, of_run=wanted is Outcome.NEVER)
        for task in guarded:
            whens = records(task.spec.get("when"))
            yield from _said(f'task "{task.name}"', list(whens), around, task.path, wanted)


def _never_step(part: ContainerPart) -> Hits:
    whens = records(part.spec.get("when"))
    if whens and part.task is not None:
        params = {name_of(param): param for param in records(part.task.spec.get("params"))}
        yield from _said(part.label, list(whens), Surroundings(params), part.path, Outcome.NEVER)


NEVER = Rule(
    code="T605",
    severity=Severity.WARNING,
    doc=CodeDoc(
        "A condition that can never hold",
        "The task (or step) is always skipped. Said where the input and the values are known: constants, params with an "
        "`enum`, params of a run for its own pipeline, the status of tasks (`Succeeded`, `Failed`, `None`), whether a "
        "workspace is bound, and conditions on one input that exclude each other.",
    ),
    example="""
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: main}
spec:
  tasks: [{name: build, taskRef: {name: build}}]
  finally:
  - {name: report, when: [{input: $(tasks.build.status), operator: in, values: [Success]}], taskRef: {name: report}}
""",
    near_miss="""
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: main}
spec:
  tasks: [{name: build, taskRef: {name: build}}]
  finally:
  - {name: say, when: [{input: $(tasks.build.status), operator: in, values: [Success, Failed]}], taskRef: {name: say}}
""",
    pipeline=_never,
    container=_never_step,
)

ALWAYS = Rule(
    code="T807",
    severity=Severity.HABIT,
    doc=CodeDoc(
        "A condition that always holds",
        "It decides nothing and misleads its readers. The same is known as for T605.",
    ),
    example="""
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: main}
spec:
  tasks: [{name: build, taskRef: {name: build}, when: [{input: main, operator: notin, values: [test]}]}]
""",
    near_miss="""
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: main}
spec:
  params: [{name: branch, default: main}]
  tasks: [{name: build, taskRef: {name: build}, when: [{input: $(params.branch), operator: in, values: [main]}]}]
""",
    pipeline=_always,
)
