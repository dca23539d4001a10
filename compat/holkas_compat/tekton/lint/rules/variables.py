"""T617 and T618: texts that look like variables and are none."""

from __future__ import annotations

import re

from holkas.model.code import CodeDoc
from holkas.model.finding import Severity
from holkas.model.path import DocumentPath

from holkas_compat.tekton.lint.rules.parts import ContainerPart
from holkas_compat.tekton.lint.rules.rule import Hit, Hits, Rule

_NEARLY = {
    "param": "params",
    "parameters": "params",
    "parameter": "params",
    "result": "results",
    "workspace": "workspaces",
    "contexts": "context",
    "taskRun": "context.taskRun",
    "taskrun": "context.taskRun",
    "task": "context.task",
    "inputs": "params",
    "input": "params",
    "outputs": "results",
    "output": "results",
}
_NEAR_MISS = re.compile(rf"\$\(({'|'.join(_NEARLY)})((?:\.[A-Za-z_][\w-]*)+)\)")
_BRACES = re.compile(
    r"\$\{\{?\s*(?:params|workspaces|results|context|tasks)\.[\w.-]+\s*\}?\}|"
    r"\{\{\s*(?:params|workspaces|results|context|tasks)\.[\w.-]+\s*\}\}"
)
_NO_PATH = re.compile(r"\$\((results|workspaces)\.([A-Za-z_][\w-]*)\)")
_ESCAPED = re.compile(r"\$\$\((?:params|workspaces|results|context|tasks)[.\[][^()]*\)")


def _container(part: ContainerPart) -> Hits:
    for value, path in part.marked:
        yield from _text(value, path)


def _text(value: str, path: DocumentPath) -> Hits:
    for found in _NEAR_MISS.finditer(value):
        rest = found[2]
        if found[1] == "inputs" and rest.startswith(".params."):
            continue  # an old notation that still works, see T704
        word = _NEARLY[found[1]]
        rest = (
            rest.removeprefix(".params").removeprefix(".results") if word in ("params", "results") else rest
        )
        if word == "results" and not rest.endswith(".path"):
            rest += ".path"
        yield _hit(found[0], path, f"did you mean $({word}{rest})?")
    for found in _BRACES.finditer(value):
        inner = found[0].strip("${} \t")
        yield _hit(found[0], path, f"did you mean $({inner})?")
    for found in _NO_PATH.finditer(value):
        yield _hit(found[0], path, f"did you mean $({found[1]}.{found[2]}.path)?")


def _hit(found: str, path: DocumentPath, hint: str) -> Hit:
    return Hit(f"{found} is no variable of Tekton's and stays as it is", path, hint, found)


def _escaped(part: ContainerPart) -> Hits:
    for value, path in part.marked:
        if "$$(" in value:
            for found in _ESCAPED.finditer(value):
                message = f"{found[0]} is replaced all the same, only the first $ stays"
                yield Hit(message, path, "Tekton's variables cannot be escaped", found[0])


NO_VARIABLE = Rule(
    code="T617",
    severity=Severity.WARNING,
    doc=CodeDoc(
        "A text that looks like a variable and is none",
        "Tekton leaves references that it does not know as they are, so a script runs `$(param.url)` as a command and "
        "a path is literally `$(results.digest)`. Variables are written `$(params.NAME)`, `$(results.NAME.path)`, "
        "`$(workspaces.NAME.path)`, `$(context.taskRun.name)`; other systems' "
        "`${…}` and `{{…}}` mean nothing here.",
    ),
    example="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: clone}
spec:
  params: [{name: url}]
  steps: [{name: s, image: "alpine/git:2.45", env: [{name: U, value: $(params.url)}], args: [clone, $(param.url)]}]
""",
    near_miss="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: clone}
spec:
  params: [{name: url}]
  steps: [{name: s, image: "alpine/git:2.45", script: "#!/bin/sh\\necho $(params.url) ${url} $(date) $(hostname)"}]
""",
    container=_container,
)

ESCAPED = Rule(
    code="T618",
    severity=Severity.WARNING,
    doc=CodeDoc(
        "A variable behind a doubled dollar sign",
        "Kubernetes takes `$$(NAME)` for a literal `$(NAME)`, but Tekton comes first and knows no escape: "
        "`$$(params.url)` becomes `$` and the value. To show the text itself, build it of two parts.",
    ),
    example="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: show}
spec:
  params: [{name: url}]
  steps: [{name: s, image: "alpine:3.20", command: [echo, $$(params.url)]}]
""",
    near_miss="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: show}
spec:
  params: [{name: url}]
  steps: [{name: s, image: "alpine:3.20", command: [echo, $$(HOME), $(params.url)]}]
""",
    container=_escaped,
)
