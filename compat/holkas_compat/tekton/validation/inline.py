"""Parameters that a run propagates into the specs written inside it.

Source: Tekton's docs/taskruns.md and docs/pipelineruns.md, "Propagated Parameters". Tekton names these places
from the run's spec on, whatever the depth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from holkas.model.path import PathPart

from holkas_compat.manifest.shape import name_of, record, records
from holkas_compat.tekton.validation import usage
from holkas_compat.tekton.validation.param_specs import ParamNames, ParamSpec, read_specs
from holkas_compat.tekton.validation.params import (
    check_enums,
    check_name_formats,
    check_types,
    check_unique,
    report_no_properties,
)
from holkas_compat.tekton.validation.pipeline import check_declarations, check_param_usage
from holkas_compat.tekton.validation.scope import Scope
from holkas_compat.tekton.validation.template import merged_steps
from holkas_compat.tekton.validation.values import object_of, string_of, type_of

Known = dict[str, ParamSpec]


def check_inline_task(spec: Mapping[str, Any], scope: Scope) -> None:
    """The ``taskSpec`` of a task run; ``spec`` and ``scope`` are those of the run."""
    if spec.get("taskSpec") is None:
        return
    task, place = record(spec["taskSpec"]), scope.at("taskSpec", field="")
    known = _given(spec.get("params"), (*scope.path, "params"))
    _declare(task, place, known, scope)
    _check_steps(task, place, known)


def check_inline_pipeline(spec: Mapping[str, Any], scope: Scope) -> None:
    """The ``pipelineSpec`` of a pipeline run; ``spec`` and ``scope`` are those of the run."""
    if spec.get("pipelineSpec") is None:
        return
    pipeline, place = record(spec["pipelineSpec"]), scope.at("pipelineSpec", field="")
    known = _given(spec.get("params"), (*scope.path, "params"))
    _declare(pipeline, place, known, scope)
    tasks = pipeline.get("tasks")
    for index, task in enumerate(records(tasks)):
        here = place.at("tasks", index, field="")
        _add_task_params(task.get("params"), known, (*here.path, "params"))
        _declare(record(task.get("taskSpec")), here.at("taskSpec", field=""), known, scope)
    if tasks is None:
        return
    for index, task in enumerate(records(tasks)):
        inner = place.at("tasks", index, "taskSpec", field="")
        _check_steps(record(task.get("taskSpec")), inner, known)
    specs = list(known.values())
    check_declarations(specs, scope)
    check_param_usage(tasks, place.at("tasks", field=""), specs)


def _check_steps(task: Mapping[str, Any], place: Scope, known: Known) -> None:
    if task.get("steps") is None:
        return
    specs = list(known.values())
    texts = usage.step_texts(merged_steps(task, place))
    check_types(specs, place, "")
    check_unique(specs, place)
    check_enums(specs, place)
    check_name_formats(specs, place)
    usage.check_arrays(texts, place, ParamNames.of(specs).arrays)
    usage.check_params(texts, place, specs)


def _given(params: Any, path: tuple[PathPart, ...]) -> Known:
    """A declaration made up for each given param."""
    known: Known = {}
    for index, param in enumerate(records(params)):
        known[name_of(param)] = _from_value(param, (*path, index))
    return known


def _from_value(param: Mapping[str, Any], path: tuple[PathPart, ...]) -> ParamSpec:
    type_ = type_of(param)
    return ParamSpec(
        name=name_of(param),
        type=type_,
        properties=dict.fromkeys(object_of(param), "string") if type_ == "object" else None,
        default_type=type_,
        default=string_of(param),
        path=path,
    )


def _declare(spec: Mapping[str, Any], place: Scope, known: Known, scope: Scope) -> None:
    """Put the declarations of a spec over what is known; the type of a given value stays."""
    for declared in read_specs(spec.get("params"), place):
        given = known.get(declared.name)
        if given is None:
            known[declared.name] = declared
        elif declared.properties is None and (declared.default_type == "object" or given.type == "object"):
            report_no_properties(declared, scope)
        elif given.type == "object":
            known[declared.name] = replace(given, properties=declared.properties)


def _add_task_params(params: Any, known: Known, path: tuple[PathPart, ...]) -> None:
    """Params of pipeline tasks are known too; an object gets further keys."""
    for index, param in enumerate(records(params)):
        name, keys = name_of(param), object_of(param)
        given = known.get(name)
        if given is None:
            known[name] = _from_value(param, (*path, index))
        elif keys:
            known[name] = replace(
                given, properties={**(given.properties or {}), **dict.fromkeys(keys, "string")}
            )
