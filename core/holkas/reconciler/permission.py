"""What an application's project lets it have, resource by resource."""

from __future__ import annotations

from holkas.gitops.project.resources import is_resource_permitted
from holkas.model.resource import ResourceKey
from holkas.reconciler.acting import Permission
from holkas.reconciler.managed import Managed


def permission_of(managed: Managed) -> Permission:
    """Why the application may not have a resource; always empty where no project is declared."""
    project = managed.project

    def reason(key: ResourceKey) -> str:
        if project is None or is_resource_permitted(project, key, managed.application.destination):
            return ""
        where = f" in namespace {key.namespace}" if key.namespace else ""
        return f"resource {key.group}:{key.kind}{where} is not permitted in project {project.name}"

    return reason
