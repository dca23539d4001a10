"""Which ConfigMaps and Secrets configure Argo CD (Argo CD, "Declarative Setup")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas_compat.manifest.shape import record, text

SECRET_TYPE = "argocd.argoproj.io/secret-type"  # noqa: S105  # the name of a label
REPOSITORY_TYPES = frozenset(("repository", "repo-creds", "repository-write", "repo-write-creds"))
SECRET_TYPES = REPOSITORY_TYPES | {"cluster", "scm-creds"}
CONFIG_MAPS = frozenset(
    (
        "argocd-cm",
        "argocd-cmd-params-cm",
        "argocd-gpg-keys-cm",
        "argocd-notifications-cm",
        "argocd-rbac-cm",
        "argocd-ssh-known-hosts-cm",
        "argocd-tls-certs-cm",
    )
)


def is_configuration(document: Any) -> bool:
    """Whether a document is a ConfigMap of Argo CD by its name, or a Secret by its label."""
    if not isinstance(document, Mapping) or document.get("apiVersion") != "v1":
        return False
    if document.get("kind") == "ConfigMap":
        return text(record(document.get("metadata")).get("name")) in CONFIG_MAPS
    return document.get("kind") == "Secret" and bool(secret_type(document))


def secret_type(document: Mapping[str, Any]) -> str:
    """``repository``, ``repo-creds``, ``cluster`` …, whatever the label says; empty for other Secrets."""
    labels = record(record(document.get("metadata")).get("labels"))
    return text(labels.get(SECRET_TYPE))
