"""Documents of Argo CD for tests: accepted ones to start from, and what is found in changed ones."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

from holkas.model.finding import Finding
from holkas.yaml import Document, Source, load_documents
from holkas.yaml.dumper import dump_all
from holkas_compat.argocd.importer import ArgoCdImporter

APPLICATION: dict[str, Any] = {
    "apiVersion": "argoproj.io/v1alpha1",
    "kind": "Application",
    "metadata": {"name": "guestbook", "namespace": "argocd"},
    "spec": {
        "project": "default",
        "source": {"repoURL": "https://example.com/apps.git", "path": "guestbook", "targetRevision": "v1"},
        "destination": {"server": "https://kubernetes.default.svc", "namespace": "guestbook"},
    },
}

PROJECT: dict[str, Any] = {
    "apiVersion": "argoproj.io/v1alpha1",
    "kind": "AppProject",
    "metadata": {"name": "team", "namespace": "argocd"},
    "spec": {
        "sourceRepos": ["https://example.com/*"],
        "destinations": [{"server": "https://kubernetes.default.svc", "namespace": "team-*"}],
    },
}

APPLICATION_SET: dict[str, Any] = {
    "apiVersion": "argoproj.io/v1alpha1",
    "kind": "ApplicationSet",
    "metadata": {"name": "set", "namespace": "argocd"},
    "spec": {
        "goTemplate": True,
        "generators": [{"list": {"elements": [{"name": "a"}]}}],
        "template": {
            "metadata": {"name": "{{.name}}"},
            "spec": copy.deepcopy(APPLICATION["spec"]),
        },
    },
}


def changed(base: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy with the value at a path (``spec.sources.0.path``); ``...`` as the value removes the place."""
    made = copy.deepcopy(base)
    place: Any = made
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    for part in way:
        if isinstance(place, dict):
            place = place.setdefault(part, {})
        else:
            place = place[part]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return made


def documents(values: Iterable[Any], name: str = "case.yaml") -> list[Document]:
    """The values as documents of one file."""
    return load_documents(Source(name, dump_all(values).encode()))


def lint(*values: Any) -> list[Finding]:
    """What is found in the values as documents of one file."""
    return ArgoCdImporter().lint(documents(values))


def codes(*values: Any) -> list[str]:
    """The codes of what is found."""
    return [finding.code for finding in lint(*values)]
