"""StepActions.

Source: Tekton's docs/stepactions.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from holkas_compat.manifest.shape import record, records, text
from holkas_compat.tekton.validation import usage
from holkas_compat.tekton.validation.graph import find_cycle
from holkas_compat.tekton.validation.names import check_metadata, did_you_mean
from holkas_compat.tekton.validation.param_specs import ParamNames, ParamSpec, place_of, read_specs
from holkas_compat.tekton.validation.params import check_name_formats, check_types, check_unique
from holkas_compat.tekton.validation.results import check_step_results
from holkas_compat.tekton.validation.scope import Scope
from holkas_compat.tekton.validation.steps import check_script, check_script_results, check_windows
from holkas_compat.tekton.validation.template import Step
from holkas_compat.tekton.validation.variables import PARAM, RESULT, STEP_RESULT, references

_ONE_PARAM = "the name of a volume is given by exactly one parameter, as in $(params.volume)"
_INDEX = re.compile(r"\[[0-9*]+\]\Z")


def check_step_action(obj: dict[str, Any], scope: Scope) -> None:
    """A StepAction."""
    check_metadata(obj, scope)
    spec, here = record(obj.get("spec")), scope.at("spec")
    script = text(spec.get("script"))
    if not text(spec.get("image")):
        here.report("T202", "the StepAction has no image", "Image", hint="set image")
    check_script(spec, here)
    check_windows(script, here)
    if found := references(script, PARAM):
        hint = "pass the parameter through env and use the variable of the environment"
        message = f"{found[0].text}: a script of a StepAction cannot use parameters"
        here.report("T223", message, "script", at=("script",), within=found[0].text, hint=hint)
    specs = read_specs(spec.get("params"), here)
    _check_usage(spec, here, specs)
    check_types(specs, here, "params")
    _check_defaults(here, specs)
    check_unique(specs, here)
    check_name_formats(specs, here)
    results = spec.get("results")
    check_script_results(script, results, here, STEP_RESULT, RESULT)
    check_step_results(results, [here.at("results", index) for index in range(len(records(results)))])
    _check_mounts(spec, here)


def _check_usage(spec: Mapping[str, Any], scope: Scope, specs: Sequence[ParamSpec]) -> None:
    step = Step(0, scope, spec, spec)
    found = list(usage.container_texts(step, ("image", "script")))
    for index, mount in enumerate(records(spec.get("volumeMounts"))):
        path = (*scope.path, "volumeMounts", index, "name")
        found.append(usage.Text(text(mount.get("name")), f"volumeMounts[{index}]", path))
    usage.check_params(found, scope, specs)
    usage.check_arrays(found, scope, ParamNames.of(specs).arrays)


def _check_defaults(scope: Scope, specs: Sequence[ParamSpec]) -> None:
    """Default strings may use other parameters, but must come to an end."""
    names = frozenset(spec.name for spec in specs)
    wanted: dict[str, list[str]] = {}
    for spec in specs:
        for reference in references(spec.default, PARAM):
            name = _INDEX.sub("", reference.name)
            if name in names:
                wanted.setdefault(spec.name, []).append(name)
                continue
            message = f'the default of "{spec.name}" uses the parameter "{name}", which does not exist'
            hint, at = did_you_mean(name, names - {spec.name}), ("default",)
            place_of(spec, scope).report("T225", message, "params", at=at, within=reference.text, hint=hint)
    if cycle := find_cycle(wanted):
        chain = " → ".join(f'"{name}"' for name in [*cycle, cycle[0]])
        first = next(spec for spec in specs if spec.name == cycle[0])
        message = f"defaults of parameters use each other in a circle: {chain}"
        place_of(first, scope).report("T226", message, "params", at=("default",))


def _check_mounts(spec: Mapping[str, Any], scope: Scope) -> None:
    for index, mount in enumerate(records(spec.get("volumeMounts"))):
        name = text(mount.get("name"))
        found = references(name, PARAM)
        if len(found) != 1 or found[0].text != name:
            here = scope.at("volumeMounts", index)
            here.report(
                "T224", f'"{name}" cannot be the name of the volume', "name", at=("name",), hint=_ONE_PARAM
            )
            return
