"""No target: for commands that only look at what is declared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from holkas.extensions.target import Applied, ApplyOptions, Propagation, Target
from holkas.model.resource import Resource, ResourceKey
from holkas.roles.errors import Unsupported


class Nowhere(Target):
    """Nothing is live here, and nothing can be."""

    name: ClassVar[str] = "nowhere"

    def namespaced(self, group: str, kind: str) -> bool | None:
        return None

    def get(self, key: ResourceKey) -> Resource | None:
        return None

    def list(self, labels: Mapping[str, str] | None = None) -> Iterator[Resource]:
        return iter(())

    def apply(self, resource: Resource, options: ApplyOptions | None = None) -> Applied:
        raise Unsupported("no live target is named")

    def delete(
        self, key: ResourceKey, *, propagation: Propagation = Propagation.FOREGROUND, dry_run: bool = False
    ) -> bool:
        raise Unsupported("no live target is named")
