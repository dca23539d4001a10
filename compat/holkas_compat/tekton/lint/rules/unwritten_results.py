"""T616: results that no step writes."""

from __future__ import annotations

from holkas.model.code import CodeDoc
from holkas.model.finding import Severity

from holkas_compat.manifest.shape import name_of, records
from holkas_compat.tekton.lint.rules.parts import TaskPart
from holkas_compat.tekton.lint.rules.rule import Hit, Hits, Rule
from holkas_compat.tekton.lint.rules.uses import texts_in

_FOLDER = "/tekton/results"
_TELLING = ("script", "command", "args")


def _task(part: TaskPart) -> Hits:
    results = [
        (index, name_of(result))
        for index, result in enumerate(records(part.spec.get("results")))
        if name_of(result) and not result.get("value")
    ]
    if not results:
        return
    steps = [container for container in part.containers if container.field == "steps"]
    if any(step.spec.get("ref") or not any(step.spec.get(key) for key in _TELLING) for step in steps):
        return  # a step action, or a program whose words are in its image, may know the path
    written = {".".join(use.reference.names) for use in part.uses if use.reference.scope == "results"}
    left = [(index, name) for index, name in results if f"{name}.path" not in written]
    if left and not any(_FOLDER in found for step in part.containers for found, _ in texts_in(step.spec, ())):
        for index, name in left:
            message = f'no step of {part.label} writes result "{name}"'
            yield Hit(message, (*part.path, "results", index, "name"), f"write it to $(results.{name}.path)")


RULE = Rule(
    code="T616",
    severity=Severity.WARNING,
    doc=CodeDoc(
        "A result that no step writes",
        "The task succeeds without the result, and whatever uses it fails the pipeline (`PipelineValidationFailed`, "
        "`InvalidTaskResultReference`). A step writes it to `$(results.NAME.path)`, or the result takes over a step's "
        "result with `value`.",
    ),
    example="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: build}
spec:
  results: [{name: digest}]
  steps: [{name: s, image: "alpine:3.20", script: "#!/bin/sh\\nsha256sum app > /tmp/digest"}]
""",
    near_miss="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: build}
spec:
  results: [{name: digest}]
  steps: [{name: s, image: "gcr.io/kaniko:v1", args: ["--digest-file=$(results.digest.path)"]}]
""",
    task=_task,
)
