"""T613, T805 and T806: names that are easily taken for each other."""

from __future__ import annotations

import re
from collections.abc import Iterator

from holkas.model.code import CodeDoc
from holkas.model.finding import Severity
from holkas.model.path import DocumentPath

from holkas_compat.manifest.shape import name_of, record, records
from holkas_compat.tekton.lint.rules.parts import DocumentPart, PipelinePart, Spec, TaskPart
from holkas_compat.tekton.lint.rules.rule import Hit, Hits, Rule
from holkas_compat.tekton.lint.rules.unread_results import CHAINS

_KEBAB = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
_CAMEL = re.compile(r"[a-z][a-z0-9]*(?:[A-Z][a-z0-9]*)+")
_NOUNS = (("params", "param"), ("results", "result"), ("workspaces", "workspace"))


def _names(spec: Spec, path: DocumentPath) -> Iterator[tuple[str, str, DocumentPath]]:
    """What a task or pipeline declares: noun, name and place."""
    for key, noun in _NOUNS:
        for index, item in enumerate(records(spec.get(key))):
            if name := name_of(item):
                yield noun, name, (*path, key, index, "name")


def _case(part: TaskPart | PipelinePart) -> Hits:
    first: dict[tuple[str, str], str] = {}
    for noun, name, path in _names(part.spec, part.path):
        earlier = first.setdefault((noun, name.lower()), name)
        if earlier != name:
            message = f'{part.label} has {noun} "{earlier}" and {noun} "{name}", which differ only by case'
            yield Hit(message, path, "choose another name for one of them")


def _declarations(part: DocumentPart) -> Iterator[tuple[str, str, DocumentPath]]:
    for owner in part.owners:
        yield from _names(owner.spec, owner.path)
    if part.unit.kind == "StepAction":
        yield from _names(record(part.object.get("spec")), ("spec",))


def _camel(part: DocumentPart) -> Hits:
    for noun, name, path in _declarations(part):
        if _CAMEL.fullmatch(name):
            kebab = re.sub(r"(?<=[a-z0-9])([A-Z])", r"-\1", name).lower()
            yield Hit(f'{noun} "{name}" is in camelCase', path, f"in kebab-case it is {kebab}")


def _neither(part: DocumentPart) -> Hits:
    for noun, name, path in _declarations(part):
        if not (_KEBAB.fullmatch(name) or _CAMEL.fullmatch(name) or CHAINS.fullmatch(name)):
            yield Hit(f'{noun} "{name}" is neither in kebab-case nor in camelCase', path)


CASE = Rule(
    code="T613",
    severity=Severity.WARNING,
    doc=CodeDoc(
        "Names that differ only by case",
        "`$(params.Url)` and `$(params.url)` are two params to Tekton and one to most readers.",
    ),
    example="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: clone}
spec:
  params: [{name: url}, {name: Url}]
  steps: [{name: s, image: "alpine:3.20", args: [$(params.url), $(params.Url)]}]
""",
    near_miss="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: clone}
spec:
  params: [{name: url}]
  results: [{name: URL}]
  steps: [{name: s, image: "alpine:3.20", args: [$(params.url), $(results.URL.path)]}]
""",
    task=_case,
    pipeline=_case,
)

CAMEL = Rule(
    code="T805",
    severity=Severity.HABIT,
    doc=CodeDoc(
        "A name in camelCase",
        "Tekton's catalog writes params, results and workspaces in kebab-case (`image-name`), as Kubernetes does with "
        "names. A project that prefers camelCase ignores this code: `holkas lint --ignore T805`.",
    ),
    example="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: clone}
spec:
  params: [{name: repoUrl}]
  steps: [{name: s, image: "alpine:3.20", args: [$(params.repoUrl)]}]
""",
    near_miss="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: clone}
spec:
  params: [{name: repo-url}]
  steps: [{name: s, image: "alpine:3.20", args: [$(params.repo-url)], env: [{name: repoUrl, value: x}]}]
""",
    document=_camel,
)

NEITHER = Rule(
    code="T806",
    severity=Severity.HABIT,
    doc=CodeDoc(
        "A name in neither kebab-case nor camelCase",
        "Params, results and workspaces are written `image-name` (or `imageName`). Results for Tekton Chains, such as "
        "`IMAGE_DIGEST`, keep the names that Chains looks for.",
    ),
    example="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: clone}
spec:
  params: [{name: REPO_URL}]
  steps: [{name: s, image: "alpine:3.20", args: [$(params.REPO_URL)]}]
""",
    near_miss="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: clone}
spec:
  results: [{name: IMAGE_URL}, {name: IMAGE_DIGEST}]
  steps: [{name: s, image: "alpine:3.20", args: [$(results.IMAGE_URL.path), $(results.IMAGE_DIGEST.path)]}]
""",
    document=_neither,
)
