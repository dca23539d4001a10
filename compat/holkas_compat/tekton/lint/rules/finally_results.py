"""T612: tasks under finally that may not get a result."""

from __future__ import annotations

from holkas.model.code import CodeDoc
from holkas.model.finding import Severity

from holkas_compat.tekton.lint.rules.order import may_be_skipped
from holkas_compat.tekton.lint.rules.parts import PipelinePart
from holkas_compat.tekton.lint.rules.rule import Hit, Hits, Rule


def _pipeline(part: PipelinePart) -> Hits:
    final = [task for task in part.tasks if task.final]
    if not final:
        return
    skipped = may_be_skipped(part)
    if not skipped:
        return
    for task in final:
        told: set[str] = set()
        for use in task.uses:
            names = use.reference.names
            if use.reference.scope != "tasks" or names[1:2] != ("results",) or names[0] not in skipped:
                continue
            if names[0] in told:
                continue
            told.add(names[0])
            cause = skipped[names[0]]
            why = "" if cause == names[0] else f' (with "{cause}")'
            message = (
                f'finally task "{task.name}" uses a result of "{names[0]}", which its `when` may skip{why}: '
                f'then "{task.name}" is skipped too'
            )
            hint = "write the result in a task that always runs, or look at its status instead"
            yield Hit(message, use.path, hint, f"$({use.reference.text})")


RULE = Rule(
    code="T612",
    severity=Severity.WARNING,
    doc=CodeDoc(
        "A task under finally needs a result that may be missing",
        "Tasks under `finally` run whatever happened, except when a result they use is missing: then Tekton skips "
        "them without a word in the pipeline's status. A task with `when` gives no result when it is skipped, nor do "
        "those that depend on its results.",
    ),
    example="""
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: main}
spec:
  params: [{name: branch}]
  tasks:
  - {name: build, when: [{input: $(params.branch), operator: in, values: [main]}], taskRef: {name: build}}
  finally:
  - {name: report, taskRef: {name: report}, params: [{name: digest, value: $(tasks.build.results.digest)}]}
""",
    near_miss="""
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: main}
spec:
  params: [{name: branch}]
  tasks:
  - {name: check, when: [{input: $(params.branch), operator: in, values: [main]}], taskRef: {name: check}}
  - {name: build, runAfter: [check], taskRef: {name: build}}
  finally:
  - {name: report, taskRef: {name: report}, params: [{name: digest, value: $(tasks.build.results.digest)}]}
""",
    pipeline=_pipeline,
)
