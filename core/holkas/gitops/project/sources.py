"""Sources, destinations and namespaces that a project permits.

Source: pkg/apis/application/v1alpha1/app_project_types.go (``IsSourcePermitted``, ``isDestinationMatched``,
``IsDestinationPermitted``, ``IsAppNamespacePermitted``).
"""

from __future__ import annotations

from collections.abc import Sequence

from holkas.gitops.project.matching import glob_match, is_deny, matches_any
from holkas.gitops.repository_url import normalize_repository
from holkas.model.application import Destination
from holkas.model.project import Project


def is_source_permitted(project: Project, repository: str) -> bool:
    """Whether applications may use a repository: one pattern matches, and none denies it."""
    address = normalize_repository(repository)
    permitted = False
    for pattern in project.source_repositories:
        denies = is_deny(pattern)
        normal = normalize_repository(pattern.removeprefix("!"))
        if glob_match(f"!{normal}" if denies else normal, address, negation=True, separators="/"):
            permitted = True
        elif denies:
            return False
    return permitted


def is_destination_permitted(
    project: Project, destination: Destination, clusters: Sequence[Destination] = ()
) -> bool:
    """Whether resources may go there.

    clusters: those that belong to the project, by server and name; they count where the project permits no others.
    """
    if not _is_destination_matched(project, destination):
        return False
    if not project.only_project_clusters:
        return True
    return any(
        cluster.name == destination.name or cluster.server == destination.server for cluster in clusters
    )


def is_namespace_permitted(project: Project, namespace: str, control_plane: str = "argocd") -> bool:
    """Whether an application may be declared in a namespace: the control plane's own is always permitted."""
    return namespace in ("", control_plane) or matches_any(project.source_namespaces, namespace)


def _is_destination_matched(project: Project, destination: Destination) -> bool:
    """A rule that denies a cluster does so in the namespaces it matches, one that denies a namespace on the servers
    (not the names) it matches."""
    matched = False
    for item in project.destinations:
        name = bool(destination.name) and glob_match(item.name, destination.name, negation=True)
        server = bool(destination.server) and glob_match(item.server, destination.server, negation=True)
        namespace = glob_match(item.namespace, destination.namespace, negation=True)
        denies_cluster = (is_deny(item.name) and not name) or (is_deny(item.server) and not server)
        if (server or name) and namespace:
            matched = True
        elif (denies_cluster and namespace) or (is_deny(item.namespace) and not namespace and server):
            return False
    return matched
