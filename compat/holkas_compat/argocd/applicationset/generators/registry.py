"""The generators by name."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from holkas_compat.argocd.applicationset.generators.given import Generator

_MODULES: Mapping[str, str] = {
    "list": "list_generator",
    "clusters": "clusters",
    "git": "git",
    "scmProvider": "scm_provider",
    "clusterDecisionResource": "cluster_decision",
    "pullRequest": "pull_request",
    "matrix": "matrix",
    "merge": "merge_generator",
    "plugin": "plugin",
    "oci": "oci",
}

GENERATORS = tuple(_MODULES)
"""Their names, in the original's order."""

NESTING = ("matrix", "merge")
"""Those that have generators inside."""


def generator(name: str) -> Generator:
    """One of them."""
    module = import_module(f"holkas_compat.argocd.applicationset.generators.{_MODULES[name]}")
    made: Generator = module.generate
    return made
