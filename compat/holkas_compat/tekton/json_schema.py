"""JSON Schemas (draft 2020-12) of Tekton's kinds, made from the tables, for editors and other tools."""

from __future__ import annotations

from typing import Any

from holkas_compat.manifest.json_schema import object_schema
from holkas_compat.manifest.types import Struct
from holkas_compat.tekton.schema.kinds import KINDS
from holkas_compat.tekton.triggers.schema.kinds import KINDS as TRIGGER_KINDS

_TYPES = ["string", "array", "object"]

_WORDS: dict[tuple[str, str], list[str]] = {
    ("v1.ParamSpec", "type"): _TYPES,
    ("v1.TaskResult", "type"): _TYPES,
    ("v1.StepResult", "type"): _TYPES,
    ("v1.PipelineResult", "type"): _TYPES,
    ("v1.PropertySpec", "type"): ["string"],
    ("v1.WhenExpression", "operator"): ["in", "notin"],
    ("v1.PipelineTask", "onError"): ["continue", "stopAndFail"],
    ("v1beta1.PipelineTask", "onError"): ["continue", "stopAndFail"],
    ("v1alpha1.VerificationPolicySpec", "mode"): ["warn", "enforce"],
}


def kinds() -> dict[str, tuple[str, ...]]:
    """All kinds of Tekton and of its Triggers, with their versions, the newest first."""
    found: dict[str, tuple[str, ...]] = {}
    for kind, version in _tables():
        found[kind] = (*found.get(kind, ()), version)
    return found


def schema_for(kind: str, api_version: str = "") -> dict[str, Any]:
    """The JSON Schema of a kind (``Task``) in a version (``tekton.dev/v1``), the newest if none is given.

    Raises LookupError with a sentence for a kind or version that Tekton does not have.
    """
    known = kinds().get(kind, ())
    if not known:
        raise LookupError(f'Tekton has no kind "{kind}"')
    api_version = api_version or known[0]
    root = _tables().get((kind, api_version))
    if root is None:
        raise LookupError(f'{kind} does not exist in "{api_version}", but in {", ".join(known)}')
    # Admission leaves the metadata to Kubernetes, which may know more fields than the table.
    return object_schema(root, kind, api_version, words=_WORDS)


def _tables() -> dict[tuple[str, str], Struct]:
    return KINDS | TRIGGER_KINDS
