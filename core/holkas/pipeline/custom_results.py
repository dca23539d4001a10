"""Results of custom tasks: always text, which other tasks may take as an array."""

from __future__ import annotations

import json
from collections.abc import Mapping

from holkas.model.value import Value


def values_for_others(results: Mapping[str, Value]) -> dict[str, Value]:
    """The results of a CustomRun as references of other tasks find them.

    Text that is a JSON array of at least one string is that array; everything else is the text itself. Source: how
    Tekton resolves references to results of CustomRuns (pkg/reconciler/pipelinerun/resources/resultrefresolution.go).
    """
    return {name: _value(value) for name, value in results.items()}


def _value(value: Value) -> Value:
    if not isinstance(value, str) or not value.lstrip().startswith("["):
        return value
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        return value
    if isinstance(found, list) and found and all(isinstance(item, str) for item in found):
        return tuple(found)
    return value
