"""A run for documents that have none: of the one Pipeline, or else of the one Task."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from holkas.extensions.importer import RunWish
from holkas.model.finding import Finding, Severity
from holkas.model.pipeline import Pipeline
from holkas.model.reference import Reference
from holkas.model.run import PipelineRun, Run, TaskRun
from holkas.model.task import Task
from holkas.model.workspace import WorkspaceBinding

from holkas_compat.manifest.suggest import did_you_mean
from holkas_compat.tekton.lint.codes import EMPTY_WORKSPACE, NOTHING_TO_RUN, SEVERAL_TO_RUN
from holkas_compat.tekton.lint.references import mentions
from holkas_compat.tekton.unit import Unit

_KINDS = ("Pipeline", "Task")


def choose(units: Sequence[Unit], wish: RunWish) -> tuple[Unit | None, list[Finding]]:
    """The Pipeline or Task to run, or a finding that says why none can be chosen.

    A Pipeline goes before Tasks. Of several the one counts that the wish names, or the only one that no other
    document refers to.
    """
    candidates = [unit for unit in units if unit.tekton and unit.kind in _KINDS and unit.name]
    if wish.name:
        named = [unit for unit in candidates if unit.name == wish.name]
        if named:
            return named[0], []
        hint = did_you_mean(wish.name, [unit.name for unit in candidates])
        return None, _nothing(units, f'there is no Pipeline or Task "{wish.name}"', hint)
    for kind in _KINDS:
        of_kind = [unit for unit in candidates if unit.kind == kind]
        if len(of_kind) > 1:
            used = _mentioned(of_kind, kind)
            of_kind = [unit for unit in of_kind if unit.name not in used] or of_kind
        if len(of_kind) > 1:
            names = ", ".join(unit.name for unit in of_kind)
            message = f"these documents hold no run and several {kind}s: {names}"
            hint = f"name the {kind} to run"
            return None, [of_kind[1].finding(SEVERAL_TO_RUN, message, ("metadata", "name"), hint=hint)]
        if of_kind:
            return of_kind[0], []
    return None, _nothing(units, "there is no PipelineRun, TaskRun, Pipeline or Task to run", "")


def _mentioned(units: Iterable[Unit], kind: str) -> set[str]:
    return {mention.ref.name for unit in units for mention in mentions(unit) if mention.kind == kind}


def _nothing(units: Sequence[Unit], message: str, hint: str) -> list[Finding]:
    return [units[0].finding(NOTHING_TO_RUN, message, hint=hint)] if units else []


def synthesise(
    noun: Pipeline | Task, unit: Unit, wish: RunWish, make_name: Callable[[str], str]
) -> tuple[Run, list[Finding]]:
    """A run of a Pipeline or Task, with an empty directory for each required workspace that is not bound."""
    bound = {binding.name for binding in wish.workspaces}
    bindings, findings = [], []
    for index, workspace in enumerate(noun.spec.workspaces):
        if workspace.optional or workspace.name in bound:
            continue
        bindings.append(WorkspaceBinding(name=workspace.name, kind="emptyDir"))
        message = f'workspace "{workspace.name}" is an empty directory for this run'
        hint = f"bind another with -w name={workspace.name},…"
        path = ("spec", "workspaces", index, "name")
        findings.append(unit.finding(EMPTY_WORKSPACE, message, path, severity=Severity.NOTE, hint=hint))
    base = f"{noun.name}-run-"
    name, metadata, workspaces = make_name(base), {"generateName": base}, tuple(bindings)
    ref = Reference(name=noun.name)
    if isinstance(noun, Pipeline):
        return PipelineRun(name=name, ref=ref, workspaces=workspaces, metadata=metadata), findings
    return TaskRun(name=name, ref=ref, workspaces=workspaces, metadata=metadata), findings
