"""Variables in what a pipeline gives to its tasks.

Source: Tekton's docs/variables.md, "Variables available in a Pipeline"; tektoncd/pipeline pull requests 10050
and 10443 for the prefixes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from holkas.model.path import PathPart

from holkas_compat.manifest.shape import name_of, record, records
from holkas_compat.tekton.validation.expressions import param_expressions, when_expressions
from holkas_compat.tekton.validation.gates import report_flag
from holkas_compat.tekton.validation.names import did_you_mean
from holkas_compat.tekton.validation.scope import Scope
from holkas_compat.tekton.validation.steps import TASK_ARTIFACT
from holkas_compat.tekton.validation.values import strings_of
from holkas_compat.tekton.validation.variables import context, unknown

PREFIXES = ("params", "tasks", "finally", "context", "workspaces", "results")
_CONTEXTS = {
    "pipelineRun": ("name", "namespace", "uid"),
    "pipeline": ("name",),
    "pipelineTask": ("retries",),
}

Params = list[tuple[tuple[PathPart, ...], str, Mapping[str, Any]]]


def all_params(task: Mapping[str, Any]) -> Params:
    """All params of a task: path from the task on, Tekton's spelling of it, the param.

    Those of the matrix included.
    """
    matrix = record(task.get("matrix"))
    lists: list[tuple[tuple[PathPart, ...], str, Any]] = [
        (("params",), "params", task.get("params")),
        (("matrix", "params"), "matrix.params", matrix.get("params")),
    ]
    for index, include in enumerate(records(matrix.get("include"))):
        path = ("matrix", "include", index, "params")
        lists.append((path, f"matrix.include[{index}].params", include.get("params")))
    return [
        ((*path, index, "value"), f"{field}.[{name_of(param)}].value", param)
        for path, field, params in lists
        for index, param in enumerate(records(params))
    ]


def check_contexts(tasks: Any, scope: Scope) -> None:
    """The variables ``$(context.…)``.

    ``scope`` is that of the list. Tekton looks only at the list's last task.
    """
    entries = records(tasks)
    if not entries:
        return
    last = scope.at(len(entries) - 1, field="")
    for path, _, param in all_params(entries[-1]):
        here = last.at(*path, field="")
        for value in strings_of(param):
            for name, known in _CONTEXTS.items():
                if fault := unknown(value, context(name), known):
                    here.report(fault.code, fault.message, "value", within=fault.within, hint=fault.hint)


def check_prefixes(tasks: Any, scope: Scope) -> None:
    """Every ``$(…)`` starts with a word that Tekton knows; ``scope`` is that of the list."""
    for index, task in enumerate(records(tasks)):
        here = scope.at(index)
        for place, expression in _expressions(task, here):
            prefix = expression.split(".", 1)[0]
            if prefix not in PREFIXES:
                message = f"$({expression}) starts with no variable of a pipeline: {', '.join(PREFIXES)}"
                hint = did_you_mean(prefix, PREFIXES) or "a variable of the shell is written ${VAR}"
                place.report("T315", message, "", within=f"$({expression})", hint=hint)


def check_artifacts(sections: Iterable[tuple[Any, Scope]]) -> None:
    """Artifacts of tasks need a flag; each list of tasks with its place. Tekton tells the first use only."""
    for tasks, scope in sections:
        for index, task in enumerate(records(tasks)):
            for param in records(task.get("params")):
                if any(re.search(TASK_ARTIFACT, value) for value in strings_of(param)):
                    report_flag(scope.at(index, "params"), "enable-artifacts", "the use of artifacts")
                    return


def _expressions(task: Mapping[str, Any], here: Scope) -> Iterator[tuple[Scope, str]]:
    for path, field, param in all_params(task):
        for expression in param_expressions(param):
            yield here.at(*path, field=field), expression
    for index, when in enumerate(records(task.get("when"))):
        for expression in when_expressions(when):
            yield here.at("when", index), expression
