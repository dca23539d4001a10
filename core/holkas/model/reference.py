"""References to a task, a pipeline or a step action, by name or through a resolver."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from holkas.model.param import Param
from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """``name`` (of ``kind`` in ``api_version``) or a ``resolver`` with its params."""

    name: str = ""
    kind: str = ""
    api_version: str = ""
    resolver: str = ""
    params: tuple[Param, ...] = ()

    @property
    def is_custom(self) -> bool:
        """Whether it is to a custom task: it has a kind and an apiVersion that is not Tekton's own."""
        return bool(self.kind and self.api_version) and not self.api_version.startswith("tekton.dev/")

    @property
    def key(self) -> str:
        """What a catalog has the document under: its name, or the resolver with what it is given."""
        if not self.resolver:
            return self.name
        import json

        return json.dumps([self.resolver, self.name, [[param.name, param.value] for param in self.params]])


@dataclass(frozen=True, slots=True, kw_only=True)
class RefSource:
    """Where a document came from that a resolver found. Source: Tekton's docs, "RefSource" of a ResolutionRequest.

    uri: without credentials. digest: algorithm → hex digits. entry_point: path or name within; empty where there is none.
    """

    uri: str
    digest: Mapping[str, str] = field(default_factory=dict)
    entry_point: str = ""
