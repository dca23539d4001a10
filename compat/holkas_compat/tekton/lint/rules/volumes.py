"""T610 and T611: volumes that are missing, and volumes that are not mounted."""

from __future__ import annotations

from holkas.model.code import CodeDoc
from holkas.model.finding import Severity

from holkas_compat.manifest.shape import name_of, record, records
from holkas_compat.manifest.suggest import did_you_mean
from holkas_compat.tekton.lint.rules.parts import TaskPart
from holkas_compat.tekton.lint.rules.rule import Hit, Hits, Rule


def _missing(part: TaskPart) -> Hits:
    known = {name_of(volume) for volume in records(part.spec.get("volumes"))}
    if part.kind in ("TaskRun", "PipelineRun"):
        # The volumes of the run's pod template can be mounted as well.
        known |= _pod_volumes(part)
    for container in part.containers:
        for key in ("volumeMounts", "volumeDevices"):
            for index, mount in enumerate(records(container.spec.get(key))):
                name = name_of(mount)
                if name and "$(" not in name and name not in known:
                    message = f'{container.label} mounts volume "{name}", which the task does not declare'
                    hint = did_you_mean(name, known) if len(known) < 100 else ""
                    yield Hit(message, (*container.path, key, index, "name"), hint=hint)


def _pod_volumes(part: TaskPart) -> set[str]:
    run = record(part.document.object.get("spec"))
    templates = [run, record(run.get("taskRunTemplate")), *records(run.get("taskRunSpecs"))]
    return {
        name_of(volume)
        for template in templates
        for key in ("podTemplate", "taskPodTemplate")
        for volume in records(record(template.get(key)).get("volumes"))
    }


def _unmounted(part: TaskPart) -> Hits:
    volumes = records(part.spec.get("volumes"))
    if not volumes or any(container.spec.get("ref") for container in part.containers):
        return
    mounted = {
        name_of(mount)
        for container in part.containers
        for key in ("volumeMounts", "volumeDevices")
        for mount in records(container.spec.get(key))
    }
    if any("$(" in name for name in mounted):
        return
    for index, volume in enumerate(volumes):
        if name_of(volume) and name_of(volume) not in mounted:
            message = f'{part.label} declares volume "{name_of(volume)}", which no container mounts'
            yield Hit(message, (*part.path, "volumes", index, "name"), hint="mount it, or remove it")


MISSING = Rule(
    code="T610",
    severity=Severity.WARNING,
    doc=CodeDoc(
        "A mount of a volume that is not declared",
        "Tekton accepts the task, but Kubernetes refuses its pod and the TaskRun fails. Declare the volume under "
        "`volumes`, or correct the name. Volumes of the run's pod template count.",
    ),
    example="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: build}
spec:
  volumes: [{name: cache, emptyDir: {}}]
  steps:
  - {name: s, image: "alpine:3.20", command: [ls], volumeMounts: [{name: cache, mountPath: /c}]}
  - {name: t, image: "alpine:3.20", command: [ls], volumeMounts: [{name: cahce, mountPath: /c}]}
""",
    near_miss="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: build}
spec:
  params: [{name: volume}]
  volumes: [{name: cache, emptyDir: {}}]
  steps:
  - {name: s, image: "alpine:3.20", command: [ls], volumeMounts: [{name: $(params.volume), mountPath: /c}]}
""",
    task=_missing,
)

UNMOUNTED = Rule(
    code="T611",
    severity=Severity.WARNING,
    doc=CodeDoc(
        "A volume that nobody mounts",
        "The pod waits for the volume (a missing Secret keeps it from starting) and nothing looks into it.",
    ),
    example="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: build}
spec:
  volumes: [{name: cache, emptyDir: {}}]
  steps: [{name: s, image: "alpine:3.20", command: [ls]}]
""",
    near_miss="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: build}
spec:
  volumes: [{name: cache, emptyDir: {}}]
  steps: [{name: s, image: "alpine:3.20", command: [ls]}]
  sidecars: [{name: d, image: "docker:27-dind", volumeMounts: [{name: cache, mountPath: /c}]}]
""",
    task=_unmounted,
)
