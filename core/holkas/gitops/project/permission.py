"""Whether a project permits an application, and why not, in Argo CD's words (util/argo, ``ValidatePermissions``)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from holkas.gitops.project.sources import (
    is_destination_permitted,
    is_namespace_permitted,
    is_source_permitted,
)
from holkas.gitops.repository_url import sanitized
from holkas.model.application import Application, Destination
from holkas.model.project import Project
from holkas.records import dataclass

INVALID_SPEC = "InvalidSpecError"


class Subject(StrEnum):
    """What a project refuses."""

    SOURCE = "source"
    DESTINATION = "destination"
    NAMESPACE = "namespace"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One reason. index: of the source, 0 for others. type: the condition that Argo CD gives the application."""

    subject: Subject
    message: str
    index: int = 0
    type: str = INVALID_SPEC


def check_application(
    project: Project,
    application: Application,
    clusters: Sequence[Destination] = (),
    control_plane: str = "argocd",
) -> list[Refusal]:
    """Everything that the project does not permit; none where it permits the application.

    clusters: those that belong to the project. control_plane: the namespace in which Argo CD runs.
    """
    name, found = project.name, []
    hydrator = application.hydrator
    sources = (hydrator.dry_source,) if hydrator is not None else application.sources
    for index, source in enumerate(sources):
        if not is_source_permitted(project, source.repository):
            shown = sanitized(source.repository)
            message = f"application repo {shown} is not permitted in project '{name}'"
            found.append(Refusal(subject=Subject.SOURCE, message=message, index=index))
    place = application.destination
    if (place.server or place.name) and not is_destination_permitted(project, place, clusters):
        message = (
            f"application destination server '{place.server or place.name}' and namespace '{place.namespace}' "
            f"do not match any of the allowed destinations in project '{name}'"
        )
        found.append(Refusal(subject=Subject.DESTINATION, message=message))
    if not is_namespace_permitted(project, application.namespace, control_plane):
        message = (
            f"application '{application.name}' in namespace '{application.namespace}' is not permitted to use "
            f"project '{name}'"
        )
        found.append(Refusal(subject=Subject.NAMESPACE, message=message))
    return found
