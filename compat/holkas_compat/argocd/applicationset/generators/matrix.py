"""``matrix``: every set of one generator with every set of another, which sees the first's.

Source: Argo CD's documentation, "Matrix Generator". With Go templates the first generator wins a conflict; without
them a conflict is an error.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from holkas_compat.argocd.applicationset.codes import TOO_MANY
from holkas_compat.argocd.applicationset.errors import GenerationError
from holkas_compat.argocd.applicationset.generators.given import MOST_PARAMS, Given
from holkas_compat.argocd.applicationset.params import combine
from holkas_compat.argocd.applicationset.substitution import Params
from holkas_compat.gotemplate.sprig.merging import merge


def generate(config: Mapping[str, Any], given: Given) -> list[Params]:
    """The combinations, in the first generator's order."""
    children = config.get("generators") or []
    if len(children) < 2:
        raise GenerationError("found less than two generators, Matrix support only two", path=("generators",))
    if len(children) > 2:
        raise GenerationError(
            "found more than two generators, Matrix support only two", path=("generators", 2)
        )
    made: list[Params] = []
    for first in _child(
        children, 0, {}, given, "error failed to get params for first generator in matrix generator"
    ):
        for second in _child(
            children, 1, first, given, "failed to get params for second generator in the matrix generator"
        ):
            made.append(_combined(first, second, given.how.go_template))
            if len(made) > MOST_PARAMS:
                raise GenerationError(f"the matrix has more than {MOST_PARAMS} combinations", code=TOO_MANY)
    return made


def _child(children: list[Any], index: int, params: Params, given: Given, told: str) -> list[Params]:
    try:
        return given.child(children[index], params)
    except GenerationError as error:
        path = ("generators", index, *error.path)
        raise GenerationError(f"{told}: {error}", path=path, code=error.code, hint=error.hint) from error


def _combined(first: Params, second: Params, go_template: bool) -> Params:
    if go_template:
        made = copy.deepcopy(second)
        merge(made, copy.deepcopy(first), overwrite=True)
        return made
    try:
        return dict(combine(first, second))
    except GenerationError as error:
        raise GenerationError(
            f"failed to combine string maps with merging params for the matrix generator: {error}"
        ) from error
