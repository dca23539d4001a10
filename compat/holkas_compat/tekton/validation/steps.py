"""Steps of a task.

Source: Tekton's docs/tasks.md, "Defining Steps", and docs/stepactions.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from holkas.model.path import PathPart

from holkas_compat.manifest.shape import items, record, records, text, texts
from holkas_compat.tekton.validation.durations import nanoseconds
from holkas_compat.tekton.validation.gates import report_flag, require_level
from holkas_compat.tekton.validation.level import Level
from holkas_compat.tekton.validation.names import LABEL_RULE, is_label
from holkas_compat.tekton.validation.references import check_reference
from holkas_compat.tekton.validation.results import check_step_results, names_of
from holkas_compat.tekton.validation.scope import Scope
from holkas_compat.tekton.validation.template import Step
from holkas_compat.tekton.validation.variables import STEP_RESULT, Kind, unknown
from holkas_compat.tekton.validation.when import check_when
from holkas_compat.tekton.validation.workspaces import clean_path

ON_ERROR = ("continue", "stopAndFail")
PARAM_START = "$(params"
STEP_ARTIFACT = r"\$\(steps\.[^.]+\.(?:inputs|outputs)\.[^.)]+\)|\$\(step\.artifacts\.path\)"
TASK_ARTIFACT = r"\$\(tasks\.[^.]+\.(?:inputs|outputs)\.[^.)]+\)"
_TASK_ARTIFACT_PATH = "$(artifacts.path)"
_STEP_RESULT = r"\$\(steps\..*\.results\..*\)"

_NOT_WITH_REF = ("image", "command", "args", "script", "workingDir", "env", "volumeMounts", "results")


def check_steps(steps: Sequence[Step], scope: Scope) -> None:
    """All steps of a task; ``scope`` is that of the task spec."""
    names: set[str] = set()
    for step in steps:
        _check_step(step, names)
        declared = step.own.get("results")
        if declared is not None:
            check_script_results(step.text("script"), declared, step.scope, STEP_RESULT)
            base, fields = step.scope.path, (*scope.fields, "steps.results", f"[{step.index}]")
            scopes = [
                Scope(scope.collector, (*base, "results", index), (*fields, f"[{index}]"))
                for index in range(len(records(declared)))
            ]
            check_step_results(declared, scopes)
        check_when(step.own.get("when"), step.scope.at("when"))


def check_script_results(script: str, declared: Any, scope: Scope, *kinds: Kind) -> None:
    """A script writes only results that its step or StepAction declares."""
    names = names_of(declared)
    for kind in kinds:
        if fault := unknown(script, kind, names):
            scope.report(
                fault.code, fault.message, "script", at=("script",), within=fault.within, hint=fault.hint
            )


def check_script(values: Mapping[str, Any], scope: Scope) -> None:
    """A script goes without command, and for Windows only at alpha; ``scope`` is the container's."""
    script = text(values.get("script"))
    if script and items(values.get("command")):
        message = "script and command exclude each other"
        scope.report(
            "T203", message, "script", at=("script",), on_key=True, hint="keep one; args may go with both"
        )


def check_windows(script: str, scope: Scope) -> None:
    """Scripts for Windows are an alpha feature."""
    if script.strip().startswith("#!win"):
        require_level(scope, Level.ALPHA, "a script for Windows", "script")


def _check_step(step: Step, names: set[str]) -> None:
    scope = step.scope
    if _uses_artifacts_too_early(step) or _has_negative_timeout(step):
        return
    if step.own.get("ref") is not None:
        _check_ref(step)
    else:
        _check_container(step)
    _check_name(step.text("name"), scope, names)
    _check_mounts(step)
    on_error = step.text("onError")
    if on_error and not on_error.startswith(PARAM_START) and on_error not in ON_ERROR:
        hint = f"use {' or '.join(ON_ERROR)}"
        scope.report("T208", f'onError cannot be "{on_error}"', "onError", at=("onError",), hint=hint)
    check_windows(step.text("script"), scope)
    for key in ("stdoutConfig", "stderrConfig"):
        if step.own.get(key) is not None:
            require_level(scope, Level.ALPHA, f"{key} of a step", key)
    _check_places(step)


def _uses_artifacts_too_early(step: Step) -> bool:
    """Artifacts need a flag; Tekton looks at nothing else in such a step."""
    if step.scope.flags.artifacts:
        return False
    values = [step.text("script"), *texts(step.values.get("command")), *texts(step.values.get("args"))]
    values += [text(entry.get("value")) for entry in records(step.values.get("env"))]
    if any(uses_step_artifact(value) or _uses_task_artifact(value) for value in values):
        report_flag(step.scope, "enable-artifacts", "the use of artifacts")
        return True
    return False


def _has_negative_timeout(step: Step) -> bool:
    """Tekton tells nothing else about such a step."""
    timeout = nanoseconds(step.own.get("timeout"))
    if timeout is None or timeout >= 0:
        return False
    step.scope.report("T110", "a step's time-out cannot be negative", "negative timeout", at=("timeout",))
    return True


def uses_step_artifact(value: str) -> bool:
    """Whether a text refers to an artifact of a step."""
    return "$(" in value and re.search(STEP_ARTIFACT, value) is not None


def _uses_task_artifact(value: str) -> bool:
    return "$(" in value and (re.search(TASK_ARTIFACT, value) is not None or _TASK_ARTIFACT_PATH in value)


def _check_ref(step: Step) -> None:
    scope = step.scope
    check_reference(step.own["ref"], Scope(scope.collector, (*scope.path, "ref"), scope.fields))
    for key in _NOT_WITH_REF:
        value = step.values.get(key)
        if value or (key == "env" and value is not None):
            message = f"{key} cannot stand beside ref: the StepAction brings it"
            scope.report("T204", message, key, at=(key,), on_key=True, hint=f"remove {key}, or ref")


def _check_container(step: Step) -> None:
    scope = step.scope
    if items(step.own.get("params")):
        hint = "use the parameters of the task in the step, or refer to a StepAction"
        scope.report(
            "T205", "params of a step are for a StepAction", "params", at=("params",), on_key=True, hint=hint
        )
    if not step.text("image"):
        scope.report("T202", "the step has no image", "Image", hint="set image, or ref to use a StepAction")
    check_script(step.values, scope)


def _check_name(name: str, scope: Scope, names: set[str]) -> None:
    if not name:
        return
    if name in names:
        scope.report("T207", f'there is more than one step "{name}"', "name", at=("name",))
    names.add(name)
    if not is_label(name):
        scope.report("T206", f'"{name}" is not a valid name of a step', "name", at=("name",), hint=LABEL_RULE)


def _check_mounts(step: Step) -> None:
    scope = step.scope
    for index, (path, mount) in enumerate(step.entries("volumeMounts")):
        here = Scope(scope.collector, path, (*scope.fields, f"volumeMounts[{index}]"))
        name, place = text(mount.get("name")), clean_path(text(mount.get("mountPath")))
        if place.startswith("/tekton/") and not place.startswith("/tekton/home"):
            message = f'"{name}" cannot be mounted at {place}: /tekton belongs to Tekton'
            here.report("T209", message, "mountPath", at=("mountPath",), hint="only /tekton/home is free")
        if name.startswith("tekton-internal-"):
            message = f'the volume cannot be called "{name}": names with tekton-internal- belong to Tekton'
            here.report("T210", message, "name", at=("name",))


def _check_places(step: Step) -> None:
    """Results and artifacts of other steps are filled in at run time, and only in some fields."""
    for value, field, path in _fixed_texts(step):
        here = Scope(step.scope.collector, path, step.scope.fields)
        if match := re.search(_STEP_RESULT, value):
            message = "results of steps can be used only in env, command and args"
            here.report("T221", message, field, within=match[0], hint="pass it through env")
        if field != "script" and (match := re.search(STEP_ARTIFACT, value)):
            message = "artifacts of steps can be used only in env, command, args and script"
            here.report("T222", message, field, within=match[0], hint="pass it through env")


def _fixed_texts(step: Step) -> Iterator[tuple[str, str, tuple[PathPart, ...]]]:
    """Texts with a reference outside env, command and args; their field as Tekton spells it, their place."""
    for key in ("name", "image", "script", "workingDir", "imagePullPolicy"):
        if "$(" in (value := step.text(key)):
            # The misspelt field is Tekton's.
            misspelt = key == "imagePullPolicy" and step.scope.version == "v1beta1"
            yield value, "imagePullPoliicy" if misspelt else key, step.path(key)
    for path, entry in step.entries("envFrom"):
        if "$(" in (value := text(entry.get("prefix"))):
            yield value, "envFrom.prefix", (*path, "prefix")
        for key in ("configMapRef", "secretRef"):
            if "$(" in (value := text(record(entry.get(key)).get("name"))):
                yield value, f"envFrom.{key}", (*path, key, "name")
    for field, keys in (
        ("volumeMounts", ("name", "mountPath", "subPath")),
        ("volumeDevices", ("name", "devicePath")),
    ):
        for path, entry in step.entries(field):
            for key in keys:
                if "$(" in (value := text(entry.get(key))):
                    yield value, f"{field}.{key}", (*path, key)
