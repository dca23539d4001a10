"""Any Tekton object in the newest version that its kind has."""

from __future__ import annotations

from collections.abc import Callable

from holkas_compat.tekton.conversion.errors import ConversionError
from holkas_compat.tekton.conversion.pipeline import pipeline_to_v1
from holkas_compat.tekton.conversion.renaming import Object
from holkas_compat.tekton.conversion.runs import pipeline_run_to_v1, task_run_to_v1
from holkas_compat.tekton.conversion.status import pipeline_run_status_to_v1, task_run_status_to_v1
from holkas_compat.tekton.conversion.task import task_to_v1
from holkas_compat.tekton.schema.kinds import V1, table, versions

_SPECS: dict[str, Callable[[Object, Object], Object]] = {
    "Task": task_to_v1,
    "Pipeline": pipeline_to_v1,
    "TaskRun": task_run_to_v1,
    "PipelineRun": pipeline_run_to_v1,
}

_STATUSES: dict[str, Callable[[Object, Object], Object]] = {
    "TaskRun": task_run_status_to_v1,
    "PipelineRun": pipeline_run_status_to_v1,
}


def to_v1(obj: Object) -> Object:
    """A decoded object as Tekton's ConvertTo makes it; the given object is not changed.

    Kinds without a v1 (StepAction, CustomRun, VerificationPolicy) come in their newest version, where only the
    apiVersion differs. Fields that v1 lacks are kept in annotations. Raises ConversionError for what Tekton does not
    have, and for an annotation of such fields that is damaged.
    """
    kind, api_version = obj.get("kind", ""), obj.get("apiVersion", "")
    if table(kind, api_version) is None:
        raise ConversionError(f'Tekton has no {kind or "object"} in apiVersion "{api_version}"')
    newest = versions(kind)[0]
    if api_version == newest:
        return obj
    if newest != V1:
        return {**obj, "apiVersion": newest}
    metadata = dict(obj.get("metadata") or {})
    made: Object = {"apiVersion": V1, "kind": kind, "metadata": metadata}
    status = _STATUSES.get(kind)
    converted = status(obj["status"], metadata) if status and obj.get("status") else None
    made["spec"] = _SPECS[kind](obj, metadata)
    if converted is not None:
        made["status"] = converted
    return made
