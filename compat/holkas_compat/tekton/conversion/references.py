"""References: a bundle becomes a reference through the bundles resolver (taskref_conversion.go)."""

from __future__ import annotations

from holkas_compat.tekton.conversion.renaming import Object, renamed


def task_ref_to_v1(ref: Object) -> Object:
    """A reference to a task."""
    return _without_bundle(ref, "Task")


def pipeline_ref_to_v1(ref: Object) -> Object:
    """A reference to a pipeline."""
    return _without_bundle(ref, "Pipeline")


def _without_bundle(ref: Object, kind: str) -> Object:
    if not ref.get("bundle"):
        return renamed(ref, {}, without=("bundle",))
    made = renamed(ref, {}, without=("bundle", "name"))
    wanted = {"bundle": ref["bundle"], "name": ref.get("name", ""), "kind": kind}
    made["resolver"] = "bundles"
    made["params"] = [{"name": name, "value": value} for name, value in wanted.items()]
    return made
