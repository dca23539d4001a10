"""One entry of ``generators``: its parameters, and the template that they fill.

Source: Argo CD's documentation, "Generators", "Post Selector all generators" and "Template", "Generator templates".
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from holkas.records import dataclass

from holkas_compat.argocd.applicationset.codes import GENERATOR, UNRECOGNIZED
from holkas_compat.argocd.applicationset.errors import GenerationError
from holkas_compat.argocd.applicationset.generators.given import Given
from holkas_compat.argocd.applicationset.generators.registry import GENERATORS, NESTING, generator
from holkas_compat.argocd.applicationset.params import flatten
from holkas_compat.argocd.applicationset.selector import compiled
from holkas_compat.argocd.applicationset.substitution import Params, Substitution
from holkas_compat.argocd.applicationset.world import World
from holkas_compat.gotemplate.sprig.merging import merge

_DEEPEST = 3
"""Generators inside each other: a matrix or merge, one in it, and what they combine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transformed:
    """Sets of parameters and their template."""

    params: list[Params]
    template: dict[str, Any]


def transform(
    entry: Mapping[str, Any],
    base: Mapping[str, Any],
    *,
    world: World,
    how: Substitution,
    params: Params | None = None,
    name: str = "",
    depth: int = 1,
) -> list[Transformed]:
    """The results of an entry, one for each generator that it has (it should have one).

    base: the set's template, which fills what a generator's own leaves empty. params: of the generator before, with
    which this one's texts are rendered. Raises GenerationError.
    """
    if depth > _DEEPEST:
        raise GenerationError("generators are nested too deeply", code=GENERATOR)
    kinds = [kind for kind in GENERATORS if isinstance(entry.get(kind), Mapping)]
    selector = entry.get("selector")
    # Looked at before anything is generated, and never rendered: it is the same for every set of parameters.
    selects = compiled(selector) if isinstance(selector, Mapping) else None
    made: list[Transformed] = []
    for kind in kinds:
        template = filled(entry[kind].get("template") or {}, base)
        config = interpolated(entry[kind], kind, params, how) if params else entry[kind]

        def child(inner: Mapping[str, Any], first: Params) -> list[Params]:
            return _child(inner, first, world=world, how=how, name=name, depth=depth + 1)

        given = Given(world=world, how=how, child=child, name=name)
        try:
            found = generator(kind)(config, given)
        except GenerationError as error:
            raise GenerationError(
                str(error), path=(kind, *error.path), code=error.code or GENERATOR, hint=error.hint
            ) from error
        if selects is not None:
            found = [one for one in found if selects(flatten(one))]
        made.append(Transformed(params=found, template=template))
    return made


_HELM = (("spec", "source", "helm"), ("spec", "sourceHydrator", "drySource", "helm"))


def filled(template: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    """A generator's own template, with the set's where it says nothing. Helm's ``valuesObject`` is one value."""
    made, rest = copy.deepcopy(dict(template)), copy.deepcopy(dict(base))
    for path in _HELM:
        own, other = _at(made, path), _at(rest, path)
        if own.get("valuesObject") is not None and isinstance(other, dict):
            other.pop("valuesObject", None)
    merge(made, rest)
    return made


def _at(value: Mapping[str, Any], path: tuple[str, ...]) -> Mapping[str, Any]:
    for key in path:
        found: Any = value.get(key)
        value = found if isinstance(found, Mapping) else {}
    return value


def _child(
    entry: Mapping[str, Any], first: Params, *, world: World, how: Substitution, name: str, depth: int
) -> list[Params]:
    if not isinstance(entry, Mapping):
        raise GenerationError("child generator generated no parameters")
    try:
        found = transform(entry, {}, world=world, how=how, params=first, name=name, depth=depth)
    except GenerationError as error:
        raise GenerationError(
            f"child generator returned an error on parameter generation: {error}",
            path=error.path,
            code=error.code,
            hint=error.hint,
        ) from error
    if not found:
        raise GenerationError("child generator generated no parameters", code=UNRECOGNIZED)
    if len(found) > 1:
        raise GenerationError("found more than one generator in matrix.Generators", code=UNRECOGNIZED)
    return found[0].params


def interpolated(config: Mapping[str, Any], kind: str, params: Params, how: Substitution) -> dict[str, Any]:
    """A generator with the parameters of the one before in its texts.

    Of ``values``, those that ask for what the generator itself will give stay as they are; so do those of generators
    inside a matrix or merge.
    """
    try:
        return _rendered(config, kind, params, how)
    except GenerationError as error:
        raise GenerationError(
            f"failed to replace parameters in generator: {error}", path=error.path, code=error.code
        ) from error


def _rendered(config: Mapping[str, Any], kind: str, params: Params, how: Substitution) -> dict[str, Any]:
    apart = "generators" if kind in NESTING else "values"
    made: dict[str, Any] = how.value({key: item for key, item in config.items() if key != apart}, params)
    held = config.get(apart)
    if apart == "values" and isinstance(held, Mapping):
        made[apart] = {
            key: how.now_or_later(key, value, params) if isinstance(value, str) else value
            for key, value in held.items()
        }
    elif isinstance(held, list):
        made[apart] = [
            _rendered_child(child, params, how) if isinstance(child, Mapping) else child for child in held
        ]
    return made


def _rendered_child(entry: Mapping[str, Any], params: Params, how: Substitution) -> dict[str, Any]:
    """Generators deeper still are plain data to the original: their ``values`` are rendered like other texts."""
    return {
        key: _rendered(item, key, params, how)
        if key in GENERATORS and key not in NESTING and isinstance(item, Mapping)
        else how.value(item, params)
        for key, item in entry.items()
        if item is not None
    }
