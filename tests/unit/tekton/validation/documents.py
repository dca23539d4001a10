"""Small Tekton documents for tests of validation, and judging them as `holkas lint` does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from holkas_compat.manifest.problem import Problem
from holkas_compat.tekton.decode import decode
from holkas_compat.tekton.defaults import apply_defaults
from holkas_compat.tekton.validation import FeatureFlags, Level, validate

Document = dict[str, Any]
STEP: Document = {"image": "busybox", "script": "true"}
TASK_SPEC: Document = {"steps": [STEP]}
STABLE = FeatureFlags.for_level(Level.STABLE)
BETA = FeatureFlags.for_level(Level.BETA)
ALPHA = FeatureFlags.for_level(Level.ALPHA)


@dataclass(frozen=True)
class Example:
    """A document that breaks a rule, and one that all but breaks it.

    fields: Tekton's spelling of the places. problems of other codes do not matter.
    """

    code: str
    wrong: Document
    near_miss: Document
    fields: tuple[str, ...]
    flags: FeatureFlags = BETA
    near_flags: FeatureFlags | None = None
    within: str = field(default="", compare=False)


def judge(document: Document, flags: FeatureFlags = BETA) -> list[Problem]:
    """Decode, default, validate."""
    decoded = decode(document)
    assert decoded.object is not None
    assert decoded.accepted, decoded.problems
    return validate(apply_defaults(decoded.object), flags=flags)


def document(kind: str, spec: Document, version: str = "v1", name: str = "it", **further: Any) -> Document:
    """An object of Tekton's."""
    return {
        "apiVersion": f"tekton.dev/{version}",
        "kind": kind,
        "metadata": {"name": name},
        "spec": spec,
        **further,
    }


def task(version: str = "v1", **spec: Any) -> Document:
    """A Task, with one step unless steps are given."""
    return document("Task", {**TASK_SPEC, **spec}, version)


def task_with_step(**step: Any) -> Document:
    """A Task with one step that has an image."""
    return task(steps=[{"image": "busybox", **step}])


def pipeline(*tasks: Document, version: str = "v1", **spec: Any) -> Document:
    """A Pipeline of these tasks."""
    return document("Pipeline", {"tasks": list(tasks), **spec}, version)


def named(name: str, **further: Any) -> Document:
    """A task of a pipeline, by reference."""
    return {"name": name, "taskRef": {"name": "t"}, **further}


def param(name: str, value: Any) -> Document:
    """A given param."""
    return {"name": name, "value": value}


def with_param(value: Any, name: str = "p") -> Document:
    """The keys of a pipeline's task that give it one param."""
    return {"params": [param(name, value)]}


def task_run(version: str = "v1", **spec: Any) -> Document:
    """A TaskRun of the task ``t`` unless the spec says otherwise."""
    own = spec if {"taskRef", "taskSpec"} & set(spec) else {"taskRef": {"name": "t"}, **spec}
    return document("TaskRun", own, version)


def pipeline_run(version: str = "v1", **spec: Any) -> Document:
    """A PipelineRun of the pipeline ``p`` unless the spec says otherwise."""
    own = spec if {"pipelineRef", "pipelineSpec"} & set(spec) else {"pipelineRef": {"name": "p"}, **spec}
    return document("PipelineRun", own, version)


def step_action(version: str = "v1beta1", **spec: Any) -> Document:
    """A StepAction."""
    return document("StepAction", {"image": "busybox", **spec}, version)


def custom_run(**spec: Any) -> Document:
    """A CustomRun."""
    ref = {"customRef": {"apiVersion": "a.b/v1", "kind": "K"}}
    return document("CustomRun", {**({} if "customSpec" in spec else ref), **spec}, "v1beta1")


def policy(**spec: Any) -> Document:
    """A VerificationPolicy."""
    key = {"data": "k", "hashAlgorithm": "sha256"}
    own = {"resources": [{"pattern": ".*"}], "authorities": [{"name": "a", "key": key}], **spec}
    return document("VerificationPolicy", own, "v1alpha1")
