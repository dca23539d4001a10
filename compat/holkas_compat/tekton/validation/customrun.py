"""CustomRuns.

Source: Tekton's docs/customruns.md. Tekton stops at the first of these mistakes; here all are told.
"""

from __future__ import annotations

from typing import Any

from holkas_compat.manifest.shape import record, text
from holkas_compat.tekton.validation.given_params import check_given
from holkas_compat.tekton.validation.names import check_metadata
from holkas_compat.tekton.validation.runs import check_ref_or_spec
from holkas_compat.tekton.validation.scope import Scope
from holkas_compat.tekton.validation.workspaces import check_bindings


def check_custom_run(obj: dict[str, Any], scope: Scope) -> None:
    """A CustomRun."""
    check_metadata(obj, scope)
    spec, here = record(obj.get("spec")), scope.at("spec")
    check_ref_or_spec(spec, here, "customRef", "customSpec")
    for key in ("customRef", "customSpec"):
        if spec.get(key) is None:
            continue
        for field in ("apiVersion", "kind"):
            if not text(record(spec[key]).get(field)):
                here.at(key).report("T102", f"{key} has no {field}", field)
                break
    if not text(spec.get("status")) and text(spec.get("statusMessage")):
        # Tekton's spelling leaves the spec out.
        scope.report(
            "T112",
            "statusMessage without status",
            "statusMessage",
            at=("spec", "statusMessage"),
            on_key=True,
            hint="remove it, or set the status that it explains",
        )
    check_given(spec.get("params"), here.at("params"))
    check_bindings(spec.get("workspaces"), here.at("workspaces"))
