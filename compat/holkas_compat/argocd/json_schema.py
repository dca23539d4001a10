"""JSON Schemas (draft 2020-12) of Argo CD's kinds, made from the tables, for editors and other tools."""

from __future__ import annotations

from typing import Any

from holkas_compat.argocd.schema.kinds import KINDS, REQUIRED, V1ALPHA1, WORDS
from holkas_compat.manifest.json_schema import object_schema


def schema_for(kind: str, api_version: str = "") -> dict[str, Any]:
    """The JSON Schema of a kind. Raises LookupError with a sentence for what Argo CD does not have."""
    root = KINDS.get(kind)
    if root is None:
        raise LookupError(f'Argo CD has no kind "{kind}"')
    if api_version not in ("", V1ALPHA1):
        raise LookupError(f'{kind} does not exist in "{api_version}", but in {V1ALPHA1}')
    return object_schema(root, kind, V1ALPHA1, words=WORDS, required=REQUIRED, open_metadata=False)
