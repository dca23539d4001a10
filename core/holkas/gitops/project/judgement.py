"""Whether a project permits an application, as far as files tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from holkas.gitops.project.destination import whole_destination
from holkas.gitops.project.permission import Refusal, Subject, check_application
from holkas.model.application import Application
from holkas.model.cluster import Cluster
from holkas.model.project import Project


def refusals(project: Project, application: Application, clusters: Sequence[Cluster] = ()) -> list[Refusal]:
    """Why a project refuses an application.

    A cluster of which only the name or only the server is known is not judged against rules in the other terms. The
    project's namespace is taken for that of the control plane.
    """
    whole = whole_destination(application.destination, [cluster.destination for cluster in clusters])
    own = [cluster.destination for cluster in clusters if cluster.project == project.name]
    control_plane = project.namespace or application.namespace
    found = check_application(project, replace(application, destination=whole), own, control_plane)
    if whole.server and whole.name:
        return found
    others = any((place.name if whole.server else place.server) for place in project.destinations)
    if not others and not project.only_project_clusters:
        return found
    return [refusal for refusal in found if refusal.subject is not Subject.DESTINATION]
