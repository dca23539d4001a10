"""T601: params that nobody uses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from holkas.model.code import CodeDoc
from holkas.model.finding import Severity
from holkas.model.path import DocumentPath

from holkas_compat.manifest.shape import name_of, record, records
from holkas_compat.tekton.lint.rules.parts import ContainerPart, DocumentPart, PipelinePart, TaskPart
from holkas_compat.tekton.lint.rules.rule import Hit, Hits, Rule
from holkas_compat.tekton.lint.rules.uses import Use, uses_in


def used_params(uses: Iterable[Use]) -> set[str]:
    """The names of all params that are referred to; ``a.b`` may be a key of ``a`` or a name with a dot."""
    found: set[str] = set()
    for use in uses:
        scope, names = use.reference.scope, use.reference.names
        if scope == "inputs" and names[:1] == ("params",):
            names = names[1:]
        elif scope != "params":
            continue
        found.update(".".join(names[: end + 1]) for end in range(len(names)))
    return found


def _declared(spec: Mapping[str, Any], path: DocumentPath, used: set[str], owner: str) -> Hits:
    for index, param in enumerate(records(spec.get("params"))):
        name = name_of(param)
        if name and name not in used:
            message = f'{owner} declares param "{name}", which nothing uses'
            yield Hit(message, (*path, "params", index, "name"), hint="remove it, or use it")


def _task(part: TaskPart) -> Hits:
    if part.spec.get("params"):
        yield from _declared(part.spec, part.path, used_params(part.uses), part.label)


def _pipeline(part: PipelinePart) -> Hits:
    if part.spec.get("params"):
        yield from _declared(part.spec, part.path, used_params(part.uses), part.label)


def _container(part: ContainerPart) -> Hits:
    if part.field == "spec" and part.spec.get("params"):
        yield from _declared(part.spec, part.path, used_params(uses_in(part.spec, part.path)), part.label)


def _document(part: DocumentPart) -> Hits:
    """A run gives its params to the spec inside it, whether that declares them or not."""
    spec = record(part.object.get("spec"))
    inner = record(spec.get("taskSpec") or spec.get("pipelineSpec"))
    if part.unit.kind not in ("TaskRun", "PipelineRun") or not inner or not spec.get("params"):
        return
    known = {name_of(param) for param in records(inner.get("params"))}
    known |= used_params(uses_in(inner, ()))
    for index, param in enumerate(records(spec.get("params"))):
        name = name_of(param)
        if name and name not in known:
            message = f'the run gives param "{name}", which nothing declares or uses'
            yield Hit(message, ("spec", "params", index, "name"), hint="remove it, or use it")


RULE = Rule(
    code="T601",
    severity=Severity.WARNING,
    doc=CodeDoc(
        "A param that nobody uses",
        "A declared param that no text refers to must still be given (or has a default that does nothing). Often "
        "the reference is misspelt or was removed. Params of a pipeline count as used where a spec embedded in it "
        "uses them, and those of a run where its own spec does.",
    ),
    example="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: build}
spec:
  params: [{name: url}, {name: branch}]
  steps: [{name: clone, image: "alpine/git:2.45", args: [clone, $(params.url)]}]
""",
    near_miss="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: build}
spec:
  params: [{name: url}, {name: branch}]
  steps: [{name: clone, image: "alpine/git:2.45", args: [clone, -b, '$(params["branch"])', $(params.url)]}]
""",
    task=_task,
    pipeline=_pipeline,
    container=_container,
    document=_document,
)
