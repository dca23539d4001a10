"""Kinds of resources that a project permits.

Source: pkg/apis/application/v1alpha1/app_project_types.go (``IsGroupKindNamePermitted``, ``IsResourcePermitted``):
lists of namespaced kinds permit what they do not name, lists of cluster-wide kinds permit only what they name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from holkas.gitops.glob import path_matches
from holkas.gitops.project.sources import is_destination_permitted
from holkas.model.application import Destination
from holkas.model.project import Project, ResourceRestriction
from holkas.model.resource import ResourceKey


def is_group_kind_permitted(
    project: Project, group: str, kind: str, *, namespaced: bool, name: str = ""
) -> bool:
    """Whether a project permits a kind; ``name`` counts for cluster-wide resources only."""
    if namespaced:
        allowed = project.namespace_resource_whitelist
        denied = project.namespace_resource_blacklist
        return (allowed is None or _listed(allowed, group, kind, "")) and not _listed(denied, group, kind, "")
    return _listed(project.cluster_resource_whitelist, group, kind, name) and not _listed(
        project.cluster_resource_blacklist, group, kind, name
    )


def is_resource_permitted(
    project: Project, key: ResourceKey, destination: Destination, clusters: Sequence[Destination] = ()
) -> bool:
    """Whether a resource may go to a destination; one with a namespace has to have a permitted one."""
    namespaced = bool(key.namespace)
    if not is_group_kind_permitted(project, key.group, key.kind, namespaced=namespaced, name=key.name):
        return False
    if not namespaced:
        return True
    place = Destination(server=destination.server, name=destination.name, namespace=key.namespace)
    return is_destination_permitted(project, place, clusters)


def _listed(entries: Iterable[ResourceRestriction], group: str, kind: str, name: str) -> bool:
    return any(
        path_matches(entry.kind, kind)
        and path_matches(entry.group, group)
        and (not entry.name or path_matches(entry.name, name))
        for entry in entries
    )
