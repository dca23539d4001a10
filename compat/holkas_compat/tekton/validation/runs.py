"""What task runs and pipeline runs share.

Source: Tekton's docs/taskruns.md and docs/pipelineruns.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas_compat.manifest.shape import name_of, record, records, text
from holkas_compat.tekton.validation.durations import nanoseconds
from holkas_compat.tekton.validation.gates import require_level
from holkas_compat.tekton.validation.level import Level
from holkas_compat.tekton.validation.scope import Scope
from holkas_compat.tekton.validation.workspaces import check_unique_names


def check_ref_or_spec(spec: Mapping[str, Any], scope: Scope, ref: str, inline: str) -> None:
    """Exactly one of a reference and an inline spec."""
    given = [key for key in (ref, inline) if spec.get(key) is not None]
    if not given:
        scope.report(
            "T104", f"the run has neither {ref} nor {inline}", ref, inline, hint=f"set {ref} with a name"
        )
    elif len(given) == 2:
        scope.report(
            "T103",
            f"the run has {ref} and {inline}; only one is possible",
            ref,
            inline,
            at=(inline,),
            on_key=True,
        )


def check_overrides(spec: Mapping[str, Any], scope: Scope) -> None:
    """Resources for steps and sidecars (``stepSpecs``.

    ``stepOverrides`` in v1beta1) and for the whole pod.
    """
    beta = scope.version == "v1beta1"
    steps, sidecars = ("stepOverrides", "sidecarOverrides") if beta else ("stepSpecs", "sidecarSpecs")
    for key, noun in ((steps, "step"), (sidecars, "sidecar")):
        if spec.get(key) is None:
            continue
        here = scope.at(key)
        require_level(scope, Level.BETA, key, key)
        entries = records(spec[key])
        for index, entry in enumerate(entries):
            if not name_of(entry):
                here.at(index).report("T102", f"entry {index} of {key} names no {noun}", "name")
        check_unique_names([entry for entry in entries if name_of(entry)], here, noun)
    if spec.get("computeResources") is None:
        return
    require_level(scope, Level.BETA, "computeResources", "computeResources")
    resources = "resources" if beta else "computeResources"
    if any(_asks(entry.get(resources)) for entry in records(spec.get(steps))):
        message = f"computeResources is for the whole pod and excludes resources in {steps}"
        scope.report(
            "T103", message, f"{steps}.resources", "computeResources", at=("computeResources",), on_key=True
        )


def check_timeout(value: Any, scope: Scope, *keys: str) -> None:
    """A time-out is not negative; ``keys`` lead to it."""
    timeout = nanoseconds(value)
    if timeout is not None and timeout < 0:
        scope.report(
            "T110", f"the time-out {value} is negative", ".".join(keys), at=keys, hint="0 means none"
        )


def check_started(obj: Mapping[str, Any], scope: Scope, pending: str) -> None:
    """A run that has begun cannot wait for its release any more."""
    if text(record(obj.get("spec")).get("status")) == pending and record(obj.get("status")).get("startTime"):
        message = f"{pending} is possible only before the run has started"
        scope.report("T113", message, "spec.status", at=("spec", "status"))


def _asks(resources: Any) -> bool:
    return any(bool(value) for value in record(resources).values())
