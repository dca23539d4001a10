"""Which rules judge which kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from holkas_compat.argocd.validation.annotations import check_annotations
from holkas_compat.argocd.validation.application import check_application
from holkas_compat.argocd.validation.applicationset import check_application_set
from holkas_compat.argocd.validation.configuration import check_configuration
from holkas_compat.argocd.validation.metadata import check_metadata
from holkas_compat.argocd.validation.project import check_project
from holkas_compat.argocd.validation.scope import Scope
from holkas_compat.manifest.problem import Problem

_RULES: Mapping[str, Callable[[Mapping[str, Any], Scope], None]] = {
    "Application": check_application,
    "ApplicationSet": check_application_set,
    "AppProject": check_project,
}


def validate(obj: Mapping[str, Any]) -> list[Problem]:
    """Judge a decoded object as Argo CD would; all problems, none if it is accepted."""
    scope = Scope()
    check_metadata(obj, scope)
    check_annotations(obj, scope)
    _RULES[obj["kind"]](obj, scope)
    return scope.problems


def validate_configuration(document: Mapping[str, Any]) -> list[Problem]:
    """Judge a ConfigMap or Secret that configures Argo CD."""
    scope = Scope()
    check_configuration(document, scope)
    return scope.problems


def validate_annotations(document: Mapping[str, Any]) -> list[Problem]:
    """Judge what the annotations of any resource tell Argo CD."""
    scope = Scope()
    check_annotations(document, scope)
    return scope.problems
