"""T803: runAfter that says what result references say already."""

from __future__ import annotations

from holkas.model.code import CodeDoc
from holkas.model.edit import Edit
from holkas.model.finding import Severity

from holkas_compat.manifest.shape import texts
from holkas_compat.tekton.lint.rules.order import result_parents
from holkas_compat.tekton.lint.rules.parts import PipelinePart
from holkas_compat.tekton.lint.rules.rule import Hit, Hits, Rule


def _pipeline(part: PipelinePart) -> Hits:
    for task in part.tasks:
        after = texts(task.spec.get("runAfter"))
        if not after:
            continue
        implied = result_parents(task)
        seen: set[str] = set()
        needless = []
        for index, name in enumerate(after):
            if name in implied or name in seen:
                needless.append(index)
            seen.add(name)
        place = (*task.path, "runAfter")
        for index in needless:
            name = after[index]
            if name in implied:
                message = f'task "{task.name}" uses results of "{name}", so it waits for it without runAfter'
            else:
                message = f'task "{task.name}" names "{name}" twice in runAfter'
            only = len(after) == 1
            fix = (Edit.remove(place if only else (*place, index)),)
            yield Hit(message, (*place, index), "remove it", fix=fix)


RULE = Rule(
    code="T803",
    severity=Severity.HABIT,
    doc=CodeDoc(
        "A runAfter that changes nothing",
        "A task waits for every task whose results it uses. Naming those under `runAfter` as well adds nothing, and "
        "stays behind when the reference goes. `holkas lint --fix` removes it.",
    ),
    example="""
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: main}
spec:
  tasks:
  - {name: build, taskRef: {name: build}}
  - name: deploy
    runAfter: [build]
    taskRef: {name: deploy}
    params: [{name: digest, value: $(tasks.build.results.digest)}]
""",
    near_miss="""
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: main}
spec:
  tasks:
  - {name: build, taskRef: {name: build}}
  - {name: test, taskRef: {name: test}}
  - name: deploy
    runAfter: [test]
    taskRef: {resolver: git, params: [{name: pathInRepo, value: $(tasks.test.results.path)}]}
    params: [{name: digest, value: $(tasks.build.results.digest)}]
""",
    pipeline=_pipeline,
)
