"""What v1 has no field for is kept in annotations, so that nothing is lost (pkg/apis/version, conversion.go)."""

from __future__ import annotations

import json
from typing import Any

from holkas.go_json import json_text

from holkas_compat.tekton.conversion.errors import ConversionError
from holkas_compat.tekton.conversion.renaming import Object

RESOURCES = "tekton.dev/v1beta1Resources"
RESOURCES_STATUS = "tekton.dev/v1beta1ResourcesStatus"
RESOURCES_RESULT = "tekton.dev/v1beta1ResourcesResult"
CLOUD_EVENTS = "tekton.dev/v1beta1CloudEvents"
TASK_RUNS = "tekton.dev/v1beta1TaskRuns"
RUNS = "tekton.dev/v1beta1Runs"
TASK_DEPRECATIONS = "tekton.dev/v1beta1.task-deprecations"


def annotate(metadata: Object, key: str, value: Any) -> None:
    """Put ``value``, whose structs are already in Go's order, under ``key`` of the metadata's annotations."""
    annotations = dict(metadata.get("annotations") or {})
    annotations[key] = json_text(value, sort_keys=False)
    metadata["annotations"] = annotations


def add_task_deprecation(metadata: Object, task: str, deprecation: Object) -> None:
    """Add what one task had to the annotation that all tasks of an object share.

    Raises ConversionError where the annotation is there already and is no JSON mapping.
    """
    known: Object = {}
    text = (metadata.get("annotations") or {}).get(TASK_DEPRECATIONS)
    if text is not None:
        try:
            known = json.loads(text)
        except ValueError as error:
            raise ConversionError(f"the annotation {TASK_DEPRECATIONS} is no JSON: {error}") from None
        if not isinstance(known, dict):
            raise ConversionError(f"the annotation {TASK_DEPRECATIONS} is no JSON mapping")
    known[task] = deprecation
    annotate(metadata, TASK_DEPRECATIONS, {name: known[name] for name in sorted(known)})
