"""A step that refers to a step action becomes a step of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from holkas.model.param import Param, ParamSpec
from holkas.model.step import Step, StepAction
from holkas.model.value import Value, ValueType
from holkas.pipeline.apply_container import substitute_params, substitute_step
from holkas.pipeline.param_values import param_notations, param_replacements
from holkas.pipeline.references import Reference, parse_reference, references_in
from holkas.pipeline.substitution import Replacements
from holkas.records import dataclass, replace


@dataclass(frozen=True, slots=True)
class StepActionError:
    """Why a step and its step action do not fit; a task run then fails as ``TaskRunResolutionFailed``."""

    message: str


def resolve_step_action(step: Step, action: StepAction, task_params: Replacements) -> Step | StepActionError:
    """The step with the action in the place of its reference.

    task_params: replacements for the task's params, which the step's own may refer to
    (:func:`holkas.pipeline.param_values.task_param_replacements`). The step's name, time-out, ``onError``,
    ``when`` and workspaces stay; image, working directory and security context are the action's
    (docs/stepactions.md).
    """
    params = substitute_params(step.params, task_params)
    problem = _check_names(params, action.params)
    if problem is not None:
        return problem
    values = _values(params, action.params)
    if isinstance(values, StepActionError):
        return values
    replacements = _replacements(params, action.params, values)
    if isinstance(replacements, StepActionError):
        return replacements
    own = substitute_step(action.step, replacements)
    return replace(
        step,
        ref=None,
        params=(),
        image=own.image,
        security_context=own.security_context,
        working_dir=own.working_dir,
        command=own.command or step.command,
        args=own.args or step.args,
        script=own.script or step.script,
        env=own.env or step.env,
        volume_mounts=own.volume_mounts or step.volume_mounts,
        results=own.results or step.results,
    )


def _check_names(params: Sequence[Param], specs: Sequence[ParamSpec]) -> StepActionError | None:
    declared = {spec.name for spec in specs}
    given = {param.name for param in params}
    if extra := [param.name for param in params if param.name not in declared]:
        return StepActionError(f"extra params passed by Step to StepAction: [{' '.join(extra)}]")
    if missing := [spec.name for spec in specs if spec.default is None and spec.name not in given]:
        return StepActionError(f"non-existent params in Step: [{' '.join(missing)}]")
    return None


def _values(params: Sequence[Param], specs: Sequence[ParamSpec]) -> dict[str, Value] | StepActionError:
    given = {param.name: param.value for param in params}
    values: dict[str, Value] = {}
    waiting: dict[str, str] = {}
    for spec in specs:
        if spec.name in given:
            values[spec.name] = given[spec.name]
        elif isinstance(spec.default, str) and "$(params." in spec.default:
            waiting[spec.name] = spec.default
        elif spec.default is not None:
            values[spec.name] = spec.default
    while waiting:
        ready = [name for name, text in waiting.items() if all(ref in values for ref in _needs(text))]
        if not ready:
            return _unresolvable(waiting, values, {spec.name for spec in specs})
        for name in ready:
            text = waiting.pop(name)
            for needed in _needs(text):
                value = values[needed]
                text = text.replace(f"$(params.{needed})", value if isinstance(value, str) else "")
            values[name] = text
    return values


def _needs(text: str) -> list[str]:
    return [ref.text.removeprefix("params.") for ref in references_in(text) if ref.text.startswith("params.")]


def _unresolvable(
    waiting: Mapping[str, str], values: Mapping[str, Value], declared: set[str]
) -> StepActionError:
    for name, text in waiting.items():
        for needed in _needs(text):
            if needed not in values and needed not in declared:
                return StepActionError(f'parameter "{name}" references non-existent parameter "{needed}"')
    return StepActionError("circular dependency detected in parameter references")


def _replacements(
    params: Sequence[Param], specs: Sequence[ParamSpec], values: Mapping[str, Value]
) -> Replacements | StepActionError:
    found = param_replacements([Param(name=name, value=value) for name, value in values.items()], legacy=True)
    strings = _StepParams(found)
    declared = {spec.name: spec for spec in specs}
    for param in params:
        spec = declared[param.name]
        default_is_array = isinstance(spec.default, Sequence) and not isinstance(spec.default, str)
        if isinstance(param.value, str) and default_is_array:
            return StepActionError(
                f"invalid parameter substitution: {param.name}. "
                "Please check the types of the default value and the passed value"
            )
        if isinstance(spec.default, Mapping):
            # Keys of the default count wherever the step gives none of its own, whatever the type of what it gives.
            given = param.value if isinstance(param.value, Mapping) else {}
            strings.own.update(
                (f"params.{param.name}.{key}", item) for key, item in spec.default.items() if key not in given
            )
        if isinstance(param.value, str) and param.value.startswith("$(steps."):
            reference = parse_reference(param.value.removeprefix("$(").removesuffix(")"))
            if reference is None or len(reference.names) < 3 or reference.names[1] != "results":
                return StepActionError(
                    'must be one of the form 1). "steps.<stepName>.results.<resultName>"; '
                    '2). "steps.<stepName>.results.<objectResultName>.<individualAttribute>"'
                )
            strings.pass_on(spec, reference)
    return Replacements(strings, found.arrays, found.objects)


class _StepParams:
    """Values of params; those that are results of earlier steps become references to the results."""

    __slots__ = ("_arrays", "_found", "own")

    def __init__(self, found: Replacements) -> None:
        self._found = found
        self._arrays: dict[str, str] = {}
        self.own: dict[str, str] = {}

    def pass_on(self, spec: ParamSpec, reference: Reference) -> None:
        result = f"steps.{reference.names[0]}.results.{reference.names[2]}"
        if spec.type is ValueType.OBJECT:
            self.own.update((f"params.{spec.name}.{key}", f"$({result}.{key})") for key in spec.properties)
        elif spec.type is ValueType.ARRAY:
            self._arrays.update((spelling, result) for spelling in param_notations(spec.name, legacy=True))

    def get(self, key: str, /) -> str | None:
        own = self.own.get(key)
        if own is not None:
            return own
        base, bracket, index = key.rpartition("[")
        if bracket and base in self._arrays:
            return f"$({self._arrays[base]}[{index})"
        return self._found.strings.get(key)
