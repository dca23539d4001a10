"""Results of tasks and of steps.

Source: Tekton's docs/tasks.md, "Emitting Results", and docs/stepactions.md, "Fetching Emitted Results from
Steps".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from holkas_compat.manifest.shape import name_of, record, records, text
from holkas_compat.tekton.validation.names import LABEL_RULE, is_label
from holkas_compat.tekton.validation.scope import Scope
from holkas_compat.tekton.validation.values import OBJECT, STRING, TYPES, string_of, type_of

_NAME = r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]\Z"
_STEP_RESULT = r"\$\(steps\.(.*?)\.results\.(.*?)\)"
_NAME_RULE = "letters, digits, '-', '_' and '.', starting and ending with a letter or digit"


def names_of(value: Any) -> frozenset[str]:
    """The names of declared results."""
    return frozenset(name_of(entry) for entry in records(value))


def check_results(value: Any, scope: Scope) -> None:
    """The declared results of a task; ``scope`` is that of the list."""
    for index, entry in enumerate(records(value)):
        here = scope.at(index)
        if _check_declaration(entry, here):
            _check_value(entry, here)


def check_step_results(value: Any, scopes: Iterable[Scope]) -> None:
    """The declared results of a step or StepAction, each with its place."""
    for entry, here in zip(records(value), scopes, strict=False):
        _check_declaration(entry, here)


def _check_declaration(entry: Mapping[str, Any], here: Scope) -> bool:
    name, type_ = name_of(entry), text(entry.get("type"))
    if re.match(_NAME, name) is None:
        here.report(
            "T216", f'"{name}" is not a valid name of a result', "name", at=("name",), hint=_NAME_RULE
        )
        return False
    if type_ == OBJECT:
        _check_properties(name, entry.get("properties"), here)
    elif type_ and type_ not in TYPES:
        message = f'the result "{name}" has the type "{type_}", which does not exist'
        here.report("T217", message, "type", at=("type",), hint="use string, array or object")
    return True


def _check_properties(name: str, properties: Any, here: Scope) -> None:
    if not isinstance(properties, dict):
        hint = "list its keys: properties: {key: {type: string}}"
        here.report("T218", f'the object result "{name}" has no properties', f"{name}.properties", hint=hint)
        return
    wrong = [key for key, item in properties.items() if text(record(item).get("type")) != STRING]
    if wrong:
        keys = ", ".join(f'"{key}"' for key in wrong)
        message = f'keys of the object result "{name}" must be strings: {keys}'
        here.report("T219", message, f"{name}.properties", at=("properties",), hint="use type: string")


def _check_value(entry: Mapping[str, Any], here: Scope) -> None:
    """A result with a value takes over the result of a step."""
    if entry.get("value") is None:
        return
    name, form = name_of(entry), "the form is $(steps.<step>.results.<result>)"
    if type_of(entry) != STRING:
        message = f'the value of the result "{name}" must be a string that names a result of a step'
        here.report("T220", message, f"{name}.type", at=("value",), hint=form)
        return
    value = string_of(entry)
    if not value:
        return
    match = re.search(_STEP_RESULT, value)
    field, at = f"{name}.value", ("value",)
    if match is None:
        message = f'the value of the result "{name}" does not name a result of a step'
        here.report("T220", message, field, at=at, hint=form)
        return
    if not is_label(match[1]):
        message = f'"{match[1]}" is not a valid name of a step'
        here.report("T220", message, field, at=at, within=match[0], hint=LABEL_RULE)
    if re.match(_NAME, match[2]) is None:
        message = f'"{match[2]}" is not a valid name of a result'
        here.report("T220", message, field, at=at, within=match[0], hint=_NAME_RULE)
