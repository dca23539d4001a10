"""Follows all references of a run through resolvers, with the values that its params have by then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from holkas.model.finding import Finding, Severity
from holkas.model.param import Param
from holkas.model.path import DocumentPath
from holkas.model.pipeline import Pipeline, PipelineSpec
from holkas.model.reference import Reference, RefSource
from holkas.model.run import PipelineRun, Run
from holkas.model.step import StepAction
from holkas.model.task import Task, TaskSpec
from holkas.pipeline.apply_pipeline import PipelineContext, apply_to_pipeline
from holkas.pipeline.param_values import (
    ParamResolutionError,
    admitted_params,
    param_replacements,
    task_param_replacements,
)
from holkas.pipeline.substitute_pipeline_task import substitute_reference
from holkas.records import dataclass

from holkas_compat.manifest.finding import field_text
from holkas_compat.tekton.catalog import Shelf
from holkas_compat.tekton.lint.codes import RESOLVER
from holkas_compat.tekton.remote.late import late
from holkas_compat.tekton.remote.refusal import Refusal
from holkas_compat.tekton.remote.remote import Remote
from holkas_compat.tekton.unit import Unit

Noun = Task | Pipeline | StepAction


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a spec stands in the user's files. fixed: it was found elsewhere, and this is what led there."""

    unit: Unit
    path: DocumentPath
    fixed: bool = False

    def at(self, *parts: str | int) -> Spot:
        """A place below."""
        return self if self.fixed else Spot(self.unit, (*self.path, *parts))


class Walk:
    """Gathers what references through resolvers lead to; :meth:`shelf` has it beside the documents."""

    def __init__(self, shelf: Shelf, remote: Remote) -> None:
        self._shelf = shelf
        self._remote = remote
        self._found: dict[tuple[str, str], tuple[Unit, RefSource]] = {}
        self._unresolved: dict[tuple[str, str], str] = {}
        self.findings: list[Finding] = []
        self._told: set[tuple[str, DocumentPath, str]] = set()
        if shelf.names("VerificationPolicy"):
            from holkas_compat.tekton.remote.trust import policies_of

            remote.trust(policies_of(shelf))

    def begin(self, unit: Unit, run: Run, params: Sequence[Param]) -> Run:
        """The run with the variables of its own reference replaced, and that reference followed.

        params: those of the run, the user's wishes among them.
        """
        if run.ref is None or not run.ref.resolver:
            return run
        ref = substitute_reference(run.ref, param_replacements(params))
        kind, field = ("Pipeline", "pipelineRef") if isinstance(run, PipelineRun) else ("Task", "taskRef")
        self._follow(kind, ref, Spot(unit, ("spec", field)))
        return replace(run, ref=ref)

    def run(self, unit: Unit, run: Run) -> None:
        """Follow everything that a run leads to."""
        spot = Spot(unit, ("spec",))
        if isinstance(run, PipelineRun):
            self._pipeline_of(run.ref, run.spec, run.params, spot, run, ())
        else:
            self._task_of(run.ref, run.spec, run.params, spot)

    def judge(self, unit: Unit) -> None:
        """Follow what a document alone leads to, as far as its references hold no variables."""
        noun, spot = unit.noun, Spot(unit, ("spec",))
        if isinstance(noun, Task):
            self._task(noun.spec, None, spot)
        elif isinstance(noun, Pipeline):
            self._pipeline(noun.spec, (), spot, PipelineContext(), None, ())
        elif noun is not None and not isinstance(noun, StepAction):
            self.run(unit, self.begin(unit, noun, noun.params))

    def shelf(self) -> Shelf:
        """The documents with those that were found, under the keys of their references."""
        if not self._found and not self._unresolved:
            return self._shelf
        catalog = self._shelf.catalog
        added: dict[str, dict[str, Any]] = {"Task": {}, "Pipeline": {}, "StepAction": {}}
        for (kind, key), (unit, _) in self._found.items():
            added[kind][key] = unit.noun
        catalog = replace(
            catalog,
            tasks={**catalog.tasks, **added["Task"]},
            pipelines={**catalog.pipelines, **added["Pipeline"]},
            step_actions={**catalog.step_actions, **added["StepAction"]},
            sources={key: source for key, (_, source) in self._found.items()},
            unresolved=self._unresolved,
        )
        units = {**self._shelf.units, **{key: unit for key, (unit, _) in self._found.items()}}
        return replace(self._shelf, catalog=catalog, units=units)

    def with_late(self) -> Shelf:
        """The same, whose catalog also follows references that hold results of tasks, once these are known."""
        shelf = self.shelf()
        return replace(shelf, catalog=late(shelf.catalog, self._remote))

    def _pipeline_of(
        self,
        ref: Reference | None,
        spec: PipelineSpec | None,
        params: Sequence[Param],
        spot: Spot,
        run: PipelineRun | None,
        ancestors: tuple[str, ...],
    ) -> None:
        name = "" if run is None else run.name
        if ref is not None:
            found = None if ref.key in ancestors else self._follow("Pipeline", ref, spot.at("pipelineRef"))
            if found is None or not isinstance(found[0], Pipeline):
                return
            spec, name, spot = found[0].spec, found[0].name, found[1]
            ancestors = (*ancestors, ref.key)
        elif spec is not None:
            spot = spot.at("pipelineSpec")
            params = admitted_params(spec.params, params) if run is not None else params
        if spec is None:
            return
        context = PipelineContext(
            run_name="" if run is None else run.name,
            namespace="default" if run is None else run.namespace,
            uid="$(context.pipelineRun.uid)",  # which nobody knows yet: such references are followed later
            pipeline_name=name,
        )
        self._pipeline(spec, params, spot, context, run, ancestors)

    def _pipeline(
        self,
        spec: PipelineSpec,
        params: Sequence[Param],
        spot: Spot,
        context: PipelineContext,
        run: PipelineRun | None,
        ancestors: tuple[str, ...],
    ) -> None:
        if run is not None:
            try:
                bound = [binding.name for binding in run.workspaces]
                spec = apply_to_pipeline(spec, params=params, context=context, workspaces=bound)
            except ParamResolutionError:
                return  # the run is refused for it, with its reason, when it begins
        for part, tasks in (("tasks", spec.tasks), ("finally", spec.finally_)):
            for index, task in enumerate(tasks):
                place = spot.at(part, index)
                if task.pipeline_ref is not None or task.pipeline_spec is not None:
                    inner = (
                        None if run is None else replace(run, name=f"{run.name}-{task.name}", workspaces=())
                    )
                    self._pipeline_of(
                        task.pipeline_ref, task.pipeline_spec, task.params, place, inner, ancestors
                    )
                elif task.custom_spec is None:
                    self._task_of(task.ref, task.task_spec, task.params, place)

    def _task_of(
        self, ref: Reference | None, spec: TaskSpec | None, params: Sequence[Param], spot: Spot
    ) -> None:
        if ref is not None:
            found = self._follow("Task", ref, spot.at("taskRef"))
            if found is not None and isinstance(found[0], Task):
                self._task(found[0].spec, params, found[1])
        elif spec is not None:
            self._task(spec, params, spot.at("taskSpec"))

    def _task(self, spec: TaskSpec, params: Sequence[Param] | None, spot: Spot) -> None:
        """``params``: what the task is given; None where nobody uses it here."""
        if not any(step.ref is not None and step.ref.resolver for step in spec.steps):
            return
        replacements = None if params is None else task_param_replacements(spec.params, params)
        for index, step in enumerate(spec.steps):
            if step.ref is not None and step.ref.resolver:
                ref = step.ref if replacements is None else substitute_reference(step.ref, replacements)
                self._follow("StepAction", ref, spot.at("steps", index, "ref"))

    def _follow(self, kind: str, ref: Reference, spot: Spot) -> tuple[Noun, Spot] | None:
        """What a reference means, and where that stands; None where that is not known, or not yet."""
        if ref.is_custom:
            return None
        if not ref.resolver:
            unit = self._shelf.units.get((kind, ref.name))
            if unit is None or not isinstance(unit.noun, Noun):
                return None
            return unit.noun, Spot(unit, ("spec",))
        if any("$(" in text for text in _texts(ref)):
            return None
        try:
            found = self._remote.follow(kind, ref, self._shelf.catalog)
        except Refusal as refusal:
            self._unresolved[kind, ref.key] = str(refusal)
            self._tell(kind, refusal, spot)
            return None
        if found.warning:
            self._tell(
                kind, Refusal(found.warning, reason="ResourceVerificationFailed"), spot, Severity.WARNING
            )
        self._found[kind, ref.key] = (found.unit, found.source)
        assert isinstance(found.unit.noun, Noun), "the remote gives what was asked for"
        return found.unit.noun, Spot(spot.unit, spot.path, fixed=True)

    def _tell(self, kind: str, refusal: Refusal, spot: Spot, severity: Severity = Severity.ERROR) -> None:
        path = (*spot.path, "resolver")
        told = (spot.unit.document.source.name, path, str(refusal))
        if told not in self._told:
            self._told.add(told)
            message = f"{field_text(path)}: {refusal.reason or reason(kind, spot.path)}: {refusal}"
            self.findings.append(
                spot.unit.finding(RESOLVER, message, path, hint=refusal.hint, severity=severity)
            )


def reason(kind: str, path: DocumentPath) -> str:
    """How Tekton ends a run whose reference cannot be followed (docs/pipelineruns.md, docs/taskruns.md)."""
    if kind == "Pipeline":
        return "CouldntGetPipeline"
    return "CouldntGetTask" if kind == "Task" and len(path) > 2 else "TaskRunResolutionFailed"


def _texts(ref: Reference) -> list[str]:
    return [str(param.value) for param in ref.params]
