"""What the documents say together: applications, projects, clusters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field

from holkas.gitops.project.destination import whole_destination
from holkas.model.application import Application, Destination
from holkas.model.cluster import Cluster
from holkas.model.project import Project
from holkas.records import dataclass

from holkas_compat.argocd.unit import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Everything by name. The first of several projects of one name counts."""

    units: Sequence[Unit]
    projects: Mapping[str, Project] = field(default_factory=dict)
    clusters: tuple[Cluster, ...] = ()

    def applications(self) -> Iterator[tuple[Unit, Application]]:
        """The applications that Argo CD would accept, with their units."""
        for unit in self.units:
            if isinstance(unit.noun, Application):
                yield unit, unit.noun

    def whole(self, destination: Destination) -> Destination:
        """A destination with both name and server, where a cluster tells the other one."""
        return whole_destination(destination, [cluster.destination for cluster in self.clusters])


def build_shelf(units: Sequence[Unit]) -> Shelf:
    """Put the units in order."""
    from holkas_compat.argocd.config.cluster import read_cluster
    from holkas_compat.argocd.config.recognise import secret_type

    projects: dict[str, Project] = {}
    for unit in units:
        if isinstance(unit.noun, Project):
            projects.setdefault(unit.noun.name, unit.noun)
    secrets = [unit for unit in units if unit.kind == "Secret" and not unit.broken]
    clusters = [
        read_cluster(unit.document.value) for unit in secrets if secret_type(unit.document.value) == "cluster"
    ]
    return Shelf(units=units, projects=projects, clusters=tuple(clusters))
