"""The use of variables in the steps of a task: every text of every step against what is declared.

Source: Tekton's docs/tasks.md, "Using variable substitution", and docs/variables.md. Sidecars, volumes and results are
not searched by admission.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from holkas.model.finding import PathPart

from holkas_compat.tekton.validation.params import ParamNames, ParamSpec, check_properties
from holkas_compat.tekton.validation.scope import Scope
from holkas_compat.tekton.validation.shape import name_of, text, texts
from holkas_compat.tekton.validation.template import Step
from holkas_compat.tekton.validation.variables import (
    PARAM,
    RESULT,
    Fault,
    Kind,
    context,
    key_of,
    not_alone,
    unknown,
    whole_object,
    wrong_type,
)

TASK_RUN_CONTEXT = ("name", "namespace", "uid")
TASK_CONTEXT = ("name", "retry-count")


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a step with a ``$(`` in it. field: Tekton's spelling from the spec on; path: from the document's root.

    list_item: an element of command or args, where a whole array may stand. only_names: the type does not matter.
    """

    value: str
    field: str
    path: tuple[PathPart, ...]
    list_item: bool = False
    only_names: bool = False
    name_field: str = ""


def step_texts(steps: Iterable[Step]) -> list[Text]:
    """The texts of steps in which Tekton looks for references."""
    found = []
    for step in steps:
        prefix = f"steps[{step.index}]"
        found += container_texts(step, prefix, ("name", "image", "workingDir", "script"))
        for position, (path, mount) in enumerate(step.entries("volumeMounts")):
            for key, name_key in (("name", "name"), ("mountPath", "MountPath"), ("subPath", "SubPath")):
                field = f"{prefix}.volumeMount[{position}]."
                value = text(mount.get(key))
                found.append(Text(value, field + key, (*path, key), name_field=field + name_key))
        found.append(Text(step.text("onError"), f"{prefix}.onError", step.path("onError"), only_names=True))
    return [item for item in found if "$(" in item.value]


def container_texts(step: Step, prefix: str, fields: Iterable[str]) -> list[Text]:
    """Single fields, command, args and env of a step or a StepAction."""
    dot = f"{prefix}." if prefix else ""
    found = [Text(step.text(key), f"{dot}{key}", step.path(key)) for key in fields]
    for key in ("command", "args"):
        path = step.path(key)
        for position, value in enumerate(texts(step.values.get(key))):
            found.append(Text(value, f"{dot}{key}[{position}]", (*path, position), list_item=True))
    for path, entry in step.entries("env"):
        value = text(entry.get("value"))
        found.append(Text(value, f"{dot}env.[{name_of(entry)}]", (*path, "value")))
    return found


def check_names(found: Sequence[Text], scope: Scope, kind: Kind, names: Collection[str]) -> None:
    """No text may refer to a name of this kind that does not exist."""
    for item in found:
        report(unknown(item.value, kind, names), item, scope, item.name_field or item.field)


def check_arrays(found: Sequence[Text], scope: Scope, names: Collection[str]) -> None:
    """Whole arrays may stand only in command and args, and alone there."""
    if not names:
        return
    for item in found:
        if item.only_names:
            continue
        if item.list_item:
            fault = not_alone(item.value, PARAM, names)
        else:
            fault = wrong_type(item.value, PARAM, names, "array")
        report(fault, item, scope, item.field)


def check_params(found: Sequence[Text], scope: Scope, specs: Sequence[ParamSpec]) -> None:
    """Every parameter that the steps use is declared, objects are used by key, and have their keys declared."""
    names = ParamNames.of(specs)
    check_names(found, scope, PARAM, names.all)
    for name, keys in names.objects.items():
        check_names(found, scope, key_of(name), keys)
    if names.objects:
        for item in found:
            if not item.only_names:
                report(whole_object(item.value, PARAM, names.objects), item, scope, item.field)
    check_properties(specs, scope)


def check_contexts(found: Sequence[Text], scope: Scope) -> None:
    """The variables ``$(context.…)`` of a task."""
    check_names(found, scope, context("taskRun"), TASK_RUN_CONTEXT)
    check_names(found, scope, context("task"), TASK_CONTEXT)


def check_results(found: Sequence[Text], scope: Scope, names: Collection[str]) -> None:
    """Scripts write only results that the task declares."""
    check_names([item for item in found if item.field.endswith(".script")], scope, RESULT, names)


def report(fault: Fault | None, item: Text, scope: Scope, field: str) -> None:
    """Report what is wrong with a text."""
    if fault is not None:
        here = Scope(scope.collector, item.path, scope.fields)
        here.report(fault.code, fault.message, field, within=fault.within, hint=fault.hint)
