"""Sidecars of a task."""

from __future__ import annotations

from typing import Any

from holkas_compat.manifest.shape import name_of, records, text
from holkas_compat.tekton.validation.scope import Scope
from holkas_compat.tekton.validation.steps import check_script

RESERVED = "tekton-log-results"


def check_sidecars(value: Any, scope: Scope) -> None:
    """All sidecars; ``scope`` is that of the task spec. Tekton's fields do not say which sidecar."""
    for index, entry in enumerate(records(value)):
        here = scope.at("sidecars", index, field="sidecars")
        if name_of(entry) == RESERVED:
            message = f"{RESERVED} is the name of Tekton's own sidecar"
            here.report("T215", message, "" if scope.version == "v1beta1" else "name", at=("name",))
        if scope.version == "v1beta1":
            continue
        if not text(entry.get("image")):
            here.report("T202", "the sidecar has no image", "image")
        check_script(entry, here)
