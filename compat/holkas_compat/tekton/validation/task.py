"""Tasks, and task specs inside other objects.

Source: Tekton's docs/tasks.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas_compat.manifest.shape import items, record
from holkas_compat.tekton.validation import results, usage, workspaces
from holkas_compat.tekton.validation.gates import refuse_resources
from holkas_compat.tekton.validation.names import check_metadata
from holkas_compat.tekton.validation.param_specs import ParamNames, read_specs
from holkas_compat.tekton.validation.params import check_enums, check_name_formats, check_types, check_unique
from holkas_compat.tekton.validation.scope import Scope
from holkas_compat.tekton.validation.sidecars import check_sidecars
from holkas_compat.tekton.validation.steps import check_steps
from holkas_compat.tekton.validation.template import merged_steps
from holkas_compat.tekton.validation.volumes import check_volumes


def check_task(obj: dict[str, Any], scope: Scope) -> None:
    """A Task. What it uses must be declared in it, for nothing is propagated into it."""
    check_metadata(obj, scope)
    spec, here = record(obj.get("spec")), scope.at("spec")
    texts = check_task_spec(spec, here)
    usage.check_params(texts, here, read_specs(spec.get("params"), here))


def check_task_spec(spec: Mapping[str, Any], scope: Scope) -> list[usage.Text]:
    """A task spec, without the question whether its params are declared; ``scope`` is its place.

    Returns the texts of its steps that use variables.
    """
    if not items(spec.get("steps")):
        scope.report("T201", "the task has no steps", "steps", hint="add at least one step with an image")
    check_volumes(spec.get("volumes"), scope.at("volumes"))
    workspaces.check_declared(spec, scope)
    workspaces.check_used(spec, scope)
    steps = merged_steps(spec, scope)
    check_steps(steps, scope)
    check_sidecars(spec.get("sidecars"), scope)
    specs = read_specs(spec.get("params"), scope)
    check_types(specs, scope, "params")
    check_unique(specs, scope)
    check_enums(specs, scope)
    check_name_formats(specs, scope)
    texts = usage.step_texts(steps)
    usage.check_arrays(texts, scope, ParamNames.of(specs).arrays)
    usage.check_contexts(texts, scope)
    usage.check_results(texts, scope, results.names_of(spec.get("results")))
    results.check_results(spec.get("results"), scope.at("results"))
    refuse_resources(spec.get("resources") is not None, scope)
    return texts
