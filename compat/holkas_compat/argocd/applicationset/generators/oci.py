"""``oci``: directories or files of an OCI artifact, as ``git`` has those of a repository.

Source: Argo CD's definition of ApplicationSets (3.6).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas_compat.argocd.applicationset.generators.git import generate_from
from holkas_compat.argocd.applicationset.generators.given import Given
from holkas_compat.argocd.applicationset.substitution import Params


def generate(config: Mapping[str, Any], given: Given) -> list[Params]:
    """One set a directory, or one a mapping in a file."""
    return generate_from(config, given, "oci", old_globbing=False)
