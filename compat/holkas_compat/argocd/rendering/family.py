"""Who brings which Applications along: another Application that has them among its resources, or an ApplicationSet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from holkas.extensions.renderer import RenderedApplication

from .discovery import identity, is_application


class Family:
    """What was found out in one rendering of a project. An Application that lies in a file too is its parent's all the
    same: the parent would make it, and takes it away."""

    def __init__(self) -> None:
        self.pruning_sets: set[str] = set()
        self._parents: dict[tuple[str, str], str] = {}

    def parent(self, rendered: RenderedApplication) -> str:
        """``Application/<namespace>/<name>``, ``ApplicationSet/<namespace>/<name>``, or empty."""
        return self._parents.get((rendered.name, rendered.namespace), "")

    def application_gave(self, manifest: Mapping[str, Any], brought: Iterable[Mapping[str, Any]]) -> None:
        """An Application has these among its resources; one that has itself is not its own parent."""
        for one in brought:
            if is_application(one) and identity(one) != identity(manifest):
                self._parents[identity(one)] = _reference(manifest)

    def set_gave(self, manifest: Mapping[str, Any], made: Iterable[Mapping[str, Any]]) -> None:
        """A set said all of its Applications."""
        from holkas_compat.argocd.applicationset.policy import may_delete

        self._parents |= {identity(one): _reference(manifest) for one in made}
        if may_delete(manifest):
            self.pruning_sets.add(_reference(manifest))


def _reference(manifest: Mapping[str, Any]) -> str:
    name, namespace = identity(manifest)
    return f"{manifest.get('kind')}/{namespace}/{name}"
