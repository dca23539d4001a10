"""T619: containers that may do anything to their node."""

from __future__ import annotations

from holkas.model.code import CodeDoc
from holkas.model.finding import Severity

from holkas_compat.manifest.shape import name_of, record, records
from holkas_compat.tekton.lint.rules.parts import ContainerPart, TaskPart
from holkas_compat.tekton.lint.rules.rule import Hit, Hits, Rule


def _container(part: ContainerPart) -> Hits:
    if record(part.spec.get("securityContext")).get("privileged") is True:
        path = (*part.path, "securityContext", "privileged")
        hint = "name the capabilities it needs, or use a tool that needs none"
        yield Hit(f"{part.label} runs privileged: it is root on the node", path, hint)


def _task(part: TaskPart) -> Hits:
    for index, volume in enumerate(records(part.spec.get("volumes"))):
        if volume.get("hostPath") is not None:
            path = (*part.path, "volumes", index, "hostPath")
            message = f'volume "{name_of(volume)}" is a folder of whatever node the pod comes to'
            yield Hit(message, path, "use a workspace", on_key=True)


RULE = Rule(
    code="T619",
    severity=Severity.WARNING,
    doc=CodeDoc(
        "A container that may change its node",
        "`privileged: true` and `hostPath` take the walls between a build and the machine it happens to run on. Many "
        'clusters refuse such pods (Pod Security Standards, "baseline").',
    ),
    example="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: build}
spec:
  steps: [{name: s, image: "docker:27", command: [docker], securityContext: {privileged: true}}]
""",
    near_miss="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: build}
spec:
  steps: [{name: s, image: "docker:27", command: [docker], securityContext: {privileged: false, runAsUser: 0}}]
""",
    container=_container,
    task=_task,
)
