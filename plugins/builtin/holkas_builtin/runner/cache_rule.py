"""Which tasks may be taken from the cache: those whose outcome depends on nothing but what their key is made of."""

from __future__ import annotations

from holkas.model.task import TaskSpec

from holkas_builtin.runner.assignment import TaskAssignment
from holkas_builtin.runner.claims import claim_name
from holkas_builtin.runner.preflight import WITHOUT_IMAGES
from holkas_builtin.runner.run_context import RunContext

_INSIDE = frozenset({"", "emptyDir", "ephemeral"})
"""Empty at the beginning and gone at the end."""

_DOCUMENTS = frozenset({"configMap", "secret", "projected"})
"""Made of documents whose content is in the fingerprint."""


def why_not(assignment: TaskAssignment, spec: TaskSpec, context: RunContext) -> str:
    """Why the task always runs; empty where its outcome may be taken from the cache."""
    if not assignment.cacheable:
        return "it is a finally task, or its annotation holkas.dev/cache says false"
    if spec.sidecars:
        return "it has sidecars"
    if context.executor.name not in WITHOUT_IMAGES:
        images = [
            step.image or (spec.step_template.image if spec.step_template else "") for step in spec.steps
        ]
        if not all("@sha256:" in image for image in images):
            return "an image without a digest may be another one tomorrow"
    for volume in (*spec.volumes, *assignment.run.settings.pod_template.get("volumes", ())):
        kind = getattr(volume, "kind", None)
        if kind is None or kind not in _INSIDE | _DOCUMENTS:
            return "it has a volume from outside of the run"
    for binding in assignment.run.workspaces:
        if binding.kind not in _INSIDE | _DOCUMENTS and not claim_name(binding, assignment.owner):
            return f"its workspace {binding.name} is a directory from outside of the run"
    return ""


def claims_of(assignment: TaskAssignment) -> list[str]:
    """Names of the claims that the task can write to, each once."""
    names = (claim_name(binding, assignment.owner) for binding in assignment.run.workspaces)
    return sorted({name for name in names if name})


def binding_text(assignment: TaskAssignment, spec: TaskSpec) -> str:
    """The workspaces, without names of claims, which may be another one in each run, where the task does not ask."""
    bindings = assignment.run.workspaces
    if ".claim)" in repr(spec):
        return repr(bindings)
    claims = claims_of(assignment)
    return repr(
        [
            (each.name, claims.index(claim), each.sub_path, each.source.get("readOnly"))
            if (claim := claim_name(each, assignment.owner))
            else each
            for each in bindings
        ]
    )


def context_values(assignment: TaskAssignment, spec: TaskSpec, context: RunContext) -> str:
    """Names and ids of the run, where the task asks for them; they differ from run to run."""
    shown = repr((spec, assignment.run.settings.pod_template))
    if "$(context." not in shown and "fieldRef" not in shown and "downwardAPI" not in shown:
        return ""
    return f"{assignment.run.name}/{assignment.run.namespace}/{context.run_id}"
