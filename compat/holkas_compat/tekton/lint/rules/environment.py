"""T609 and T802: environment variables that are set twice."""

from __future__ import annotations

from holkas.model.code import CodeDoc
from holkas.model.finding import Severity

from holkas_compat.manifest.shape import name_of, record, records
from holkas_compat.tekton.lint.rules.parts import ContainerPart, TaskPart
from holkas_compat.tekton.lint.rules.rule import Hit, Hits, Rule


def _twice(part: ContainerPart) -> Hits:
    env = records(part.spec.get("env"))
    if len(env) < 2:
        return
    seen: set[str] = set()
    for index, item in enumerate(env):
        name = name_of(item)
        if name and name in seen:
            message = f'{part.label} sets environment variable "{name}" twice'
            yield Hit(
                message, (*part.path, "env", index, "name"), hint="the last one counts; remove the others"
            )
        seen.add(name)


def _overridden(part: TaskPart) -> Hits:
    template = {name_of(item) for item in records(record(part.spec.get("stepTemplate")).get("env"))}
    if not template:
        return
    for container in part.containers:
        if container.field != "steps":
            continue
        for index, item in enumerate(records(container.spec.get("env"))):
            if name_of(item) in template:
                message = f'{container.label} sets "{name_of(item)}" anew, which the step template sets too'
                hint = "the step's value counts"
                yield Hit(message, (*container.path, "env", index, "name"), hint=hint)


TWICE = Rule(
    code="T609",
    severity=Severity.WARNING,
    doc=CodeDoc(
        "An environment variable is set twice",
        "Kubernetes takes the last entry of a name and says nothing. Usually one of them is a leftover or a "
        "misspelling.",
    ),
    example="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: build}
spec:
  steps: [{name: s, image: "alpine:3.20", command: [env], env: [{name: A, value: "1"}, {name: A, value: "2"}]}]
""",
    near_miss="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: build}
spec:
  steps: [{name: s, image: "alpine:3.20", command: [env], env: [{name: A, value: "1"}, {name: a, value: "2"}]}]
""",
    container=_twice,
)

OVERRIDDEN = Rule(
    code="T802",
    severity=Severity.HABIT,
    doc=CodeDoc(
        "A step sets a variable that the step template sets too",
        "The step's own value counts. That may be meant, but whoever reads the template first is misled.",
    ),
    example="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: build}
spec:
  stepTemplate: {env: [{name: LEVEL, value: info}]}
  steps: [{name: s, image: "alpine:3.20", command: [env], env: [{name: LEVEL, value: debug}]}]
""",
    near_miss="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: build}
spec:
  stepTemplate: {env: [{name: LEVEL, value: info}]}
  steps: [{name: s, image: "alpine:3.20", command: [env], env: [{name: NAME, value: debug}]}]
""",
    task=_overridden,
)
