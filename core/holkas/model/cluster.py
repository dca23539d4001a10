"""Clusters, as Argo CD knows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from holkas.model.application import Destination
from holkas.model.secret import Secret
from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A cluster that applications may name as their destination.

    namespaces: the only ones that are looked at, none for all; then ``cluster_resources`` says whether resources
    without a namespace count. project: the only one that it belongs to. config: JSON with credentials.
    labels, annotations: of the Secret; generators choose by them.
    """

    name: str
    server: str
    namespaces: tuple[str, ...] = ()
    cluster_resources: bool = False
    project: str = ""
    shard: int | None = None
    config: Secret | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)

    @property
    def destination(self) -> Destination:
        """The cluster as a place."""
        return Destination(server=self.server, name=self.name)
