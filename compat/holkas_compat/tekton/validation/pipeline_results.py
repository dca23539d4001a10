"""Results of a pipeline.

Source: Tekton's docs/pipelines.md, "Emitting Results from a Pipeline".
"""

from __future__ import annotations

from typing import Any

from holkas_compat.manifest.shape import name_of, records
from holkas_compat.tekton.validation.expressions import is_result, param_expressions, result_reference
from holkas_compat.tekton.validation.finally_tasks import task_names
from holkas_compat.tekton.validation.names import did_you_mean
from holkas_compat.tekton.validation.scope import Scope
from holkas_compat.tekton.validation.values import string_of

_FORM = "the form is $(tasks.<task>.results.<result>)"


def check_pipeline_results(value: Any, tasks: Any, final_tasks: Any, scope: Scope) -> None:
    """Each value consists of results of tasks; ``scope`` is that of the pipeline spec."""
    known = {"tasks": task_names(tasks), "finally": task_names(final_tasks)}
    for index, result in enumerate(records(value)):
        here = scope.at("results", index, "value", field=f"results[{index}].value")
        name = name_of(result)
        found = param_expressions(result)
        references = [item for item in found if is_result(item)]
        if not references:
            here.report(
                "T416",
                f'the pipeline result "{name}" takes nothing from the result of a task',
                "",
                hint=_FORM,
            )
        for item in references:
            if result_reference(item) is None:
                message = f"$({item}) has too many words for the result of a task"
                here.report("T417", message, "", within=f"$({item})", hint=_FORM)
        _check_tasks(string_of(result), name, known, here)


def _check_tasks(value: str, name: str, known: dict[str, frozenset[str]], here: Scope) -> None:
    """Tekton wants the text cut at ``$`` to give results and nothing before the first one."""
    for piece in value.split("$"):
        if not piece:
            continue
        text = f"${piece}".removeprefix("$(").removesuffix(")")
        reference = result_reference(text)
        if reference is None:
            if not is_result(text):
                message = (
                    f'the pipeline result "{name}" has a part that is no result of a task: {piece.strip()}'
                )
                here.report("T416", message, "", hint=_FORM)
            else:
                here.report(
                    "T417",
                    f"${piece} has too many words for the result of a task",
                    "",
                    within=f"${piece}",
                    hint=_FORM,
                )
            continue
        section = next((key for key in known if text.startswith(key)), "tasks")
        if reference.task not in known[section]:
            message = (
                f'the pipeline result "{name}" uses the task "{reference.task}", which is not under {section}'
            )
            here.report(
                "T418", message, "", within=f"$({text})", hint=did_you_mean(reference.task, known[section])
            )
