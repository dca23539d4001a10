"""Results that a pipeline uses, against those that its tasks declare."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from holkas.model.finding import Finding
from holkas.model.param import Param
from holkas.model.path import DocumentPath
from holkas.model.pipeline import PipelineTask
from holkas.model.value import Value
from holkas.pipeline.references import result_references_in

from holkas_compat.manifest.suggest import did_you_mean
from holkas_compat.tekton.lint.codes import UNKNOWN_RESULT
from holkas_compat.tekton.lint.site import Site


def check_results(site: Site) -> Iterator[Finding]:
    """Results that no task declares, used by tasks or by the pipeline's own results."""
    names = {task: {result.name for result in declared.results} for task, declared in site.declared.items()}
    for task, path in site.tasks():
        for text, place in texts_of_task(task, path):
            yield from _check(site, names, f'task "{task.name}"', text, place)
    for index, result in enumerate(site.spec.results):
        for text, place in texts_of_value(result.value or "", (*site.path, "results", index, "value")):
            yield from _check(site, names, f'pipeline result "{result.name}"', text, place)


def _check(
    site: Site, names: Mapping[str, set[str]], user: str, text: str, path: DocumentPath
) -> Iterator[Finding]:
    for reference in result_references_in(text):
        known = names.get(reference.task)
        if known is None or reference.result in known:
            continue
        message = f'{user} uses result "{reference.result}" that task "{reference.task}" does not declare'
        hint = did_you_mean(reference.result, known)
        if not hint:
            hint = f"it declares {', '.join(sorted(known))}" if known else "it declares no results"
        yield site.unit.finding(UNKNOWN_RESULT, message, path, within=f"$({reference.text})", hint=hint)


def texts_of_task(task: PipelineTask, path: DocumentPath) -> Iterator[tuple[str, DocumentPath]]:
    """Every text of a pipeline task in which a result counts, with its place."""
    yield from _params(task.params, path)
    if task.matrix is not None:
        yield from _params(task.matrix.params, (*path, "matrix"))
        for index, include in enumerate(task.matrix.include):
            yield from _params(include.params, (*path, "matrix", "include", index))
    for index, when in enumerate(task.when):
        place = (*path, "when", index)
        yield when.input, (*place, "input")
        yield when.cel, (*place, "cel")
        yield from texts_of_value(when.values, (*place, "values"))
    for index, workspace in enumerate(task.workspaces):
        yield workspace.sub_path, (*path, "workspaces", index, "subPath")
    yield task.display_name, (*path, "displayName")


def _params(params: Iterable[Param], path: DocumentPath) -> Iterator[tuple[str, DocumentPath]]:
    for index, param in enumerate(params):
        yield from texts_of_value(param.value, (*path, "params", index, "value"))


def texts_of_value(value: Value, path: DocumentPath) -> Iterator[tuple[str, DocumentPath]]:
    """The texts of a value with their places."""
    if isinstance(value, str):
        yield value, path
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield item, (*path, key)
    else:
        for index, item in enumerate(value):
            yield item, (*path, index)
