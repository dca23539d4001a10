"""The runs that a PipelineRun started, as objects of their own, as a cluster has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas.model.record import PipelineRunRecord, RunRecord, TaskRunRecord

from holkas_compat.tekton.status.manifest import record_status
from holkas_compat.tekton.writer.fields import filled
from holkas_compat.tekton.writer.params import write_params, write_reference
from holkas_compat.tekton.writer.pipeline import write_custom_spec, write_pipeline_spec
from holkas_compat.tekton.writer.task import write_task_spec

_DOMAIN = "tekton.dev"


def children(record: RunRecord, *, namespace: str = "default") -> list[dict[str, Any]]:
    """TaskRun, CustomRun and PipelineRun documents in the order of their start; a child's own children follow it."""
    if not isinstance(record, PipelineRunRecord):
        return []
    finally_tasks = frozenset(() if record.spec is None else (task.name for task in record.spec.finally_))
    documents = []
    for child in record.children:
        member_of = "finally" if child.pipeline_task in finally_tasks else "tasks"
        documents.append(_child(record, child, namespace, member_of))
        documents += children(child, namespace=namespace)
    return documents


def _child(
    parent: PipelineRunRecord, child: TaskRunRecord | PipelineRunRecord, namespace: str, member_of: str
) -> dict[str, Any]:
    from holkas_compat.tekton.defaults import apply_defaults
    from holkas_compat.tekton.schema.ordering import ordered

    kind, version = "PipelineRun", "v1"
    if isinstance(child, TaskRunRecord):
        kind, version = ("CustomRun", "v1beta1") if child.custom_kind else ("TaskRun", "v1")
    labels: Mapping[str, str] = {
        "app.kubernetes.io/managed-by": "tekton-pipelines",
        f"{_DOMAIN}/memberOf": member_of,
        f"{_DOMAIN}/pipelineRun": parent.name,
        f"{_DOMAIN}/pipelineTask": child.pipeline_task,
    }
    owner = {
        "apiVersion": f"{_DOMAIN}/v1",
        "kind": "PipelineRun",
        "name": parent.name,
        "controller": True,
        "blockOwnerDeletion": True,
    }
    document = {
        "apiVersion": f"{_DOMAIN}/{version}",
        "kind": kind,
        "metadata": filled(
            name=child.name,
            namespace="" if namespace == "default" else namespace,
            labels=dict(labels),
            ownerReferences=[owner],
        ),
        "spec": _spec(child),
    }
    return {**ordered(apply_defaults(document)), "status": record_status(child)}


def _spec(child: TaskRunRecord | PipelineRunRecord) -> dict[str, Any]:
    params = filled(params=write_params(child.params))
    if isinstance(child, PipelineRunRecord):
        return params | filled(pipelineSpec=None if child.spec is None else write_pipeline_spec(child.spec))
    if child.custom_spec is not None:
        return params | {"customSpec": write_custom_spec(child.custom_spec)}
    if child.ref is not None and child.custom_kind:
        return params | {"customRef": write_reference(child.ref)}
    if child.ref is not None:
        return params | {"taskRef": write_reference(child.ref)}
    return params | filled(taskSpec=None if child.spec is None else write_task_spec(child.spec))
