"""Whether a project permits an application and its resources, as far as files tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from holkas.gitops.project.destination import whole_destination
from holkas.gitops.project.permission import Refusal, Subject, check_application
from holkas.gitops.project.resources import is_group_kind_permitted
from holkas.gitops.project.sources import is_destination_permitted
from holkas.model.application import Application, Destination
from holkas.model.cluster import Cluster
from holkas.model.project import Project
from holkas.model.resource import ResourceKey


def refusals(project: Project, application: Application, clusters: Sequence[Cluster] = ()) -> list[Refusal]:
    """Why a project refuses an application.

    A cluster of which only the name or only the server is known is not judged against rules in the other terms. The
    project's namespace is taken for that of the control plane.
    """
    whole, own = _places(project, application, clusters)
    control_plane = project.namespace or application.namespace
    found = check_application(project, replace(application, destination=whole), own, control_plane)
    if _can_tell(project, whole):
        return found
    return [refusal for refusal in found if refusal.subject is not Subject.DESTINATION]


def resource_refusals(
    project: Project,
    application: Application,
    keys: Iterable[ResourceKey],
    clusters: Sequence[Cluster] = (),
) -> dict[ResourceKey, str]:
    """The resources with which a sync would fail, each with the words of its result. Those without a namespace count as
    cluster-wide.

    Source: Argo CD, controller/sync.go (validateSyncPermissions).
    """
    whole, own = _places(project, application, clusters)
    judges_places = _can_tell(project, whole)
    kinds: dict[tuple[str, str, str, bool], bool] = {}
    places: dict[str, bool] = {}
    found: dict[ResourceKey, str] = {}
    for key in keys:
        place = key.namespace
        kind = (key.group, key.kind, "" if place else key.name, bool(place))
        if kind not in kinds:
            kinds[kind] = is_group_kind_permitted(
                project, key.group, key.kind, namespaced=bool(place), name=key.name
            )
        if place not in places:
            there = replace(whole, namespace=place)
            places[place] = not (place and judges_places) or is_destination_permitted(project, there, own)
        if not kinds[kind]:
            found[key] = f"resource {key.group}:{key.kind} is not permitted in project {project.name}"
        elif not places[place]:
            found[key] = f"namespace {place} is not permitted in project '{project.name}'"
    return found


def _places(
    project: Project, application: Application, clusters: Sequence[Cluster]
) -> tuple[Destination, list[Destination]]:
    """Where an application goes, by name and server as far as they are known, and the clusters that are the project's."""
    whole = whole_destination(application.destination, [cluster.destination for cluster in clusters])
    return whole, [cluster.destination for cluster in clusters if cluster.project == project.name]


def _can_tell(project: Project, whole: Destination) -> bool:
    """Whether the project's rules speak of nothing that is not known of the destination."""
    if whole.server and whole.name:
        return True
    others = any((place.name if whole.server else place.server) for place in project.destinations)
    return not others and not project.only_project_clusters
