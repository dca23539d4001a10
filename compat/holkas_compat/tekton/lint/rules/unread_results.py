"""T602: results that nobody reads."""

from __future__ import annotations

import re

from holkas.model.code import CodeDoc
from holkas.model.finding import Severity

from holkas_compat.manifest.shape import name_of, records
from holkas_compat.tekton.lint.rules.parts import PipelinePart, TaskPart
from holkas_compat.tekton.lint.rules.rule import Hit, Hits, Rule
from holkas_compat.tekton.lint.rules.uses import results_read

CHAINS = re.compile(
    r"(.*[-_])?(IMAGE_URL|IMAGE_DIGEST|IMAGES|ARTIFACT_URI|ARTIFACT_DIGEST|ARTIFACT_INPUTS|ARTIFACT_OUTPUTS)"
    r"|CHAINS-GIT_(URL|COMMIT)"
)
"""Results that Tekton Chains reads from outside (its documentation, "Type hinting")."""


def _pipeline(part: PipelinePart) -> Hits:
    if not any(task.task is not None and task.task.spec.get("results") for task in part.tasks):
        return
    read = part.results_read
    for task in part.tasks:
        if task.task is None:
            continue
        for index, result in enumerate(records(task.task.spec.get("results"))):
            name = name_of(result)
            if name and (task.name, name) not in read and not CHAINS.fullmatch(name):
                message = f'task "{task.name}" declares result "{name}", which nobody reads'
                hint = f"use it as $(tasks.{task.name}.results.{name}), or remove it"
                yield Hit(message, (*task.task.path, "results", index, "name"), hint=hint)


def _shared(part: TaskPart) -> Hits:
    """A Task document, where pipelines that use it are at hand."""
    results = records(part.spec.get("results"))
    users = part.document.neighbours.users.get(part.name) if part.kind == "Task" and results else None
    if not users:
        return
    read = {result for pipeline, user in users for name, result in pipeline.results_read if name == user.name}
    for index, result in enumerate(results):
        name = name_of(result)
        if name and name not in read and not CHAINS.fullmatch(name):
            message = f'{part.label} declares result "{name}", which none of these pipelines reads'
            yield Hit(message, (*part.path, "results", index, "name"))


def _steps(part: TaskPart) -> Hits:
    """Results of single steps: known only within the task."""
    if not any(step.spec.get("results") for step in part.containers):
        return
    read = results_read(part.uses, ("steps",))
    for step in part.containers:
        for index, result in enumerate(records(step.spec.get("results"))):
            name = name_of(result)
            if name and (name_of(step.spec), name) not in read:
                message = f'{step.label} declares result "{name}", which nothing in the task reads'
                yield Hit(message, (*step.path, "results", index, "name"))


RULE = Rule(
    code="T602",
    severity=Severity.WARNING,
    doc=CodeDoc(
        "A result that nobody reads",
        "A task embedded in a pipeline (or a step) declares a result that nothing else in the pipeline (or the task) "
        "uses. Results that Tekton Chains reads, such as `IMAGE_DIGEST`, are not meant, nor are those of a Task "
        "document or a TaskRun: others may read them. A Task whose results none of the given pipelines reads is "
        "T809.",
    ),
    example="""
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: main}
spec:
  tasks:
  - name: build
    taskSpec:
      results: [{name: digest}]
      steps: [{name: s, image: "alpine:3.20", script: "#!/bin/sh\\necho 1 > $(results.digest.path)"}]
""",
    near_miss="""
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: main}
spec:
  results: [{name: digest, value: $(tasks.build.results.digest)}]
  tasks:
  - name: build
    taskSpec:
      results: [{name: digest}]
      steps: [{name: s, image: "alpine:3.20", script: "#!/bin/sh\\necho 1 > $(results.digest.path)"}]
""",
    pipeline=_pipeline,
    task=_steps,
)

SHARED = Rule(
    code="T809",
    severity=Severity.HABIT,
    doc=CodeDoc(
        "A result of a Task that none of the given pipelines reads",
        "As T602, for a Task of its own: pipelines that use it are among the files, and none reads the result. Others "
        "may.",
    ),
    example="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: build}
spec:
  results: [{name: digest}]
  steps: [{name: s, image: "alpine:3.20", args: [$(results.digest.path)]}]
---
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: main}
spec:
  tasks: [{name: b, taskRef: {name: build}}]
""",
    near_miss="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: build}
spec:
  results: [{name: digest}]
  steps: [{name: s, image: "alpine:3.20", args: [$(results.digest.path)]}]
---
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: main}
spec:
  tasks: [{name: b, taskRef: {name: build}}, {name: c, taskRef: {name: build}}]
  results: [{name: digest, value: $(tasks.c.results.digest)}]
""",
    task=_shared,
)
