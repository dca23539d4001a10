"""Values of params: what a run gives, and defaults for the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from holkas.model.param import Param, ParamSpec
from holkas.model.value import Value
from holkas.pipeline.references import Reference, plain_references_in, references_in
from holkas.pipeline.substitution import Replacements, substitute

MAX_DEPTH = 10
"""How many defaults may refer to each other in a chain."""


class ParamResolutionError(ValueError):
    """A default cannot be worked out; the text is Tekton's."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"parameter resolution failed: {problem}")


def param_notations(name: str, *, legacy: bool = False) -> tuple[str, ...]:
    """The spellings under which a param is known, without ``$(`` and ``)``.

    legacy: also ``inputs.params.x``, which Tekton still replaces in tasks.
    """
    spellings = (f"params.{name}", f'params["{name}"]', f"params['{name}']")
    return (*spellings, f"inputs.params.{name}") if legacy else spellings


def param_replacements(params: Iterable[Param], *, legacy: bool = False) -> Replacements:
    """Replacements for these params in all notations, with ``[i]`` for arrays and ``.key`` for objects."""
    strings: dict[str, str] = {}
    arrays: dict[str, Sequence[str]] = {}
    objects: dict[str, Mapping[str, str]] = {}
    for param in params:
        _file(param.name, param.value, strings, arrays, objects, legacy)
    return Replacements(strings, arrays, objects)


def _file(
    name: str,
    value: Value,
    strings: dict[str, str],
    arrays: dict[str, Sequence[str]],
    objects: dict[str, Mapping[str, str]],
    legacy: bool,
) -> None:
    for spelling in param_notations(name, legacy=legacy):
        if isinstance(value, str):
            strings[spelling] = value
        elif isinstance(value, Mapping):
            objects[spelling] = value
        else:
            arrays[spelling] = value
            for index, item in enumerate(value):
                strings[f"{spelling}[{index}]"] = item
    if isinstance(value, Mapping):
        for key, item in value.items():
            strings[f"params.{name}.{key}"] = item


def effective_params(specs: Sequence[ParamSpec], given: Sequence[Param]) -> tuple[Param, ...]:
    """All params of a pipeline run: the given ones, undeclared ones too, then the defaults of the others.

    A default may refer to other params, given or default, up to :data:`MAX_DEPTH` deep. Nothing of a default
    is used where the param is given; keys that an object misses are not filled in (unlike in a task). Raises
    ParamResolutionError for a reference to nothing, a circle, or too deep a chain. Only ``$(params.x)``
    counts as such a reference, as in Tekton (ApplyParameters of the pipeline run reconciler).
    """
    return tuple(Param(name=name, value=value) for name, value in _Defaults(specs, given).values())


def pipeline_param_replacements(specs: Sequence[ParamSpec], given: Sequence[Param]) -> Replacements:
    """Replacements for the params of a pipeline run. Raises ParamResolutionError."""
    return param_replacements(effective_params(specs, given))


class _Defaults:
    def __init__(self, specs: Sequence[ParamSpec], given: Sequence[Param]) -> None:
        self.given = {param.name: param.value for param in given}
        self.specs = [spec for spec in specs if spec.default is not None]
        self.strings: dict[str, str] = {}
        for param in given:
            _file(param.name, param.value, self.strings, {}, {}, False)
        self.open = {
            f"params.{spec.name}": spec
            for spec in self.specs
            if isinstance(spec.default, str) and spec.name not in self.given
        }

    def values(self) -> Iterator[tuple[str, Value]]:
        yield from self.given.items()
        known = Replacements(self.strings)
        for key in self.open:
            self._resolve(key, ())
        for spec in self.specs:
            if spec.name in self.given:
                continue
            default = spec.default
            if isinstance(default, str):
                yield spec.name, self.strings[f"params.{spec.name}"]
            elif isinstance(default, Mapping):
                yield spec.name, {key: substitute(item, known) for key, item in default.items()}
            elif default is not None:
                yield spec.name, tuple(substitute(item, known) for item in default)

    def _resolve(self, key: str, path: tuple[str, ...]) -> None:
        if key in self.strings:
            return
        if key in path:
            raise ParamResolutionError(f'circular dependency detected in param "{key}"')
        if len(path) > MAX_DEPTH:
            raise ParamResolutionError(f'maximum recursion depth ({MAX_DEPTH}) exceeded for param "{key}"')
        spec = self.open[key]
        text = spec.default
        assert isinstance(text, str)
        needed = [reference for reference in plain_references_in(text) if reference.startswith("params.")]
        for other in needed:
            if other in self.strings:
                continue
            if other not in self.open:
                raise ParamResolutionError(f'param "{key}" references undefined param "{other}"')
            self._resolve(other, (*path, key))
        value = substitute(text, Replacements(self.strings)) if needed else text
        for spelling in param_notations(spec.name):
            self.strings[spelling] = value


def _is_dotted_param(reference: Reference) -> bool:
    return reference.text.startswith("params.") and '"' not in reference.text and "'" not in reference.text


def task_param_replacements(specs: Sequence[ParamSpec], given: Sequence[Param]) -> Replacements:
    """Replacements for the params of a task run.

    Here a default that refers to another param sees that param's *default* only, and of several references in
    one default Tekton replaces just the last one that it knows (replacementsFromDefaultParams of the task run
    reconciler). Keys that an object misses are taken from its default.
    """
    strings: dict[str, str] = {}
    arrays: dict[str, Sequence[str]] = {}
    objects: dict[str, Mapping[str, str]] = {}
    referring: list[tuple[str, str]] = []
    for spec in specs:
        if isinstance(spec.default, str) and "$(params." in spec.default:
            referring.append((spec.name, spec.default))
        elif spec.default is not None:
            _file(spec.name, spec.default, strings, arrays, objects, True)
    for name, text in referring:
        for reference in references_in(text):
            known = strings.get(reference.text) if _is_dotted_param(reference) else None
            if known is not None:
                _file(name, text.replace(f"$({reference.text})", known), strings, arrays, objects, True)
    for param in given:
        value = param.value
        default = objects.get(f"params.{param.name}")
        if isinstance(value, Mapping) and default is not None:
            value = {**default, **value}
        _file(param.name, value, strings, arrays, objects, True)
    return Replacements(strings, arrays, objects)


def admitted_params(specs: Sequence[ParamSpec], given: Sequence[Param]) -> tuple[Param, ...]:
    """The params of a run with an embedded spec as Tekton's validation of that run leaves them.

    While it checks an embedded spec, Tekton writes every key of an object's default into the value that the
    run gives, over what is there (combineParamSpec in pkg/apis/pipeline/v1/taskrun_validation.go). Runs of a
    referenced pipeline or task are not touched.
    """
    defaults = {spec.name: spec.default for spec in specs if isinstance(spec.default, Mapping)}
    return tuple(
        Param(name=param.name, value={**param.value, **defaults[param.name]})
        if isinstance(param.value, Mapping) and param.name in defaults
        else param
        for param in given
    )
