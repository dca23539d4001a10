"""What runs reported, from v1beta1 to v1 (taskrun_conversion.go, pipelinerun_conversion.go)."""

from __future__ import annotations

from holkas_compat.manifest.types import Struct
from holkas_compat.tekton.conversion.annotations import (
    CLOUD_EVENTS,
    RESOURCES_RESULT,
    RESOURCES_STATUS,
    RUNS,
    TASK_RUNS,
    annotate,
)
from holkas_compat.tekton.conversion.pipeline import pipeline_spec_to_v1
from holkas_compat.tekton.conversion.renaming import Object, renamed, replace, replace_items
from holkas_compat.tekton.conversion.task import task_spec_to_v1
from holkas_compat.tekton.schema.encode import encode_value
from holkas_compat.tekton.schema.status import PIPELINE_RUN_STATUS_V1BETA1, TASK_RUN_STATUS_V1BETA1

_TASK_RUN_ONLY = {
    "cloudEvents": CLOUD_EVENTS,
    "resourcesResult": RESOURCES_RESULT,
}
_PIPELINE_RUN_ONLY = {"taskRuns": TASK_RUNS, "runs": RUNS}


def task_run_status_to_v1(status: Object, metadata: Object) -> Object:
    """A TaskRun's status; what v1 cannot say goes into ``metadata``'s annotations."""
    _keep(status, metadata, TASK_RUN_STATUS_V1BETA1, _TASK_RUN_ONLY)
    resources = (status.get("taskSpec") or {}).get("resources")
    if resources is not None:
        table = TASK_RUN_STATUS_V1BETA1.fields["taskSpec"].type
        assert isinstance(table, Struct)
        kept = encode_value(table.fields["resources"].type, resources)
        annotate(metadata, RESOURCES_STATUS, kept)
    return _task_run_status(status, metadata)


def _task_run_status(status: Object, metadata: Object) -> Object:
    made = renamed(status, {"taskResults": "results"}, without=_TASK_RUN_ONLY)
    replace_items(made, "steps", _step_state)
    replace_items(made, "retriesStatus", lambda old: _task_run_status(old, metadata))
    replace(made, "taskSpec", lambda spec: task_spec_to_v1(spec, metadata, metadata.get("name", "")))
    replace(made, "provenance", _provenance)
    return made


def pipeline_run_status_to_v1(status: Object, metadata: Object) -> Object:
    """A PipelineRun's status; without references to its children they are made of the old maps."""
    _keep(status, metadata, PIPELINE_RUN_STATUS_V1BETA1, _PIPELINE_RUN_ONLY)
    made = renamed(status, {"pipelineResults": "results"}, without=_PIPELINE_RUN_ONLY)
    replace(made, "pipelineSpec", lambda spec: pipeline_spec_to_v1(spec, metadata))
    replace(made, "provenance", _provenance)
    if not made.get("childReferences"):
        children = [
            *_children(status.get("taskRuns") or {}, "tekton.dev/v1beta1", "TaskRun"),
            *_children(status.get("runs") or {}, "tekton.dev/v1alpha1", "Run"),
        ]
        if children:
            made["childReferences"] = children
    return made


def _keep(status: Object, metadata: Object, table: Struct, fields: dict[str, str]) -> None:
    for name, key in fields.items():
        if status.get(name):
            annotate(metadata, key, encode_value(table.fields[name].type, status[name]))


def _children(old: Object, api_version: str, kind: str) -> list[Object]:
    made = []
    for name in sorted(old):
        child: Object = {"apiVersion": api_version, "kind": kind, "name": name}
        child.update(renamed(old[name], {}, without=("status",)))
        made.append(child)
    return made


def _step_state(state: Object) -> Object:
    made = dict(state)
    replace(made, "provenance", _provenance)
    reason = (state.get("terminated") or {}).get("reason")
    if reason:
        made["terminationReason"] = reason
    return made


def _provenance(provenance: Object) -> Object:
    return renamed(provenance, {}, without=("configSource",))
