"""``merge``: the sets of a first generator, changed by those of others that have the same keys.

Source: Argo CD's documentation, "Merge Generator": keys must be unique in each generator, later ones win, and what has no
counterpart in the first is dropped.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from holkas_compat.argocd.applicationset.errors import GenerationError
from holkas_compat.argocd.applicationset.generators.given import Given
from holkas_compat.argocd.applicationset.substitution import Params
from holkas_compat.gotemplate.sprig.encodings import to_json
from holkas_compat.gotemplate.sprig.merging import merge


def generate(config: Mapping[str, Any], given: Given) -> list[Params]:
    """The first generator's sets, in its order."""
    children = config.get("generators") or []
    if len(children) < 2:
        raise GenerationError(
            "found less than two generators, Merge requires two or more", path=("generators",)
        )
    keys = [str(key) for key in config.get("mergeKeys") or ()]
    found = []
    for index, child in enumerate(children):
        try:
            found.append(given.child(child, {}))
        except GenerationError as error:
            raise GenerationError(
                "error getting param sets from generators: error getting params from generator "
                f"{index + 1} of {len(children)}: {error}",
                path=("generators", index, *error.path),
                code=error.code,
                hint=error.hint,
            ) from error
    try:
        base, *others = (by_merge_keys(keys, sets) for sets in found)
    except GenerationError as error:
        raise GenerationError(
            f"error getting param sets by merge key: {error}", path=error.path, code=error.code
        ) from error
    for other in others:
        for key, params in base.items():
            if key in other:
                base[key] = _merged(params, other[key], given.how.go_template)
    return list(base.values())


def _merged(base: Params, other: Params, go_template: bool) -> Params:
    if not go_template:
        return {**base, **other}
    made = copy.deepcopy(base)
    merge(made, copy.deepcopy(other), overwrite=True)
    return made


def by_merge_keys(keys: Sequence[str], sets: Sequence[Params]) -> dict[str, Params]:
    """The sets by the JSON of their keys. Raises GenerationError for no keys, and for two sets with the same."""
    if not keys:
        raise GenerationError(
            "no merge keys were specified, Merge requires at least one", path=("mergeKeys",)
        )
    made: dict[str, Params] = {}
    for params in sets:
        key = to_json({name: params.get(name) for name in keys})
        if key in made:
            raise GenerationError(
                "the parameters from a generator were not unique by the given mergeKeys, Merge requires all param "
                f"sets to be unique. Duplicate key was {key}",
                path=("mergeKeys",),
            )
        made[key] = params
    return made
