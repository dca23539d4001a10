"""References to tasks, pipelines and step actions."""

from __future__ import annotations

from holkas.model.reference import Reference

from holkas_compat.tekton.reader.fields import Raw, text
from holkas_compat.tekton.reader.params import read_params


def read_reference(raw: Raw, key: str) -> Reference | None:
    """The reference at ``key``, None where there is none."""
    ref = raw.get(key)
    if ref is None:
        return None
    return Reference(
        name=text(ref, "name"),
        kind=text(ref, "kind"),
        api_version=text(ref, "apiVersion"),
        resolver=text(ref, "resolver"),
        params=read_params(ref),
    )
