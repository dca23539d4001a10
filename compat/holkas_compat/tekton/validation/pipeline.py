"""Pipelines, and pipeline specs inside other objects.

Source: Tekton's docs/pipelines.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from holkas_compat.manifest.shape import items, record, records
from holkas_compat.tekton.validation import finally_tasks, pipeline_variables, usage, workspaces
from holkas_compat.tekton.validation.gates import refuse_resources
from holkas_compat.tekton.validation.given_params import check_given_unique
from holkas_compat.tekton.validation.graph import check_graph
from holkas_compat.tekton.validation.matrix import (
    check_consumers,
    check_matrix,
    check_matrix_params,
    is_matrixed,
)
from holkas_compat.tekton.validation.names import check_metadata
from holkas_compat.tekton.validation.param_specs import ParamNames, ParamSpec, read_specs
from holkas_compat.tekton.validation.params import check_enums, check_types, check_unique
from holkas_compat.tekton.validation.pipeline_results import check_pipeline_results
from holkas_compat.tekton.validation.scope import Scope
from holkas_compat.tekton.validation.string_params import check_values
from holkas_compat.tekton.validation.tasks import check_tasks
from holkas_compat.tekton.validation.template import merged_steps
from holkas_compat.tekton.validation.when import check_when, check_when_params

SECTIONS = ("tasks", "finally")
_EMPTY_FIELDS = ("description", "params", "resources", "tasks", "workspaces")
_FIELDS = ("displayName", "description", "tasks", "params", "workspaces", "results", "finally", "resources")


def check_pipeline(obj: dict[str, Any], scope: Scope) -> None:
    """A Pipeline. What it uses must be declared in it, for nothing is propagated into it."""
    check_metadata(obj, scope)
    spec, here = record(obj.get("spec")), scope.at("spec")
    check_pipeline_spec(spec, here)
    specs = read_specs(spec.get("params"), here)
    for section in SECTIONS:
        tasks, place = spec.get(section), here.at(section)
        for index, task in enumerate(records(tasks)):
            if task.get("taskSpec") is not None:
                _check_embedded_usage(record(task["taskSpec"]), place.at(index), specs)
        check_param_usage(tasks, place, specs)
        workspaces.check_task_bindings(tasks, place, workspaces.names_of(spec.get("workspaces")))


def check_pipeline_spec(spec: Mapping[str, Any], scope: Scope) -> None:
    """A pipeline spec, without the question whether its params and workspaces are declared."""
    if not any(spec.get(field) for field in _FIELDS):
        scope.report("T401", "the pipeline is empty", *_EMPTY_FIELDS, hint="add tasks")
    refuse_resources(bool(items(spec.get("resources"))), scope)
    tasks, final_tasks = spec.get("tasks"), spec.get("finally")
    names: set[str] = set()
    specs = read_specs(spec.get("params"), scope)
    for section in SECTIONS:
        check_tasks(spec.get(section), scope.at(section), names, check_pipeline_spec)
    check_graph(tasks, scope.at("tasks"))
    for section in SECTIONS:
        place = Scope(scope.collector, scope.path, (*scope.fields, section))
        check_declarations(specs, place)
        _check_section(spec.get(section), scope.at(section))
    if not scope.flags.artifacts:
        pipeline_variables.check_artifacts((spec.get(section), scope.at(section)) for section in SECTIONS)
    finally_tasks.check_no_status(tasks, scope.at("tasks"))
    finally_tasks.check_finally(tasks, final_tasks, scope)
    workspaces.check_pipeline_declared(spec.get("workspaces"), scope)
    check_pipeline_results(spec.get("results"), tasks, final_tasks, scope)


def check_declarations(specs: Sequence[ParamSpec], scope: Scope) -> None:
    """The parameters of a pipeline."""
    check_types(specs, scope, "params")
    check_unique(specs, scope)
    check_enums(specs, scope)


def check_param_usage(tasks: Any, scope: Scope, specs: Sequence[ParamSpec]) -> None:
    """The parameters that tasks are given are declared and of the right type.

    ``scope`` is that of the list.
    """
    names = ParamNames.of(specs)
    for index, task in enumerate(records(tasks)):
        here = scope.at(index)
        check_values(task.get("params"), here, names)
        if is_matrixed(task):
            check_matrix_params(task, here, names)
        check_when_params(task.get("when"), here, names)
        check_given_unique(task.get("params"), here.at("params"))


def _check_section(tasks: Any, scope: Scope) -> None:
    pipeline_variables.check_contexts(tasks, scope)
    pipeline_variables.check_prefixes(tasks, scope)
    for index, task in enumerate(records(tasks)):
        here = scope.at(index)
        check_given_unique(task.get("params"), here.at("params"))
        check_when(task.get("when"), here.at("when"))
        check_matrix(task, here)
    check_consumers(tasks, scope)


def _check_embedded_usage(spec: Mapping[str, Any], scope: Scope, outer: Sequence[ParamSpec]) -> None:
    """A task spec inside sees the pipeline's params beside its own.

    Tekton leaves ``taskSpec`` out of the fields.
    """
    here = scope.at("taskSpec", field="")
    specs = [*read_specs(spec.get("params"), here), *outer]
    usage.check_params(usage.step_texts(merged_steps(spec, here)), here, specs)
