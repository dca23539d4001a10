"""The use of variables in the steps of a task: every text of every step against what is declared.

Source: Tekton's docs/tasks.md, "Using variable substitution", and docs/variables.md. Sidecars, volumes and
results are not searched by admission.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from holkas.model.path import PathPart
from holkas.records import dataclass

from holkas_compat.manifest.shape import name_of, text, texts
from holkas_compat.tekton.validation.param_specs import ParamNames, ParamSpec
from holkas_compat.tekton.validation.params import check_properties
from holkas_compat.tekton.validation.scope import Scope
from holkas_compat.tekton.validation.template import Step
from holkas_compat.tekton.validation.values import OBJECT
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
    """A text of a step, or of a StepAction.

    field: Tekton's spelling of the place inside the step. path: the place, from the document's root.
    owner: Tekton's spelling of the step. nested: the same, as Tekton prints it where types are wrong: every
    later step of the task stands before it (``steps[2].steps[1].steps[0]``).
    list_item: an element of command or args, where a whole array may stand. only_names: the type does not
    matter.
    name_field: the field where Tekton spells it differently for unknown names.
    """

    value: str
    field: str
    path: tuple[PathPart, ...]
    owner: str = ""
    nested: str = ""
    list_item: bool = False
    only_names: bool = False
    name_field: str = ""


def step_texts(steps: Sequence[Step]) -> list[Text]:
    """The texts of steps in which Tekton looks for references, those without any left out."""
    found: list[Text] = []
    nested = ""
    for step in reversed(steps):
        owner = f"steps[{step.index}]"
        nested = f"{nested}.{owner}" if nested else owner
        found += container_texts(step, ("name", "image", "workingDir", "script"), owner, nested)
        for position, (path, mount) in enumerate(step.entries("volumeMounts")):
            field = f"volumeMount[{position}]."
            for key, name_key in (("name", "name"), ("mountPath", "MountPath"), ("subPath", "SubPath")):
                if "$(" in (value := text(mount.get(key))):
                    place = (*path, key)
                    found.append(Text(value, field + key, place, owner, nested, name_field=field + name_key))
        if "$(" in (value := step.text("onError")):
            found.append(Text(value, "onError", step.path("onError"), owner, nested, only_names=True))
    return found


def container_texts(step: Step, fields: Iterable[str], owner: str = "", nested: str = "") -> Iterator[Text]:
    """Single fields, command, args and env of a step or a StepAction, those with a reference."""
    for key in fields:
        if "$(" in (value := step.text(key)):
            yield Text(value, key, step.path(key), owner, nested)
    for key in ("command", "args"):
        for position, value in enumerate(texts(step.values.get(key))):
            if "$(" in value:
                place = (*step.path(key), position)
                yield Text(value, f"{key}[{position}]", place, owner, nested, list_item=True)
    for path, entry in step.entries("env"):
        if "$(" in (value := text(entry.get("value"))):
            yield Text(value, f"env.[{name_of(entry)}]", (*path, "value"), owner, nested)


def check_names(found: Sequence[Text], scope: Scope, kind: Kind, names: Collection[str]) -> None:
    """No text may refer to a name of this kind that does not exist."""
    for item in found:
        report(unknown(item.value, kind, names), item, scope, f"{item.owner}.{item.name_field or item.field}")


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
        report(fault, item, scope, f"{item.nested}.{item.field}")


def check_params(found: Sequence[Text], scope: Scope, specs: Sequence[ParamSpec]) -> None:
    """Every parameter that the steps use is declared, objects by key, and their keys too."""
    names = ParamNames.of(specs)
    check_names(found, scope, PARAM, names.all)
    for spec in specs:
        if spec.type == OBJECT:
            check_names(found, scope, key_of(spec.name), spec.keys)
    if names.objects:
        for item in found:
            if not item.only_names:
                report(
                    whole_object(item.value, PARAM, names.objects), item, scope, f"{item.nested}.{item.field}"
                )
    check_properties(specs, scope)


def check_contexts(found: Sequence[Text], scope: Scope) -> None:
    """The variables ``$(context.…)`` of a task."""
    if found:
        check_names(found, scope, context("taskRun"), TASK_RUN_CONTEXT)
        check_names(found, scope, context("task"), TASK_CONTEXT)


def check_results(found: Sequence[Text], scope: Scope, names: Collection[str]) -> None:
    """Scripts write only results that the task declares."""
    check_names([item for item in found if item.field == "script"], scope, RESULT, names)


def report(fault: Fault | None, item: Text, scope: Scope, field: str) -> None:
    """Report what is wrong with a text."""
    if fault is not None:
        here = Scope(scope.collector, item.path, scope.fields)
        here.report(fault.code, fault.message, field, within=fault.within, hint=fault.hint)
