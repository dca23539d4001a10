"""Tasks and step actions."""

from __future__ import annotations

from holkas.model.step import StepAction
from holkas.model.task import Task, TaskSpec, Volume

from holkas_compat.tekton.reader.fields import Raw, items, mapping, rest, text
from holkas_compat.tekton.reader.metadata import read_metadata
from holkas_compat.tekton.reader.params import read_param_spec, read_result_spec
from holkas_compat.tekton.reader.steps import read_sidecar, read_step, read_step_template
from holkas_compat.tekton.reader.workspaces import read_declarations


def read_task(doc: Raw) -> Task:
    """A Task document."""
    return Task(**read_metadata(doc), spec=read_task_spec(mapping(doc, "spec")))


def read_task_spec(raw: Raw) -> TaskSpec:
    """A task's spec, its own or embedded."""
    return TaskSpec(
        steps=items(raw, "steps", read_step),
        params=items(raw, "params", read_param_spec),
        results=items(raw, "results", read_result_spec),
        workspaces=read_declarations(raw),
        volumes=items(raw, "volumes", _volume),
        sidecars=items(raw, "sidecars", read_sidecar),
        step_template=read_step_template(raw.get("stepTemplate")),
        display_name=text(raw, "displayName"),
        description=text(raw, "description"),
    )


def read_step_action(doc: Raw) -> StepAction:
    """A StepAction document."""
    spec = mapping(doc, "spec")
    params = items(spec, "params", read_param_spec)
    description = text(spec, "description")
    step = read_step({key: value for key, value in spec.items() if key not in ("params", "description")})
    return StepAction(**read_metadata(doc), step=step, description=description, params=params)


def _volume(raw: Raw) -> Volume:
    """Kubernetes takes a volume without a source for an emptyDir; it stays without a kind here."""
    kinds = [key for key, value in raw.items() if key != "name" and value is not None]
    kind = kinds[0] if kinds else ""
    return Volume(
        name=text(raw, "name"),
        kind=kind,
        source=dict(raw[kind]) if kind else {},
        extra=rest(raw, ("name", kind)),
    )
