"""From plain YAML values to an object of Triggers: every field known and of its type.

Rules: those of :mod:`holkas_compat.tekton.decode`; the admission of Triggers refuses unknown fields, too.
"""

from __future__ import annotations

from typing import Any

from holkas_compat.manifest.problem import Problem
from holkas_compat.tekton.decode import Decoded, decode_as
from holkas_compat.tekton.triggers.codes import UNKNOWN_KIND, UNKNOWN_VERSION
from holkas_compat.tekton.triggers.schema.kinds import KINDS, V1BETA1, versions


def decode_trigger_document(value: dict[str, Any]) -> Decoded:
    """Read one document of the group. Never raises for bad input."""
    kind, version = (
        field if isinstance(field := value.get(key), str) else "" for key in ("kind", "apiVersion")
    )
    schema = KINDS.get((kind, version))
    if schema is None:
        return Decoded(kind, version, None, None, [_unknown(kind, version)])
    made, problems = decode_as(schema, value)
    return Decoded(kind, version, made, schema, problems)


def _unknown(kind: str, version: str) -> Problem:
    from holkas_compat.manifest.suggest import did_you_mean

    known = versions(kind)
    if not known:
        hint = did_you_mean(kind, {name for name, _ in KINDS})
        message = f'Triggers has no kind "{kind}"' if kind else "the document has no kind"
        return Problem(UNKNOWN_KIND, message, ("kind",), ("kind",), hint=hint)
    message = f'{kind} does not exist in apiVersion "{version}"'
    hint = f"write {V1BETA1 if V1BETA1 in known else known[0]}"
    return Problem(UNKNOWN_VERSION, message, ("apiVersion",), ("apiVersion",), hint=hint)
