"""What a generator is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from holkas.records import dataclass

from holkas_compat.argocd.applicationset.substitution import Params, Substitution
from holkas_compat.argocd.applicationset.world import World

MOST_PARAMS = 20_000
"""Sets of parameters that one generator may give."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """how: the way texts are rendered. child: the parameters of a generator inside this one, its own texts rendered
    with the parameters of the first."""

    world: World
    how: Substitution
    child: Callable[[Mapping[str, Any], Params], list[Params]]
    project: str = ""
    name: str = ""


Generator = Callable[[Mapping[str, Any], Given], list[Params]]
"""The sets of parameters that a generator's configuration gives. Raises GenerationError."""
