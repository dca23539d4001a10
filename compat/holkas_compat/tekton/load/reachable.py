"""What a run refers to, directly or through others, and what of it cannot be had here."""

from __future__ import annotations

from collections.abc import Iterator

from holkas.model.finding import Finding, Severity
from holkas.model.path import DocumentPath
from holkas.model.pipeline import custom_kind
from holkas.model.run import TaskRun

from holkas_compat.manifest.finding import field_text
from holkas_compat.tekton.catalog import Shelf
from holkas_compat.tekton.lint.codes import CUSTOM_TASK, IGNORED_DOCUMENT
from holkas_compat.tekton.lint.references import Mention, is_missing, mentions, missing
from holkas_compat.tekton.lint.site import pipeline_specs, tasks_of
from holkas_compat.tekton.unit import Unit


def unreachable(start: Unit, shelf: Shelf, seen: set[tuple[str, str]]) -> Iterator[Finding]:
    """References that cannot be followed, of this document and of all that it leads to.

    seen: documents that were looked at already; those found here are added.
    """
    waiting = [start]
    while waiting:
        unit = waiting.pop()
        yield from _custom_specs(unit, shelf)
        for mention in mentions(unit):
            yield from _problems(unit, mention, shelf)
            key = (mention.kind, mention.ref.name)
            if key in shelf.units and key not in seen and not mention.ref.resolver:
                seen.add(key)
                waiting.append(shelf.units[key])


def _problems(unit: Unit, mention: Mention, shelf: Shelf) -> Iterator[Finding]:
    ref = mention.ref
    if ref.resolver:
        return  # the walk through what resolvers find tells of those that cannot be followed
    if ref.is_custom:
        kind = custom_kind(ref, None)
        if kind not in shelf.catalog.custom_tasks:
            yield _not_served(unit, kind, (*mention.path, "kind"))
            for other in shelf.others:
                if ref.name and (other.kind, other.name) == (ref.kind, ref.name):
                    message = f'{other.kind} "{other.name}" is of a kind that holkas does not use'
                    yield other.finding(IGNORED_DOCUMENT, message, ("kind",), severity=Severity.NOTE)
    elif is_missing(mention, shelf):
        # The run says so too, with the reason that it would end with on a cluster. Of steps no run says it.
        fatal = mention.kind == "StepAction"
        yield missing(unit, mention, shelf, Severity.ERROR if fatal else Severity.WARNING)


def _custom_specs(unit: Unit, shelf: Shelf) -> Iterator[Finding]:
    for spec, path in pipeline_specs(unit):
        for task, task_path in tasks_of(spec, path):
            if task.custom_spec is not None and task.custom_kind not in shelf.catalog.custom_tasks:
                yield _not_served(unit, task.custom_kind, (*task_path, "taskSpec", "kind"))


def custom_run_problems(unit: Unit, run: TaskRun, shelf: Shelf) -> Iterator[Finding]:
    """What stands in the way of a CustomRun document."""
    field = "customRef" if run.custom_spec is None else "customSpec"
    if run.custom_kind not in shelf.catalog.custom_tasks:
        yield _not_served(unit, run.custom_kind, ("spec", field, "kind"))


def _not_served(unit: Unit, kind: str, path: DocumentPath) -> Finding:
    version, _, name = kind.rpartition("/")
    message = f"{field_text(path)}: no plugin serves the custom task {name} of {version}"
    hint = f"a plugin can, with the hook holkas_custom_tasks and the capability {kind}"
    return unit.finding(CUSTOM_TASK, message, path, hint=hint)
