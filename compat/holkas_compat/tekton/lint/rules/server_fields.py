"""T615: fields that only a cluster writes."""

from __future__ import annotations

from holkas.model.code import CodeDoc
from holkas.model.edit import Edit
from holkas.model.finding import Severity

from holkas_compat.manifest.shape import record
from holkas_compat.tekton.lint.rules.parts import DocumentPart
from holkas_compat.tekton.lint.rules.rule import Hit, Hits, Rule

_FIELDS = ("resourceVersion", "uid", "selfLink", "generation", "creationTimestamp", "managedFields")


def _document(part: DocumentPart) -> Hits:
    metadata = record(part.object.get("metadata"))
    for name in _FIELDS:
        if metadata.get(name):
            path = ("metadata", name)
            message = f"metadata.{name} is the cluster's to write"
            yield Hit(message, path, "remove it", on_key=True, fix=(Edit.remove(path),))


RULE = Rule(
    code="T615",
    severity=Severity.WARNING,
    doc=CodeDoc(
        "A field that only the cluster writes",
        "`resourceVersion`, `uid` and their like come along when a manifest is copied out of a cluster. With "
        "`resourceVersion` a new object cannot be created and an old one not be changed. `holkas lint --fix` removes "
        "them.",
    ),
    example="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: hello, resourceVersion: "4711"}
spec:
  steps: [{name: s, image: "alpine:3.20", command: [ls]}]
""",
    near_miss="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: hello, labels: {resourceVersion: "4711"}}
spec:
  steps: [{name: s, image: "alpine:3.20", command: [ls]}]
""",
    document=_document,
)
